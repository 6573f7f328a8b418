import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configCommand } from "../../src/cli/commands/config.ts";
import { parseSettings } from "../../src/cli/settings/parse.ts";
import { yamlLine } from "../../src/cli/settings/yaml-line.ts";
import { type FakeContext, fakeContext } from "../support/fake-context.ts";
import { runApp } from "../support/run-app.ts";
import { runCommand } from "../support/run-command.ts";
import { keyAndValue } from "../support/settings-arbitraries.ts";

const folder = "/home/mia/.config/ascalon";
const file = `${folder}/ascalon.yaml`;
const withText = (text?: string) => fakeContext({ files: text === undefined ? {} : { [file]: text } });
const config = (context: FakeContext, ...args: string[]) =>
  runCommand(["config", ...args], context, [configCommand]);

describe("ascalon config set", () => {
  it("changes the value, keeps the comments, and says what the change waits for", async () => {
    const context = withText("# mine\nvm:\n  cpus: 4 # enough\n");
    expect(await config(context, "set", "vm.cpus", "6")).toEqual({
      code: 0,
      out: "",
      err: "vm.cpus: 4 -> 6, takes effect with `ascalon restart`\n",
    });
    expect(context.files.text(file)).toBe("# mine\nvm:\n  cpus: 6 # enough\n");
  });

  it("names up for the first flake, and rebuild for each that follows", async () => {
    const context = withText("");
    const first = await config(context, "set", "system.flake", "/home/mia/guest");
    expect(first.err).toBe("system.flake: none -> /home/mia/guest, takes effect with `ascalon up`\n");
    const other = await config(context, "set", "system.flake", "/home/mia/other");
    expect(other.err.slice(first.err.length)).toBe(
      "system.flake: /home/mia/guest -> /home/mia/other, takes effect with `ascalon rebuild`\n",
    );
    const none = await config(context, "set", "system.flake", "none");
    expect(none.err).toContain("system.flake: /home/mia/other -> none, takes effect in a new VM: ");
  });

  it("makes the file, with the lines that help editors and people", async () => {
    const context = withText();
    await config(context, "set", "vm.memory", "8GiB");
    expect(context.files.text(file)).toMatch(
      /^# yaml-language-server: \$schema=\.\/ascalon\.schema\.json\n#.*\n\nvm:\n {2}memory: 8GiB\n$/s,
    );
    expect(JSON.parse(context.files.text(`${folder}/ascalon.schema.json`) ?? "")).toHaveProperty(
      "properties",
    );
  });

  it("makes a file that --config names", async () => {
    const context = withText();
    await runCommand(["--config", "/etc/a.yaml", "config", "set", "vm.cpus", "2"], context, [configCommand]);
    expect(context.files.text("/etc/a.yaml")).toContain("vm:\n  cpus: 2\n");
  });

  it("reads the value as YAML", async () => {
    const context = withText("");
    await config(context, "set", "mounts", "[{host: ~/Projects, writable: true}]");
    await config(context, "set", "ports.forward", "false");
    await config(context, "set", "sockets.docker", "off");
    expect(parseSettings(context.files.text(file) ?? "").written).toEqual({
      mounts: [{ host: "~/Projects", writable: true }],
      ports: { forward: false },
      sockets: { docker: "off" },
    });
  });

  it("refuses a value that is not accepted and leaves the file", async () => {
    const context = withText("vm:\n  cpus: 4\n");
    const { code, err } = await config(context, "set", "vm.cpus", "six");
    expect(code).toBe(5);
    // Without a place: the text that it would be in was not written.
    expect(err).toContain('\n  vm.cpus: expected a whole number from 1 to 512, got "six"\n');
    expect(err).toContain("run: ascalon config get vm.cpus\n");
    expect(context.files.text(file)).toBe("vm:\n  cpus: 4\n");
  });

  it("refuses a value that the host cannot give", async () => {
    expect((await config(withText(), "set", "vm.cpus", "64")).err).toContain(
      "64 is more than this host has (8)",
    );
  });

  it("repairs the one bad value of a file", async () => {
    const context = withText("vm:\n  cpus: six\n");
    expect(await config(context, "set", "vm.cpus", "6")).toMatchObject({
      code: 0,
      err: `${file} is valid again.\n`,
    });
  });

  it("does not write when another key is wrong", async () => {
    const context = withText("vm:\n  cpus: six\n");
    const { code, err } = await config(context, "set", "vm.disk", "9GiB");
    expect(code).toBe(5);
    expect(err).toContain(`${file}:2:9 vm.cpus: expected a whole number`);
    expect(err).toContain("run: ascalon config edit\n");
    expect(context.files.text(file)).toBe("vm:\n  cpus: six\n");
  });

  it("leaves a file alone that is not UTF-8", async () => {
    const context = withText("vm:\n  # gr\uFFFD\uFFFD\n  cpus: 4\n");
    const bytes = Buffer.from("vm:\n  # gr\xfc\xdf\n  cpus: 4\n", "latin1");
    context.files.readPart = async () => ({ offset: 0, bytes, sizeBytes: bytes.length, modifiedAt: 0 });
    context.files.writeAtomic = async () => {
      throw new Error("written");
    };
    const { code, err } = await config(context, "set", "vm.cpus", "6");
    expect(code).toBe(5);
    expect(err).toContain(`${file}:2:7 is not UTF-8`);
  });

  it("takes the sign for what cannot be read, where it is written, as text", async () => {
    const context = withText("# \uFFFD\nvm:\n  cpus: 4\n");
    expect((await config(context, "set", "vm.cpus", "6")).code).toBe(0);
    expect(context.files.text(file)).toBe("# \uFFFD\nvm:\n  cpus: 6\n");
  });

  it.each([
    ["a list", "- a\n"],
    ["a word", "hello\n"],
    ["a number", "4\n"],
  ])("leaves a file alone that holds %s, which may be another's", async (_, text) => {
    const context = withText(text);
    const { code, err } = await config(context, "set", "vm.cpus", "1");
    expect(code).toBe(5);
    expect(err).toContain("instead of settings, and was left alone");
    expect(context.files.text(file)).toBe(text);
  });

  it.each([
    ["set", "vm.cpus", "2"],
    ["set", "vm.cpus", "1"],
    ["set", "vm.disk", "9GiB"],
    ["unset", "vm.cpus"],
  ])("does not choose between two of a key: %s %s %s", async (...args) => {
    const text = "vm:\n  cpus: 2\n  cpus: 1\n";
    const context = withText(text);
    const { code, err } = await config(context, ...args.filter((word) => word !== undefined));
    expect(code).toBe(5);
    expect(err).toContain(`${file}:3:3 vm.cpus: is written twice, first in line 2`);
    expect(context.files.text(file)).toBe(text);
  });

  it("does not say that there is nothing to change in a file with a mistake", async () => {
    const { code, err } = await config(withText("vm:\n  cpus: 4\n  cpu: 5\n"), "set", "vm.cpus", "4");
    expect(code).toBe(5);
    expect(err).toContain(`${file}:3:3 vm.cpu: unknown key`);
  });

  it("does not guess in a file that is not YAML", async () => {
    const { code, err } = await config(withText("vm: [\n"), "set", "vm.cpus", "6");
    expect(code).toBe(5);
    expect(err).toContain("is not valid YAML");
  });

  it.each([
    ["a section", ["vm", "{}"], "vm is a section, not a key"],
    ["an unknown key", ["vm.cpu", "6"], "did you mean vm.cpus?"],
    ["a value that is not YAML", ["vm.cpus", "[6"], "the value of vm.cpus is not YAML"],
  ])("refuses %s as a usage error", async (_, args, expected) => {
    const { code, err } = await config(withText(), "set", ...args);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  it("says when there is nothing to change", async () => {
    const context = withText("vm:\n  cpus: 4\n");
    expect((await config(context, "set", "vm.cpus", "4")).err).toBe(`Nothing to change in ${file}.\n`);
  });

  it("says when the text changes and the meaning does not", async () => {
    const { err } = await config(withText("vm: { memory: 2GiB }\n"), "set", "vm.memory", "2048MiB");
    expect(err).toBe(`${file} was written; no setting has changed.\n`);
  });

  it("edits what another program wrote in the meantime instead of overwriting it", async () => {
    const context = withText("vm:\n  cpus: 4\n");
    const { readText } = context.files;
    let reads = 0;
    context.files.readText = async (path) => {
      if (path === file && ++reads === 2) context.files.put(file, "vm:\n  cpus: 4\n  disk: 9GiB\n");
      return await readText(path);
    };
    await config(context, "set", "vm.cpus", "6");
    expect(context.files.text(file)).toBe("vm:\n  cpus: 6\n  disk: 9GiB\n");
  });

  it("writes through a symlink and keeps the target's mode", async () => {
    const context = withText();
    context.files.put("/home/mia/dotfiles/a.yaml", "vm:\n  cpus: 4\n", { mode: 0o640 });
    context.files.put(file, "../../dotfiles/a.yaml", { kind: "symlink" });
    const { readText } = context.files;
    context.files.readText = (path) => readText(path === file ? "/home/mia/dotfiles/a.yaml" : path);
    await config(context, "set", "vm.cpus", "6");
    expect(context.files.text("/home/mia/dotfiles/a.yaml")).toBe("vm:\n  cpus: 6\n");
    expect(await context.files.info("/home/mia/dotfiles/a.yaml")).toMatchObject({ mode: 0o640 });
    expect(await context.files.info(file)).toMatchObject({ kind: "symlink" });
  });

  it.each([
    ["set", "vm.cpus", "6"],
    ["unset", "vm.cpus"],
  ])("%s leaves a file alone that its owner made read-only, also for root", async (...args) => {
    const context = withText();
    context.files.put(file, "vm:\n  cpus: 4\n", { mode: 0o444 });
    const { code, err } = await config(context, ...args);
    expect(code).toBe(5);
    expect(err).toContain(`${file} is read-only, and was left unchanged`);
    expect(err).toContain("why: its mode is 0444");
    expect(err).toContain(`run: chmod u+w ${file}\n       (then run the same command again)\n`);
    expect(context.files.text(file)).toBe("vm:\n  cpus: 4\n");
  });

  it("says of a home that cannot be made just that, and nothing of the file's mode", async () => {
    const context = fakeContext({ host: { home: "/nonexistent/home" } });
    context.files.writeAtomic = async () => {
      throw Object.assign(new Error("EACCES"), { code: "EACCES", path: "/nonexistent", syscall: "mkdir" });
    };
    const { code, err } = await runApp(["config", "set", "vm.cpus", "6"], context);
    expect([code, err]).toEqual([1, expect.stringContaining("[E_HOME]")]);
  });

  it("names what a symlink leads to when that is read-only, and keeps the symlink", async () => {
    const context = withText();
    const target = "/home/mia/dotfiles/a.yaml";
    context.files.put(target, "vm:\n  cpus: 4\n", { mode: 0o400 });
    context.files.put(file, "../../dotfiles/a.yaml", { kind: "symlink" });
    const { readText } = context.files;
    context.files.readText = (path) => readText(path === file ? target : path);
    const { code, err } = await config(context, "set", "vm.cpus", "6");
    expect(code).toBe(5);
    expect(err).toContain(`${file} leads to it`);
    expect(err).toContain(`run: chmod u+w ${target}\n`);
    expect(context.files.text(target)).toBe("vm:\n  cpus: 4\n");
    expect(await context.files.info(file)).toMatchObject({ kind: "symlink" });
  });

  it("tells of very many problems the first, and how many there are", async () => {
    const text = `bridge:\n  allow:\n${"    - x\n".repeat(3000)}`;
    const { code, err } = await config(withText(text), "set", "vm.cpus", "6");
    expect(code).toBe(5);
    expect(err).toContain(`  ${file}:3:7 bridge.allow[0]: `);
    expect(err).toContain("  and 2900 more\n");
  });

  it("says why when the file cannot be written", async () => {
    const context = withText("vm:\n  cpus: 4\n");
    context.files.writeAtomic = async () => {
      throw new Error("EROFS: read-only file system");
    };
    const { code, err } = await config(context, "set", "vm.cpus", "6");
    expect(code).toBe(5);
    expect(err).toContain("cannot be written");
    expect(err).toContain("read-only");
    expect(err).toContain(`run: ls -ld ${folder} ${file}\n`);
  });

  it("tells to look at what there is, when the folder could not even be made", async () => {
    const context = fakeContext();
    context.files.makeFolder("/home/mia", 0o555);
    context.files.writeAtomic = async () => {
      throw Object.assign(new Error("EACCES: permission denied, mkdir"), { code: "EACCES" });
    };
    const { code, err } = await config(context, "set", "vm.cpus", "6");
    expect(code).toBe(5);
    expect(err).toContain("run: ls -ld /home/mia\n");
  });

  it.each([
    ["ENOSPC", "the disk is full"],
    ["EDQUOT", "your disk quota is used up"],
  ])("%s is told as itself, and not as a fault of the file", async (code, what) => {
    const context = withText("vm:\n  cpus: 4\n");
    context.files.writeAtomic = async () => {
      throw Object.assign(new Error(`${code}: write`), { code });
    };
    const ended = await config(context, "set", "vm.cpus", "6");
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(`ascalon: ${what} [E_DISK_FULL]`);
    expect(ended.err).toContain("run: df -h");
  });

  it("writes what parses back to the value given", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(keyAndValue, { minLength: 1, maxLength: 3 }), async (edits) => {
        const context = withText();
        for (const [key, value] of edits) {
          const { code, err } = await config(context, "set", "--", key, yamlLine(value));
          expect(`${code} ${err}`).toMatch(/^0 /);
          const { written } = parseSettings(context.files.text(file) ?? "");
          const found = key
            .split(".")
            .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], written);
          expect(found).toEqual(value);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("ascalon config unset", () => {
  it("takes the key out and says what it is now", async () => {
    const context = withText("vm:\n  # mine\n  cpus: 4\n  disk: 9GiB\n");
    expect((await config(context, "unset", "vm.cpus")).err).toBe(
      "vm.cpus: 4 -> 6, takes effect with `ascalon restart`\n",
    );
    expect(context.files.text(file)).toBe("vm:\n  # mine\n  disk: 9GiB\n");
  });

  it.each([
    ["a key that is not written", "vm:\n  cpus: 4\n"],
    ["a file that is not there", undefined],
  ])("has nothing to do for %s", async (_, text) => {
    const context = withText(text);
    expect(await config(context, "unset", "vm.disk")).toMatchObject({
      code: 0,
      err: `Nothing to change in ${file}.\n`,
    });
    expect(context.files.text(file)).toBe(text);
  });
});
