import { expect, test } from "vitest";
import { editUserConfig } from "../../../src/cli/ssh/user-config.ts";
import { fakeContext } from "../../support/fake-context.ts";

const path = "/home/mia/.ssh/config";

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
