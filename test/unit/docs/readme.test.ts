import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { stepWords } from "../../../src/cli/lifecycle/steps.ts";
import { renderStatus } from "../../../src/cli/present/status.ts";
import { statusDocument } from "../../../src/cli/present/status-document.ts";
import { build, version } from "../../../src/cli/version.ts";
import type { LinkStatus } from "../../../src/shared/status.ts";
import { factsOf, settingsOf } from "../../support/machine-facts.ts";

/** What the README shows of the program is what the program prints. */
const readme = readFileSync(fileURLToPath(new URL("../../../README.md", import.meta.url)), "utf8");

const gib = 1024 ** 3;
const home = "/Users/mia";
const now = Date.UTC(2026, 6, 2, 9, 30) / 1000;
const link = (name: string, rttMs: number, chosen?: string, target?: string): LinkStatus => ({
  name,
  state: "up",
  since: now - 2 * 3600,
  rttMs,
  chosen,
  target,
});

it("shows a status as it is printed", () => {
  const facts = factsOf("ours", "running", {
    hostAgent: { pid: 7476, state: "alive" },
    driver: { pid: 7476, state: "alive" },
    ssh: { state: "up", port: 60022, answerMs: 6.1 },
    guestAgent: undefined,
    startedAt: (now - 26 * 3600) * 1000,
    rootDisk: { sizeBytes: 50 * gib, allocatedBytes: 9.5 * gib },
    homeDisk: { sizeBytes: 50 * gib, allocatedBytes: 1.25 * gib },
  });
  const path = `${home}/.config/ascalon/ascalon.yaml`;
  const settings = settingsOf();
  const loaded = { path, origin: "file", text: "", settings, notes: [] } as const;
  const status = {
    schema: 1,
    writtenAt: now,
    nextWriteBy: now + 60,
    ascalon: version,
    build,
    vm: { state: "running", since: now - 26 * 3600 },
    links: [
      link("mux", 1.2),
      link("docker", 2.4, "Colima's socket", `${home}/.colima/default/docker.sock`),
      link("ssh-agent", 3.1, "1Password's agent (~/.1password)", `${home}/.1password/agent.sock`),
      link("bridge", 0.9),
    ],
    mux: { socketPath: "/x", codec: 45, version: "20250604" },
    gui: [],
    codec: { verdict: "equal" },
    generation: 7,
    attention: [],
  } as const;
  const document = statusDocument(
    facts,
    loaded,
    { changes: [], behind: [] },
    { state: "fresh", status },
    now * 1000,
  );
  expect(readme).toContain(renderStatus(document, { colors: false, home, now }));
});

it("shows steps by the words they have when they are done", () => {
  const done = [...readme.matchAll(/^ok (.*) \([\d.]+ s\)$/gm)].map((line) => line[1]);
  const keepsAgent = readFileSync(
    fileURLToPath(new URL("../../../src/cli/commands/keep-agent.ts", import.meta.url)),
    "utf8",
  );
  expect(keepsAgent).toContain(/^Installed the agent.*$/m.exec(readme)?.[0]);
  expect(done).toEqual((["create-home-disk", "create", "start"] as const).map((kind) => stepWords[kind][1]));
});

it("tells how ascalon gets onto PATH, after the two commands and what they show", () => {
  const told = JSON.parse(
    readFileSync(fileURLToPath(new URL("../../../package.json", import.meta.url)), "utf8"),
  );
  expect(readme.indexOf("npm ci && npm run build && npm link")).toBeGreaterThan(
    readme.indexOf("$ ascalon up"),
  );
  expect(told.bin).toEqual({ ascalon: "dist/ascalon.mjs" });
  const scripts = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name = ""]) => name);
  expect(scripts.filter((name) => !(name in told.scripts))).toEqual([]);
});

it("has nothing in what is to be pasted that a Mac's zsh takes for words: it knows no comments there", () => {
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  expect(blocks.length).toBeGreaterThan(1);
  expect(blocks.filter((text) => text.includes("#"))).toEqual([]);
});
