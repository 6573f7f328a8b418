import { expect, test } from "vitest";
import { editUserConfig } from "../../../src/cli/ssh/user-config.ts";
import { fakeContext } from "../../support/fake-context.ts";

const path = "/home/mia/.ssh/config";

test("one that a symlink leads to is looked at there, and written there", async () => {
  const context = fakeContext();
  const target = "/home/mia/dotfiles/ssh";
  context.files.put(path, "../dotfiles/ssh", { kind: "symlink", mode: 0o777 });
  context.files.put(target, "Host a\n", { mode: 0o444 });
  const edit = () => editUserConfig(context, path, (text) => `x${text}`);
  await expect(edit()).rejects.toMatchObject({ why: "its owner made it read-only (mode 0444)" });
  expect(context.files.text(target)).toBe("Host a\n");
  context.files.put(target, "Host a\n", { mode: 0o644 });
  expect(await edit()).toBe(true);
  expect(context.files.text(target)).toBe("xHost a\n");
  expect((await context.files.info(target))?.mode).toBe(0o644);
});

test("a config that its owner made read-only is left as it is, and the lines are offered", async () => {
  const context = fakeContext();
  context.files.put(path, "Host a\n", { mode: 0o400 });
  await expect(editUserConfig(context, path, (text) => `x${text}`)).rejects.toMatchObject({
    code: "E_SSH_CONFIG",
    why: "its owner made it read-only (mode 0400)",
    run: expect.stringContaining("ascalon ssh-config"),
  });
  expect(context.files.text(path)).toBe("Host a\n");
});
