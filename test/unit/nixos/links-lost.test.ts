import { describe, expect, it } from "vitest";
import type { Conversation, Converse } from "../../../src/cli/adapters/converse.ts";
import { linksOf } from "../../../src/cli/links/table.ts";
import { linksLost, whyLost } from "../../../src/cli/nixos/links-lost.ts";
import type { SystemWork } from "../../../src/cli/nixos/system-work.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { fakeMachine } from "../../support/fake-machine.ts";
import { settingsOf } from "../../support/machine-facts.ts";

type End = "up" | Conversation<never>["kind"];

const state = "/home/mia/.local/state/ascalon";
const settings = settingsOf(
  "sockets: { extra: [{ name: pg, host: /run/pg, guest: /run/ascalon/pg, direction: host-to-guest }, { name: app, host: /run/app, guest: /run/ascalon/app, direction: guest-to-host }] }",
);
const found = (path: string) => ({ path, why: "" });
const { links } = linksOf({
  settings,
  sockDir: `${state}/sock`,
  platform: "linux",
  guestUid: 1000,
  docker: found("/run/docker"),
  sshAgent: found("/run/agent"),
});

/** Ends of conversations by what the path ends in; all others answer. */
function talker(ends: Readonly<Record<string, End>>): Converse {
  return (async ({ to }: { readonly to: string }) => {
    const end = Object.entries(ends).find(([path]) => to.endsWith(path))?.[1] ?? "up";
    if (end === "up") return { kind: "answer", value: { kind: "facts", facts: {} }, rttMs: 1 };
    return end === "refused" ? { kind: end, code: "ECONNREFUSED" } : { kind: end };
  }) as Converse;
}

const linkNamed = (name: string) => {
  const link = links.find((one) => one.name === name);
  if (!link) throw new Error(`no link ${name}`);
  return link;
};

describe("whose fault it is that a link is lost", () => {
  it.each<readonly [string, Readonly<Record<string, End>>, string | undefined]>([
    ["mux", {}, undefined],
    ["mux", { "mux.sock": "closed" }, "the mux server in the VM does not listen"],
    ["mux", { "mux.sock": "silent" }, "nothing comes through the connection while the VM answers"],
    ["mux", { "mux.sock": "absent" }, `${state}/sock/mux.sock is gone`],
    ["docker", { "probe-docker.sock": "closed" }, "/run/ascalon/docker.sock in the VM leads nowhere"],
    ["docker", { "probe-docker.sock": "absent" }, `${state}/sock/probe-docker.sock is gone`],
    ["docker", { "probe-docker.sock": "closed", "/run/docker": "refused" }, undefined],
    ["docker", { "probe-docker.sock": "silent", "/run/docker": "silent" }, undefined],
    [
      "ssh-agent",
      { "probe-ssh-agent.sock": "closed" },
      "/run/ascalon/ssh-agent.sock in the VM leads nowhere",
    ],
    ["ssh-agent", { "probe-ssh-agent.sock": "closed", "/run/agent": "absent" }, undefined],
    ["bridge", { "probe-bridge.sock": "closed" }, "/run/ascalon/bridge.sock in the VM leads nowhere"],
    ["bridge", { "probe-bridge.sock": "closed", "sock/bridge.sock": "refused" }, undefined],
    ["pg", { "probe-pg.sock": "closed" }, "/run/ascalon/pg in the VM leads nowhere"],
    ["app", { "/run/app": "closed" }, "its target does not listen"],
  ])("%s, %j: %s", async (name, ends, reason) => {
    expect(await whyLost(talker(ends), linkNamed(name))).toBe(
      reason === undefined ? undefined : `the link ${name} was up and no longer is: ${reason}`,
    );
  });
});

describe("links that are looked at after a switch", () => {
  const lost = async (up: readonly string[] | undefined, { boot = false, agent = true } = {}) => {
    const context = fakeContext();
    const now = Math.floor(context.clock.now() / 1000);
    const status = {
      schema: 1,
      writtenAt: now,
      nextWriteBy: agent ? now + 10 : now - 1,
      ascalon: "0.1.0",
      vm: { state: "running", since: now },
      links: [{ name: "docker", state: "broken", since: now, target: "/run/docker" }],
      mux: { socketPath: "" },
      gui: [],
      codec: { verdict: "unknown" },
      attention: [],
    };
    context.files.put(`${state}/status.json`, JSON.stringify(status));
    const tools = await context.linkTools();
    const converse = talker({ "mux.sock": "closed", "probe-docker.sock": "closed", "/run/app": "closed" });
    const work: SystemWork = {
      context: { ...context, linkTools: async () => ({ ...tools, converse }) },
      machine: fakeMachine(),
      settings,
      wish: { host: "ascalon", boot, rollback: true, confirmSeconds: 90 },
      start: { timeoutMs: 0, wait: true, signal: context.signal },
      note: () => {},
      found: { linksUp: up },
    };
    return (await linksLost(work)).map((sentence) => /the link (\S+)/.exec(sentence)?.[1]);
  };

  it("are those that were up", async () => {
    expect(await lost(["mux", "docker", "app"])).toEqual(["mux", "docker", "app"]);
    expect(await lost(["docker", "pg"])).toEqual(["docker"]);
    expect(await lost([])).toEqual([]);
    expect(await lost(undefined)).toEqual([]);
  });

  it("are not those that a restart cannot bring back", async () => {
    expect(await lost(["mux", "app"], { boot: true })).toEqual(["mux"]);
  });

  it("are none when nobody holds them any more", async () => {
    expect(await lost(["mux"], { agent: false })).toEqual([]);
  });
});
