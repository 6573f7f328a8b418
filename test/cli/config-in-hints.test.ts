import { expect, it } from "vitest";
import { commandTable } from "../../src/cli/commands/table.ts";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import type { StatusFile } from "../../src/shared/status.ts";
import type { FakeOptions } from "../support/fake-context.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const file = "/home/mia/w.yaml";
const state = "/home/mia/.local/state/ascalon";

const machine = (process: "running" | "stopped") =>
  fakeMachine({ exists: "ours", process, applied: settingsOf(), homeBytes: 50 * 1024 ** 3 });
/** The file that --config names, and the one that it is without. */
const context = (process: "running" | "stopped" = "running", text = "vm: { cpus: 3 }\n") =>
  hostContext({
    machine: machine(process),
    files: { [file]: text, "/home/mia/.config/ascalon/ascalon.yaml": text },
  });

/** Every command of ascalon that is told to run without the file. */
const told = (text: string) =>
  text.match(new RegExp(`\\bascalon (?:${commandTable.map(({ name }) => name).join("|")})\\b`, "g")) ?? [];

it.each([
  ["status"],
  ["plan"],
  ["up"],
  ["up", "--dry-run"],
  ["doctor"],
  ["init"],
  ["heal"],
  ["config", "set", "system.flake", "/home/mia/guest"],
  ["agent", "status"],
  ["bridge", "status"],
])("with --config, what %j tells to run is about the same file", async (...argv) => {
  const { out, err } = await runApp(["--config", file, ...argv], context());
  expect(out + err).toContain(`ascalon --config ${file} `);
  expect(told(out + err)).toEqual([]);
  const without = await runApp(argv, context());
  expect(told(without.out + without.err)).not.toEqual([]);
  expect(without.out + without.err).not.toContain("--config");
});

it("the advice for a VM that is stopped carries it", async () => {
  const { out } = await runApp(["--config", file, "status"], context("stopped"));
  expect(out).toContain(`Start it with: ascalon --config ${file} up\n`);
});

it("and the last words of up", async () => {
  const { err } = await runApp(["--config", file, "up"], context("stopped", ""));
  expect(err).toContain(`Next: ascalon --config ${file} shell`);
});

it("and of up --attach where nothing can be attached", async () => {
  const { err } = await runApp(["--config", file, "up", "--attach"], context("running", ""));
  expect(err).toContain(`nothing was attached. Next: ascalon --config ${file} attach\n`);
});

it("and of config set, once the agent is wanted", async () => {
  const argv = ["--config", file, "config", "set", "agent.enabled", "true"];
  const { err } = await runApp(argv, context("running", "agent: { enabled: false }\n"));
  expect(err).toContain(`Next: ascalon --config ${file} up    (it installs the agent)\n`);
});

it("and of logs that have no line", async () => {
  const guest: GuestPort = {
    run: async () => ({ kind: "ended", code: 0, stdout: "", stderr: "" }),
    follow: async () => {},
  };
  const here = hostContext({ machine: machine("running"), guest, configFlag: file });
  const { err } = await runApp(["logs", "sshdd"], here);
  expect(err).toContain(`All units: ascalon --config ${file} shell -- systemctl list-units\n`);
});

it("and what is noted in the middle of the work", async () => {
  const noting = machine("running");
  noting.stopTells = "It was ended: ascalon logs";
  const { err } = await runApp(["stop"], hostContext({ machine: noting, configFlag: file }));
  expect(err).toContain(`It was ended: ascalon --config ${file} logs\n`);
});

it("and the agent's, once it is installed", async () => {
  const here = hostContext({ files: { [file]: "" }, programs: () => ({}) });
  here.files.put("/run/user/1000/systemd/private", "", { kind: "socket" });
  const { code, err } = await runApp(["--config", file, "agent", "install"], here);
  expect([code, err]).toEqual([0, expect.stringContaining(`Next: ascalon --config ${file} status\n`)]);
});

it("and that of links which are not healed in time", async () => {
  const here = context();
  agentSays(here, { links: [{ name: "mux", state: "broken", since: 1 }] });
  const { sleep } = here.clock;
  here.clock.sleep = async (ms, signal) => {
    await here.files.remove(`${state}/heal`);
    await sleep(ms, signal);
  };
  const { err } = await runApp(["--config", file, "heal"], here);
  expect(err).toContain(
    `Not everything is healed yet; the agent keeps trying. Next: ascalon --config ${file} doctor\n`,
  );
});

const onDesktop = { DISPLAY: ":0", PATH: "/usr/bin" };
const inPane = { ...onDesktop, TERM_PROGRAM: "WezTerm", WEZTERM_PANE: "3" };

/** An attach to a VM whose link is not made by anybody. */
async function attach(options: FakeOptions) {
  const here = hostContext({ machine: machine("running"), files: { [file]: "" }, ...options });
  here.files.put("/usr/bin/wezterm", "", { mode: 0o755 });
  agentSays(here, { vm: { state: "stopped", since: 1 }, links: [] });
  return (await runApp(["--config", file, "attach"], here)).err;
}

it("and those of attach", async () => {
  expect(await attach({ env: inPane, isTTY: true })).toContain(
    `does not load the plugin: run ascalon --config ${file} wezterm install\n`,
  );
  expect(await attach({ env: onDesktop })).toContain(
    `The VM is running; ascalon --config ${file} agent install makes its links.\n`,
  );
});

function agentSays(here: ReturnType<typeof context>, changes: Partial<StatusFile>): void {
  const now = Math.floor(here.clock.now() / 1000);
  const status: StatusFile = {
    schema: 1,
    writtenAt: now,
    nextWriteBy: now + 100,
    ascalon: "1",
    vm: { state: "running", since: 1 },
    links: [],
    mux: { socketPath: `${state}/sock/mux.sock` },
    gui: [],
    codec: { verdict: "unknown" },
    attention: [],
    ...changes,
  };
  here.files.put(`${state}/status.json`, JSON.stringify(status));
}
