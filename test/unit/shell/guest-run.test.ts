import { expect, test } from "vitest";
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

test.each([
  ["refused", denied, true, "the guest refuses the key: "],
  ["not there", denied, false, "the VM's key /l/key is not there: "],
  ["open to others", open, true, "ssh does not use the VM's key, because others may read it: "],
])("a key that is %s is told as that", async (_, words, hasKey, why) => {
  expect(await whyOf(words, hasKey)).toEqual({ kind: "unreachable", why: why + denied.trim() });
});
