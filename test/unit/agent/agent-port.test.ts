import { expect, test } from "vitest";
import { type AgentParts, createAgentPort } from "../../../src/cli/agent/agent-port.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { fakeMachine } from "../../support/fake-machine.ts";
import { factsOf } from "../../support/machine-facts.ts";

async function portIn(stateDir: string, machine: AgentParts["machine"] = fakeMachine({ exists: "absent" })) {
  const context = fakeContext({ uid: 1000 });
  const { startPiped: _, ...tools } = await context.linkTools();
  const { files, processes, clock } = context;
  const made: string[] = [];
  const said: string[] = [];
  const listen: typeof tools.listen = async (path) => {
    made.push(path);
    return { path, close: async () => {} };
  };
  const port = createAgentPort({
    context,
    adapters: { ...tools, listen, files, processes, clock },
    paths: { stateDir, sockDir: `${stateDir}/sock`, instanceDir: "/l/ascalon" },
    machine,
    readSettings: async () => ({ sockets: { docker: "off", sshAgent: "off", extra: [] } }),
    pendingPlan: async () => undefined,
    askGeneration: async () => "none",
    startVm: undefined,
    log: (line) => said.push(line),
  });
  return { port, made, said };
}

test("a bridge whose path would be too long is told as that, and not as one that may not be used", async () => {
  const long = await portIn(`/home/mia/${"x".repeat(100)}`);
  await expect(long.port.keepBridge()).rejects.toThrow(
    /is \d+ bytes too long for a socket; a shorter XDG_STATE_HOME helps$/,
  );
  expect(long.made).toEqual([]);
  const short = await portIn("/home/mia/.local/state/ascalon");
  expect(await short.port.keepBridge()).toBe(true);
  expect(short.made).toEqual(["/home/mia/.local/state/ascalon/sock/bridge.sock"]);
});

test("a guest that stands still is let go on at each look, and that is said once until it answers", async () => {
  const looks = ["full", "held", "held", "answers", "held"];
  let resumed = 0;
  const { port, said } = await portIn("/s", {
    observe: async () => {
      const look = looks.shift();
      if (look === "answers") return factsOf("ours", "running");
      return factsOf("ours", "running", {
        sshState: "silent",
        halted: { freeBytes: look === "full" ? 0 : 2 ** 30 },
      });
    },
    resume: async ({ freeBytes }, progress) => {
      if (freeBytes === 0) throw new Error("no room");
      resumed += 1;
      progress("it goes on");
    },
  });
  const reasons: (string | undefined)[] = [];
  while (looks.length > 0) reasons.push((await port.observeVm()).reason);
  expect(reasons[0]).toBe("QEMU paused it at a failed write to its disk; 0 MiB are free there");
  expect([resumed, said]).toEqual([3, ["it goes on", "it goes on"]]);
});
