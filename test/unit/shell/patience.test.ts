import { expect, test } from "vitest";
import { startLong } from "../../../src/cli/adapters/process.ts";
import { createGuest } from "../../../src/cli/shell/guest-run.ts";
import { runSession } from "../../../src/cli/shell/session.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { sshTarget } from "../../support/ssh-target.ts";

const files = {
  "/home/mia/.lima/ascalon/ssh.config":
    'Host lima-ascalon\n  IdentityFile "/l/key"\n  User dev\n  ControlPath "/l/ssh.sock"\n  Port 40022\n',
};

/** For how many seconds the guest may say nothing before ssh ends the connection. */
function silenceOf(args: readonly string[]): number {
  const value = (name: string): number =>
    Number(args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1));
  return value("ServerAliveInterval") * value("ServerAliveCountMax");
}

test("whoever is logged in keeps the session while the VM stands still for minutes", async () => {
  const context = fakeContext({ files, programs: () => ({ exitCode: 0 }) });
  const call = {
    target: sshTarget,
    id: "ascalon-shell-1",
    command: "true",
    terminal: "none",
    logFile: "/s/log",
  } as const;
  await runSession(context, call);
  expect(silenceOf(context.processes.calls[0]?.args ?? [])).toBe(300);
});

test("a build that may take hours outlives minutes of silence; a question ends by its own time", async () => {
  const context = fakeContext({ files, programs: () => ({ exitCode: 0 }) });
  const guest = createGuest(context, startLong);
  await guest.run(["nix", "build"]);
  await guest.run(["true"], { timeoutMs: 30_000 });
  expect(context.processes.calls.map(({ args }) => silenceOf(args))).toEqual([180, 30]);
});
