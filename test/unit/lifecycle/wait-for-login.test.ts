import { expect, test } from "vitest";
import { waitForLogin } from "../../../src/cli/lifecycle/wait-for-login.ts";
import { fakeContext } from "../../support/fake-context.ts";
import type { Call } from "../../support/fake-processes.ts";

const sshConfig = `Host lima-ascalon
  IdentityFile "/l/key"
  User dev
  ControlPath "/l/ssh.sock"
  Hostname 127.0.0.1
  Port 40022
`;

const files = {
  "/home/mia/.lima/ascalon/ssh.config": sshConfig,
  "/home/mia/.lima/ascalon/ha.pid": "671",
};

/** A guest whose login takes so long, and then ends with 0 or as `refusal` says. */
async function waitFor(loginMs: number, timeoutMs: number, refusal?: string, isAlive = true) {
  const limits: number[] = [];
  const endedAt: number[] = [];
  const context = fakeContext({
    files,
    programs: async ({ options }: Call) => {
      const limitMs = options.timeoutMs ?? 0;
      limits.push(limitMs);
      await context.clock.sleep(Math.min(loginMs, limitMs));
      endedAt.push(context.clock.monotonic() / 1000);
      if (loginMs > limitMs) return { timedOut: true, exitCode: undefined, signal: "SIGTERM" };
      return refusal === undefined ? { exitCode: 0 } : { exitCode: 255, stderr: refusal };
    },
  });
  if (isAlive) context.processes.living.add(671);
  const began = context.clock.monotonic();
  const options = { timeoutMs, wait: true, signal: context.signal };
  const error = await waitForLogin(context, options).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return { error, limits, endedAt, seconds: (context.clock.monotonic() - began) / 1000 };
}

test("a guest whose login takes longer than the first limit gets a longer one", async () => {
  const { error, limits } = await waitFor(40_000, 600_000);
  expect(error).toBeUndefined();
  expect(limits).toEqual([15_000, 30_000, 60_000]);
});

test("one that is too slow is waited for as long as the person said, and is not said to refuse anybody", async () => {
  const { error, seconds } = await waitFor(600_000, 900_000);
  expect(error).toMatchObject({
    code: "E_NOT_READY",
    message: expect.stringContaining("no login succeeded"),
  });
  expect(error).toMatchObject({ run: expect.stringContaining("keeps waiting") });
  expect(seconds).toBeGreaterThanOrEqual(900);
});

test("one that greets late is slow too", async () => {
  const { error, limits, seconds } = await waitFor(
    5_000,
    300_000,
    "Connection timed out during banner exchange\n",
  );
  expect(error).toMatchObject({ message: expect.stringContaining("no login succeeded") });
  expect(seconds).toBeGreaterThanOrEqual(300);
  // It refused nobody, so nobody holds back.
  expect(seconds / limits.length).toBeLessThan(5.5);
});

test("one that refuses is given up after two minutes", async () => {
  const refusal = "dev@127.0.0.1: Permission denied (publickey).\n";
  const { error, seconds, endedAt } = await waitFor(500, 600_000, refusal);
  expect(error).toMatchObject({ message: "the guest answers, but lets nobody in" });
  expect(seconds).toBeLessThan(130);
  // sshd's penalty for each is five seconds (OpenSSH from 9.8 on): they must not add up to the fifteen that lock out.
  let [penalty, at] = [0, 0];
  for (const now of endedAt) {
    [penalty, at] = [Math.max(0, penalty - (now - at)) + 5, now];
    expect(penalty).toBeLessThan(15);
  }
  expect(endedAt.length).toBeGreaterThan(10);
});

test("one whose VM has ended is not waited for", async () => {
  const refusal = "ssh: connect to host 127.0.0.1 port 40022: Connection refused\n";
  const { error, seconds } = await waitFor(50, 600_000, refusal, false);
  expect(error).toMatchObject({ message: "the VM stopped while ascalon was waiting for it" });
  expect(seconds).toBeLessThan(1);
});

test("a signal ends the login that goes on", async () => {
  const context = fakeContext({
    files: { "/home/mia/.lima/ascalon/ssh.config": sshConfig },
    programs: async ({ options }: Call) => {
      const over = new Promise<void>((resolve) => {
        options.signal?.addEventListener("abort", () => resolve());
        if (!options.signal) resolve();
      });
      context.abort();
      await over;
      return options.signal?.aborted ? { exitCode: undefined, signal: "SIGTERM" } : { exitCode: 0 };
    },
  });
  const options = { timeoutMs: 600_000, wait: true, signal: context.signal };
  await expect(waitForLogin(context, options)).rejects.toThrow("aborted");
});
