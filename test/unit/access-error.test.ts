import { describe, expect, it } from "vitest";
import { asAccessError } from "../../src/cli/access-error.ts";
import type { FileInfo } from "../../src/cli/adapters/files.ts";
import { run } from "../../src/cli/app.ts";
import type { HostFacts } from "../../src/cli/settings/settings.ts";
import { fakeContext } from "../support/fake-context.ts";

const failure = (code: string, path: string | undefined, syscall: string): Error =>
  Object.assign(new Error(`${code}: no, ${syscall} '${path}'`), { code, path, syscall });

const owned = (uids: Readonly<Record<string, number>>, platform: HostFacts["platform"] = "linux") => ({
  uid: 1000,
  host: fakeContext({ host: { platform } }).host,
  files: {
    ...fakeContext().files,
    info: async (path: string) => {
      const owner = uids[path];
      return owner === undefined ? undefined : ({ kind: "folder", uid: owner } as FileInfo);
    },
  },
});

describe("a path that the system keeps from this user", () => {
  it("is told with the nearest folder that belongs to another", async () => {
    const context = owned({ "/home/mia/.local/state/ascalon": 0 });
    const error = await asAccessError(
      context,
      failure("EACCES", "/home/mia/.local/state/ascalon/lock.d/1", "mkdir"),
    );
    expect(error).toMatchObject({
      code: "E_ACCESS",
      message: "/home/mia/.local/state/ascalon/lock.d/1 cannot be changed (EACCES)",
      why: "/home/mia/.local/state/ascalon belongs to root",
    });
    expect(error?.run).toContain('sudo chown -R "$USER" /home/mia/.local/state/ascalon');
  });

  it.each([
    ["EPERM", owned({ "/x": 501 }), "/x belongs to the user 501"],
    ["EACCES", owned({ "/x": 1000 }), "its mode, or that of a parent folder, forbids it"],
    ["EPERM", owned({ "/x": 1000 }), "it is immutable, or a security module forbids it"],
    [
      "EPERM",
      owned({ "/x": 1000 }, "darwin"),
      "it is locked, or macOS denies access to the program that ascalon runs in (Privacy & Security)",
    ],
    ["EROFS", owned({}), "its file system is read-only"],
  ])("%s", async (code, context, why) => {
    expect(await asAccessError(context, failure(code, "/x", "open"))).toMatchObject({
      code: "E_ACCESS",
      why,
    });
  });

  it("gives a path with a space as one word to the command that helps", async () => {
    const context = owned({ "/home/mia/my state": 0 });
    const error = await asAccessError(context, failure("EACCES", "/home/mia/my state", "open"));
    expect(error?.run).toContain("ls -ld '/home/mia/my state' ");
    expect(error?.run).toContain(`sudo chown -R "$USER" '/home/mia/my state')`);
  });

  it("is a file that a person knows, and a folder that exists", async () => {
    const context = owned({ "/home/mia/.local/state/ascalon": 1000 });
    const path = "/home/mia/.local/state/ascalon/ssh_config.3296585511";
    expect(await asAccessError(context, failure("EACCES", path, "open"))).toMatchObject({
      message: "/home/mia/.local/state/ascalon/ssh_config cannot be used (EACCES)",
      run: "ls -ld /home/mia/.local/state/ascalon",
    });
    expect(await asAccessError(context, failure("EROFS", path, "open"))).toMatchObject({
      run: "df /home/mia/.local/state/ascalon",
    });
  });

  it("and nothing else is", async () => {
    expect(await asAccessError(owned({}), failure("ENOENT", "/x", "open"))).toBeUndefined();
    expect(await asAccessError(owned({}), failure("EPERM", undefined, "kill"))).toBeUndefined();
    expect(await asAccessError(owned({}), "EACCES")).toBeUndefined();
  });

  it.each([
    ["status", 1],
    ["shell", 125],
  ])("%s says so, and not that it is a bug", async (verb, code) => {
    const context = fakeContext();
    const files = {
      ...context.files,
      readText: async () => {
        throw failure("EACCES", "/home/mia/.lima/ascalon/lima.yaml", "open");
      },
      readTail: async () => {
        throw failure("EACCES", "/home/mia/.lima/ascalon/ha.stdout.log", "open");
      },
    };
    const machine = async () => {
      throw failure("EACCES", "/home/mia/.lima/ascalon/lima.yaml", "open");
    };
    const settings = { ...files, readText: async () => undefined };
    expect(await run([verb], { ...context, files: settings, openMachine: machine })).toBe(code);
    expect(context.err()).toContain("lima.yaml cannot be used (EACCES)");
    expect(context.err()).not.toContain("bug");
  });
});
