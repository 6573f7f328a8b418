import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { run } from "../../src/cli/app.ts";
import { asInTheWayError } from "../../src/cli/in-the-way-error.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { hostContext } from "../support/run-app.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync("/tmp/asc-way-");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("what is in the way of a file or a folder", () => {
  it.each([
    ["a folder below a file", () => systemFiles.makeFolder(`${home}/file/sock`), "file", "a file", "folder"],
    ["a folder that is a file", () => systemFiles.makeFolder(`${home}/file`), "file", "a file", "folder"],
    ["a file below a file", () => systemFiles.writeAtomic(`${home}/file/a`, ""), "file", "a file", "folder"],
    [
      "a file that is a folder",
      () => systemFiles.writeAtomic(`${home}/folder`, ""),
      "folder",
      "a folder",
      "file",
    ],
    ["a text that is a folder", () => systemFiles.readText(`${home}/folder`), "folder", "a folder", "file"],
    ["a log that is a folder", () => systemFiles.readTail(`${home}/folder`, 9), "folder", "a folder", "file"],
    ["bytes of a folder", () => systemFiles.readBytes(`${home}/folder`, 9), "folder", "a folder", "file"],
  ])("%s", async (_, work, name, is, wanted) => {
    writeFileSync(`${home}/file`, "");
    mkdirSync(`${home}/folder`);
    const error = await asInTheWayError({ files: systemFiles }, await failureOf(work()));
    expect(error?.code).toBe("E_IN_THE_WAY");
    expect(error?.message).toContain(`${home}/${name} is ${is}, and ascalon needs a ${wanted} there (`);
    expect(error?.run).toContain(`ls -ld ${home}/${name} `);
  });

  it("a symlink that leads to itself", async () => {
    symlinkSync("loop", `${home}/loop`);
    for (const work of [
      systemFiles.readText(`${home}/loop`),
      systemFiles.readTail(`${home}/loop`, 9),
      systemFiles.list(`${home}/loop`),
    ]) {
      const error = await asInTheWayError({ files: systemFiles }, await failureOf(work));
      expect(error?.message).toBe(
        `${home}/loop leads nowhere: a symlink on the way leads back to itself (ELOOP)`,
      );
    }
  });

  it("a symlink to a folder that is not there", async () => {
    symlinkSync("/Volumes/none", `${home}/link`);
    for (const work of [
      () => systemFiles.makeFolder(`${home}/link/sub`),
      () => systemFiles.writeAtomic(`${home}/link/sub/file`, ""),
      () => systemFiles.linkExclusive(`${home}/link/file`, ""),
    ]) {
      const error = await asInTheWayError({ files: systemFiles }, await failureOf(work()));
      expect(error?.message).toBe(
        `${home}/link is a symlink to /Volumes/none, which does not exist (ENOENT)`,
      );
    }
    mkdirSync(`${home}/folder`);
    symlinkSync("folder", `${home}/there`);
    const gone = await failureOf(systemFiles.linkExclusive(`${home}/there/none/file`, ""));
    expect(await asInTheWayError({ files: systemFiles }, gone)).toBeUndefined();
  });

  it("and nothing else is", async () => {
    writeFileSync(`${home}/file`, "");
    const failure = (code: string, syscall: string, name = "none") =>
      Object.assign(new Error(code), { code, syscall, path: `${home}/${name}` });
    const files = { files: systemFiles };
    expect(await asInTheWayError(files, failure("EEXIST", "open", "file"))).toBeUndefined();
    expect(await asInTheWayError(files, failure("ENOENT", "mkdir", "file"))).toBeUndefined();
    // A folder of the right kind by now: somebody else was faster, and the failure is another.
    expect(await asInTheWayError(files, failure("ENOTDIR", "mkdir"))).toBeUndefined();
    expect(await asInTheWayError(files, "EISDIR")).toBeUndefined();
  });
});

describe("a command whose folder is a file says so, and not that it is a bug", () => {
  it.each([
    ["ssh-config --install", ".local/state/ascalon"],
    ["start", ".local/state/ascalon/lock.d"],
    ["config edit", ".config/ascalon"],
    ["config set vm.cpus 2", ".config/ascalon"],
    ["bridge deny op", ".config"],
  ])("%s", async (line, path) => {
    const context = hostContext({
      machine: fakeMachine({ exists: "ours", process: "stopped" }),
      host: { home },
      env: { EDITOR: "true" },
    });
    mkdirSync(`${home}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    writeFileSync(`${home}/${path}`, "");
    expect(await run(line.split(" "), { ...context, files: systemFiles })).toBe(1);
    expect(context.err()).toContain(`${home}/${path} is a file, and ascalon needs a folder there`);
    expect(context.err()).toContain("[E_IN_THE_WAY]");
  });

  it.each([
    ["init", ".config/ascalon"],
    ["init dotfiles", "dotfiles"],
    ["config edit", ".config/ascalon"],
    ["config set vm.cpus 2", ".config/ascalon"],
    ["start", ".local/state/ascalon"],
  ])("%s, whose folder is a symlink to nothing", async (line, path) => {
    const context = hostContext({
      machine: fakeMachine({ exists: "ours", process: "stopped" }),
      host: { home },
      cwd: home,
      env: { EDITOR: "true" },
    });
    mkdirSync(`${home}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    symlinkSync("/Volumes/none", `${home}/${path}`);
    expect(await run(line.split(" "), { ...context, files: systemFiles })).toBe(1);
    expect(context.err()).toContain(`${home}/${path} is a symlink to /Volumes/none, which does not exist`);
    expect(context.err()).toContain("[E_IN_THE_WAY]");
  });

  it("config edit, whose file is a symlink to itself", async () => {
    mkdirSync(`${home}/.config/ascalon`, { recursive: true });
    const file = `${home}/.config/ascalon/ascalon.yaml`;
    symlinkSync("ascalon.yaml", file);
    const context = hostContext({ host: { home }, env: { EDITOR: "true" } });
    expect(await run(["config", "edit"], { ...context, files: systemFiles })).toBe(1);
    expect(context.err()).toContain(
      `${file} leads nowhere: a symlink on the way leads back to itself (ELOOP) [E_IN_THE_WAY]`,
    );
  });

  it("ssh-config --json, whose file is a folder", async () => {
    mkdirSync(`${home}/.ssh/config`, { recursive: true });
    const context = hostContext({ host: { home } });
    expect(await run(["ssh-config", "--json"], { ...context, files: systemFiles })).toBe(1);
    expect(JSON.parse(context.err())).toMatchObject({
      error: {
        code: "E_IN_THE_WAY",
        what: `${home}/.ssh/config is a folder, and ascalon needs a file there (EISDIR)`,
      },
    });
  });
});
