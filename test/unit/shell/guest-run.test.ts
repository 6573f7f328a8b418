import { afterEach, expect, test, vi } from "vitest";
import { startLong } from "../../../src/cli/adapters/process.ts";
import { createGuest } from "../../../src/cli/shell/guest-run.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";

const denied = "dev@127.0.0.1: Permission denied (publickey).\r\n";
const open = `Load key "/l/key": bad permissions\r\n${denied}`;

/** What ascalon's own question to the guest is told when ssh ends with these words. */
async function whyOf(words: string, hasKey: boolean): Promise<unknown> {
  const context: FakeContext = fakeContext({
    files: {
      "/home/mia/.lima/ascalon/ssh.config":
        'Host lima-ascalon\n  IdentityFile "/l/key"\n  User dev\n  ControlPath "/l/ssh.sock"\n  Port 40022\n',
    },
    programs: ({ args }) => {
      context.files.put(args[args.indexOf("-E") + 1] ?? "", words);
      return { exitCode: 255 };
    },
  });
  if (hasKey) context.files.put("/l/key", "");
  return await createGuest(context, startLong).run(["true"]);
}

afterEach(() => void vi.useRealTimers());

test("ssh's log of a session does not grow for as long as a guest makes it write", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const sizes: (number | undefined)[] = [];
  const context: FakeContext = fakeContext({
    files: {
      "/home/mia/.lima/ascalon/ssh.config":
        'Host lima-ascalon\n  IdentityFile "/l/key"\n  User dev\n  ControlPath "/l/ssh.sock"\n  Port 40022\n',
    },
    programs: async ({ args }) => {
      const log = args[args.indexOf("-E") + 1] ?? "";
      for (const bytes of [1_000_000, 2_000_000]) {
        context.files.put(log, "x".repeat(bytes));
        await vi.advanceTimersByTimeAsync(5_000);
        sizes.push((await context.files.info(log))?.sizeBytes);
      }
      return {};
    },
  });
  expect(await createGuest(context, startLong).run(["true"])).toMatchObject({ kind: "ended", code: 0 });
  expect(sizes).toEqual([1_000_000, 0]);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ["refused", denied, true, "the guest refuses the key: "],
  ["not there", denied, false, "the VM's key /l/key is not there: "],
  ["open to others", open, true, "ssh does not use the VM's key, because others may read it: "],
])("a key that is %s is told as that", async (_, words, hasKey, why) => {
  expect(await whyOf(words, hasKey)).toEqual({ kind: "unreachable", why: why + denied.trim() });
});
