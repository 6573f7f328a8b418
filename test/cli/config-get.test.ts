import { describe, expect, it } from "vitest";
import { configCommand } from "../../src/cli/commands/config.ts";
import { type FakeOptions, fakeContext } from "../support/fake-context.ts";
import { runCommand } from "../support/run-command.ts";

const file = "/home/mia/.config/ascalon/ascalon.yaml";
const config = (line: string, text?: string, more: FakeOptions = {}) =>
  runCommand(
    ["config", ...line.split(" ")],
    fakeContext({ ...more, files: text === undefined ? {} : { [file]: text } }),
    [configCommand],
  );

describe("ascalon config path", () => {
  it("prints the path alone, and says on the side that the file is not there", async () => {
    expect(await config("path")).toEqual({
      code: 0,
      out: `${file}\n`,
      err: "This file does not exist yet: every key has its default.\n",
    });
    expect(await config("path", "")).toEqual({ code: 0, out: `${file}\n`, err: "" });
  });
});

describe("ascalon config get", () => {
  it.each([
    ["vm.cpus", "4\n"],
    ["vm.memory", "12GiB\n"],
    ["system.flake", "none\n"],
    ["mounts", '[{"host":"/home/mia/a","writable":false}]\n'],
    ["ports.ignore", "[]\n"],
  ])("prints the value of %s alone", async (key, out) => {
    expect(await config(`get ${key}`, "vm: { cpus: 4 }\nmounts: [{ host: ~/a }]\n")).toEqual({
      code: 0,
      out,
      err: "",
    });
  });

  it("prints a section, key first", async () => {
    expect((await config("get user")).out).toBe("user.name  dev\n");
    expect((await config("get ports")).out).toBe("ports.forward  true\nports.ignore   []\n");
  });

  it("prints everything, the same for the same settings", async () => {
    await expect((await config("get")).out).toMatchFileSnapshot("../golden/config-get.txt");
  });

  it("says where each value comes from", async () => {
    const { out } = await config("get vm --origin", "# mine\nvm:\n  memory: 8GiB\n", { host: { cpus: 4 } });
    expect(out.split("\n").slice(0, 3)).toEqual([
      "vm.cpus       4           default, lowered to this host",
      `vm.memory     8GiB        ${file}:3`,
      "vm.disk       50GiB       default",
    ]);
  });

  it("tells on stderr what the host lowered", async () => {
    const { out, err } = await config("get vm.cpus", "", { host: { cpus: 4 } });
    expect(out).toBe("4\n");
    expect(err).toBe("vm.cpus is 4 instead of the default 6: this host has no more\n");
  });

  it("gives one JSON document", async () => {
    const { out } = await config("get vm.cpus --json --origin", "vm: { cpus: 4 }\n");
    expect(JSON.parse(out)).toEqual({
      schema: 1,
      path: file,
      origin: "file",
      values: { "vm.cpus": 4 },
      origins: { "vm.cpus": `${file}:1` },
    });
  });

  it.each([
    ["vm.cpu", "did you mean vm.cpus?"],
    ["cpus", "did you mean vm.cpus?"],
    ["mount", "did you mean mounts?"],
    ["colour", "there is no setting colour "],
    ["", 'there is no setting "" '],
  ])("refuses %s with the nearest key", async (key, expected) => {
    const { code, err } = await config(`get ${key}`);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  it("shows every problem of a file that is not valid", async () => {
    const { code, err } = await config("get", "vm: { cpus: six, disk: 1 }\n");
    expect(code).toBe(5);
    expect(err).toContain(`${file}:1:13 vm.cpus: expected a whole number from 1 to 512, got "six"`);
    expect(err).toContain(`${file}:1:24 vm.disk`);
    expect(err).toContain("run: ascalon config edit");
  });

  it("gives the problems as JSON when asked for JSON", async () => {
    const { err } = await config("get --json", "vm: { cpus: six }\n");
    expect(JSON.parse(err).error).toMatchObject({
      code: "E_SETTINGS_INVALID",
      exit: 5,
      details: [expect.any(String)],
    });
  });
});

describe("ascalon config schema", () => {
  it("prints the JSON Schema", async () => {
    expect(JSON.parse((await config("schema")).out)).toMatchObject({
      type: "object",
      additionalProperties: false,
    });
  });
});

describe("ascalon config", () => {
  it("alone shows its subcommands", async () => {
    const { code, out } = await runCommand(["config"], fakeContext(), [configCommand]);
    expect(code).toBe(2);
    for (const name of ["path", "get", "set", "unset", "edit", "schema"])
      expect(out).toContain(`\n  ${name} `);
  });
});
