import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exchange } from "../../src/cli/adapters/sockets.ts";
import { statusNow } from "../../src/cli/commands/attach-status.ts";
import type { Machine } from "../../src/cli/machine/machine.ts";
import { type MuxDouble, startMuxDouble } from "../doubles/mux-double.ts";
import { fakeContext } from "../support/fake-context.ts";

let home: string;
let double: MuxDouble | undefined;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ascalon-attach-"));
  await mkdir(join(home, ".local/state/ascalon/sock"), { recursive: true });
});
afterEach(async () => {
  await double?.close();
  double = undefined;
  await rm(home, { recursive: true, force: true });
});

/** Of the machine only what decides; the real socket of a mux server beside it. */
const world = () =>
  fakeContext({
    host: { home },
    sockets: { exchange },
    machine: {
      observe: async () => ({
        exists: "ours",
        process: "running",
        ssh: { state: "up", port: 1, answerMs: 1 },
        ready: true,
        applied: undefined,
      }),
    } as unknown as Machine,
  });

describe("The facts of an attach, looked up without an agent", () => {
  test("name the codec of the server that answers", async () => {
    double = await startMuxDouble({
      path: join(home, ".local/state/ascalon/sock/mux.sock"),
      codec: 44,
      version: "v44",
      pushes: 3,
    });
    const status = await statusNow(world());
    expect(status.links).toMatchObject([{ name: "mux", state: "up" }]);
    expect(status.mux).toMatchObject({ codec: 44, version: "v44" });
    expect(status.vm.state).toBe("running");
    expect(double.aborted).toBe(false);
  });

  test.each([
    ["nobody listens", {}],
    ["the server hangs up", { closes: true }],
    ["the server says nothing", { silent: true }],
  ])("say that there is no link when %s", async (_what, options) => {
    if (_what !== "nobody listens") {
      double = await startMuxDouble({ path: join(home, ".local/state/ascalon/sock/mux.sock"), ...options });
    }
    const status = await statusNow(world());
    expect(status.links).toMatchObject([{ name: "mux", state: "off" }]);
  });
});
