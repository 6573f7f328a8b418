import { describe, expect, test } from "vitest";
import { currentGuestFolder, namedGuestFolder } from "../../../src/cli/shell/guest-folder.ts";
import { fakeContext } from "../../support/fake-context.ts";

const mounts = [{ host: "/home/mia/Projects", writable: true }];

function at(cwd: string, pwd = cwd) {
  const context = fakeContext({ cwd, env: { PWD: pwd } });
  for (const folder of ["/home/mia/Projects/app/src", "/data/work/app", "/home/mia/Music"]) {
    context.files.put(`${folder}/file`, "");
  }
  return context;
}

describe("the current folder", () => {
  test("below a mount is the same in the guest", async () => {
    expect(await currentGuestFolder(at("/home/mia/Projects/app"), mounts)).toEqual({
      path: "/home/mia/Projects/app",
      required: false,
    });
  });

  test("elsewhere is none", async () => {
    expect(await currentGuestFolder(at("/home/mia/Music"), mounts)).toBeUndefined();
    expect(await currentGuestFolder(at("/home/mia/Projects"), [])).toBeUndefined();
  });

  test("is found by its real path when the mount is named by a symlink", async () => {
    const context = at("/data/work/app");
    context.files.put("/home/mia/Work", "/data/work", { kind: "symlink" });
    const folder = await currentGuestFolder(context, [{ host: "/home/mia/Work", writable: true }]);
    expect(folder?.path).toBe("/home/mia/Work/app");
  });

  test("keeps the name of $PWD when that is the same folder, and does not believe a stale one", async () => {
    const context = at("/home/mia/Projects/app", "/home/mia/Projects/link");
    context.files.put("/home/mia/Projects/link", "app", { kind: "symlink" });
    expect((await currentGuestFolder(context, mounts))?.path).toBe("/home/mia/Projects/link");
    const stale = at("/home/mia/Projects/app", "/home/mia/Projects/app/src");
    expect((await currentGuestFolder(stale, mounts))?.path).toBe("/home/mia/Projects/app");
  });

  test("that was removed under us does not stop the command", async () => {
    expect(await currentGuestFolder(at("/home/mia/Projects/gone"), mounts)).toEqual({
      path: "/home/mia/Projects/gone",
      required: false,
    });
  });
});

describe("the folder that -C names", () => {
  test.each([
    ["/etc", "/etc"],
    ["~", "~"],
    ["~/x", "~/x"],
    ["app/src", "/home/mia/Projects/app/src"],
    ["..", "/home/mia"],
    ["/home/mia/Projects/not-yet", "/home/mia/Projects/not-yet"],
  ])("as %s is %s in the guest, and has to be there", async (named, path) => {
    expect(await namedGuestFolder(at("/home/mia/Projects"), mounts, named)).toEqual({ path, required: true });
  });
});
