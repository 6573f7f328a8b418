import { expect, test } from "vitest";
import { prepareSocketFolder } from "../../../src/cli/links/socket-folder.ts";
import { fakeFiles } from "../../support/fake-files.ts";

const path = "/home/ro/.local/state/ascalon/sock";

test("a missing folder is made 0700", async () => {
  const files = fakeFiles();
  expect(await prepareSocketFolder(files, path, 1000)).toBeUndefined();
  expect(await files.info(path)).toMatchObject({ kind: "folder", mode: 0o700 });
});

test.each([
  ["a symlink", { kind: "symlink" }, "is a symlink"],
  ["a file", { kind: "file" }, "is not a folder"],
  ["somebody else's", { kind: "folder", mode: 0o700, uid: 1001 }, "belongs to uid 1001, not to 1000"],
  ["open to the group", { kind: "folder", mode: 0o750, uid: 1000 }, "has mode 0750"],
  ["open to all", { kind: "folder", mode: 0o1777, uid: 1000 }, "has mode 1777"],
] as const)("%s is refused and left as it is", async (_, entry, problem) => {
  const files = fakeFiles();
  files.put(path, "", entry);
  const before = await files.info(path);
  expect(await prepareSocketFolder(files, path, 1000)).toContain(problem);
  expect(await files.info(path)).toEqual(before);
});
