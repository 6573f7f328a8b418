import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/cli/adapters/clock.ts";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { listenAt } from "../../src/cli/adapters/listen.ts";
import { startLong, startPiped, systemProcesses } from "../../src/cli/adapters/process.ts";
import { systemSocketFiles } from "../../src/cli/adapters/socket-files.ts";
import { createAgentPort } from "../../src/cli/agent/agent-port.ts";
import { run } from "../../src/cli/app.ts";
import { createBridgeServer } from "../../src/cli/bridge/server.ts";
import { prove } from "../../src/cli/links/probes/prove.ts";
import { loadSettings } from "../../src/cli/settings/load.ts";
import { askStatus } from "../support/ask-bridge.ts";
import { realContext } from "../support/real-context.ts";
import { type BridgeBed, ended, openBridgeBed, until } from "./bridge-bed.ts";

let bed: BridgeBed;

beforeAll(async () => {
  bed = await openBridgeBed();
});
afterAll(() => bed.close());

const double = new URL("../doubles/op-double.cjs", import.meta.url).pathname;

/** More than a listener has room for. */
const crowdScript = `for (let at = 0; at < 1000; at += 1)
  require("node:net").connect(process.argv[1]).on("error", () => {});
setTimeout(() => {}, 60000);`;

test("the agent serves the bridge, keeps it, proves it, and follows the settings file", async () => {
  const { context, out } = realContext({ home: bed.root, uid: process.getuid?.() ?? -1 });
  const config = `${bed.root}/.config/ascalon/ascalon.yaml`;
  const rule = `  rules: [ { command: op, program: ${double} } ]\n`;
  await systemFiles.writeAtomic(config, `bridge:\n  allow: [ open ]\n${rule}`);
  const readSettings = async () => (await loadSettings(context)).settings;
  const server = createBridgeServer({
    context,
    startPiped,
    readSettings,
    log: { write: () => {}, settled: async () => {} },
  });
  const adapters = {
    converse,
    startLong,
    files: systemFiles,
    socketFiles: systemSocketFiles,
    processes: systemProcesses,
    clock: systemClock,
    listen: listenAt,
  };
  const stateDir = `${bed.root}/.local/state/ascalon`;
  const sockDir = `${stateDir}/sock`;
  const port = createAgentPort({
    context,
    adapters,
    paths: { stateDir, sockDir, instanceDir: `${bed.root}/none` },
    machine: { observe: async () => Promise.reject(new Error("no machine")), resume: async () => {} },
    readSettings,
    pendingPlan: async () => undefined,
    askGeneration: async () => "none",
    startVm: undefined,
    bridge: server,
    log: () => {},
  });
  await port.keepBridge();
  const socket = `${sockDir}/bridge.sock`;
  expect((await systemFiles.info(socket))?.mode).toBe(0o600);
  expect(await prove(converse, "bridge", socket)).toMatchObject({ kind: "up", facts: { version: 1 } });

  const read = () => bed.guest(["op", "read", "op://v/i/f"], { env: { ASCALON_BRIDGE_SOCKET: socket } });
  expect((await read()).err).toContain("bridge.allow does not list op");
  expect(await run(["bridge", "allow", "op"], context)).toBe(0);
  expect((await read()).out.toString()).toBe("secret-of-v/i/f\n");
  expect(await run(["bridge", "deny", "op"], context)).toBe(0);
  expect((await read()).code).toBe(125);

  // Settings that cannot be read leave the last ones in force.
  await systemFiles.writeAtomic(config, "bridge: { allow: [sh] }\n");
  expect((await read()).err).toContain("bridge.allow does not list op");
  await systemFiles.writeAtomic(config, `bridge:\n  allow: [ op ]\n${rule}`);

  // Full is not gone: what stands there is not cut to make room, but for the one whose place the proof takes.
  const holding = Array.from({ length: 330 }, () => connect(socket).on("error", () => {}));
  await until(() => holding.filter((one) => one.destroyed).length >= 10);
  expect((await prove(converse, "bridge", socket)).kind).toBe("up");
  expect(await port.keepBridge()).toBe(false);
  expect(holding.filter((one) => !one.destroyed).length).toBeGreaterThan(300);
  for (const one of holding) one.destroy();

  // Neither is a queue of those that were not accepted yet, behind a process that did not run for a while.
  const call = bed.start(["op", "document", "create", "-"], { env: { ASCALON_BRIDGE_SOCKET: socket } });
  const callEnded = ended(call);
  await until(async () => (await askStatus(socket)).running === 1);
  const crowd = spawn(process.execPath, ["-e", crowdScript, socket], { stdio: "ignore" });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  expect(await port.keepBridge()).toBe(false);
  crowd.kill("SIGKILL");
  call.stdin?.end("whole");
  expect((await callEnded).code).toBe(0);

  rmSync(socket);
  await port.keepBridge();
  expect(await run(["bridge", "status"], context)).toBe(0);
  expect(out()).toMatch(/bridge {3}works[\s\S]*calls {4}2, 0 now running, \d+ refused, 0 malformed/);
});

test("a call that needs a yes gets it from the person, or does not run", async () => {
  const asked = `${bed.root}/asked`;
  const say = async (answer: string): Promise<void> => {
    const script = `#!/bin/sh\nprintf '%s\\n' "$@" > ${asked}\necho ${answer}\n`;
    await systemFiles.writeAtomic(`${bed.root}/.nix-profile/bin/notify-send`, script, 0o755);
  };
  const before = bed.settings;
  const rules = before.bridge.rules.map((rule) => ({ ...rule, confirm: rule.command === "op" }));
  bed.settings = { ...before, bridge: { ...before.bridge, rules } };
  const read = () => bed.guest(["op", "read", "op://v/i/hush"]);
  expect(await read()).toMatchObject({ code: 125, err: expect.stringContaining("it was not confirmed") });
  await say("allow");
  expect((await read()).code).toBe(0);
  expect(await systemFiles.readText(asked)).toContain("A program in the VM wants to run: op read\n");
  expect(await systemFiles.readText(asked)).not.toContain("hush");
  await say("refuse");
  expect((await read()).code).toBe(125);
});
