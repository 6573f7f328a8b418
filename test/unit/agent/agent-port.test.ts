import { expect, test } from "vitest";
import { createAgentPort } from "../../../src/cli/agent/agent-port.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { fakeMachine } from "../../support/fake-machine.ts";

async function portIn(stateDir: string) {
  const context = fakeContext({ uid: 1000 });
  const { startPiped: _, ...tools } = await context.linkTools();
  const { files, processes, clock } = context;
  const made: string[] = [];
  const listen: typeof tools.listen = async (path) => {
    made.push(path);
    return { path, close: async () => {} };
  };
  const port = createAgentPort({
    context,
    adapters: { ...tools, listen, files, processes, clock },
    paths: { stateDir, sockDir: `${stateDir}/sock`, instanceDir: "/l/ascalon" },
    machine: fakeMachine({ exists: "absent" }),
    readSettings: async () => ({ sockets: { docker: "off", sshAgent: "off", extra: [] } }),
    pendingPlan: async () => undefined,
    askGeneration: async () => "none",
    startVm: undefined,
    log: () => {},
  });
  return { port, made };
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
