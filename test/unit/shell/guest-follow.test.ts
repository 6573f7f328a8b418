import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import type { LongOptions, LongProcess } from "../../../src/cli/adapters/process.ts";
import { createGuest } from "../../../src/cli/shell/guest-run.ts";
import { fakeContext } from "../../support/fake-context.ts";

const sshConfig = `Host lima-ascalon
  IdentityFile "/home/mia/.lima/_config/user"
  User dev
  ControlPath "/home/mia/.lima/ascalon/ssh.sock"
  Port 60022
`;

function arrange(endsAtOnce: boolean) {
  const context = fakeContext({ files: { "/home/mia/.lima/ascalon/ssh.config": sshConfig } });
  const killed: string[] = [];
  const startLong = (_file: string, _args: readonly string[], { onExit }: LongOptions): LongProcess => {
    const end = () => onExit({ exitCode: 255, signal: undefined, startError: undefined });
    if (endsAtOnce) queueMicrotask(end);
    const kill = (signal: string) => {
      killed.push(signal);
      end();
    };
    return { pid: 7, write: () => {}, closeInput: () => {}, leave: () => {}, kill };
  };
  return { guest: createGuest(context, startLong), killed };
}

test("following a guest that is away again and again leaves nothing behind at the signal", async () => {
  const { guest } = arrange(true);
  const { signal } = new AbortController();
  // With an eleventh listener Node warns a person of a leak.
  for (let turn = 0; turn < 20; turn += 1) await guest.follow(["journalctl"], () => {}, signal);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("the signal ends what is followed", async () => {
  const { guest, killed } = arrange(false);
  const over = new AbortController();
  const followed = guest.follow(["journalctl"], () => {}, over.signal);
  await new Promise((resolve) => setImmediate(resolve));
  over.abort();
  await followed;
  expect(killed).toEqual(["SIGTERM"]);
});
