import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCompletion } from "../../src/cli/commands/completion-run.ts";
import { commandTable } from "../../src/cli/commands/table.ts";
import { askCompletions, completingShells } from "../support/ask-completions.ts";
import { fakeContext } from "../support/fake-context.ts";
import { findShell } from "../support/login-shells.ts";

const folder = mkdtempSync(`${tmpdir()}/ascalon-completion-`);
const commands = [...commandTable.map(({ name }) => name), "help"];

/** Line up to the cursor; words that must be offered; words that must not. */
const cases: readonly (readonly [line: string, offered: readonly string[], not?: readonly string[]])[] = [
  ["ascalon ", commands],
  ["ascalon st", ["start", "stop", "status"], ["up", "shell"]],
  ["ascalon --", ["--config", "--version", "--help"]],
  ["ascalon --config /etc/host", ["hosts"]],
  ["ascalon --config /etc/hosts st", ["status"], ["shell"]],
  ["ascalon up --", ["--no-wait", "--timeout", "--progress", "--dry-run", "--help"], ["--config"]],
  ["ascalon up --progress ", ["auto", "plain", "json", "quiet"], ["status"]],
  ["ascalon up --progress plain --js", ["--json"]],
  ["ascalon config ", ["get", "set", "unset", "edit", "path", "schema"], ["up"]],
  ["ascalon config get vm.", ["vm.cpus", "vm.memory", "vm.type"], ["user.name"]],
  ["ascalon config set ", ["vm.cpus", "user.name", "mounts", "wezterm.key"]],
  ["ascalon config set vm.type ", ["auto", "vz", "qemu"], ["true"]],
  ["ascalon config set ports.forward ", ["true", "false"]],
  ["ascalon config set vm.type vz ", [], ["auto", "qemu"]],
  ["ascalon config get --", ["--json", "--origin"]],
  ["ascalon completion ", ["bash", "zsh", "fish"]],
  ["ascalon help ", ["up", "shell"]],
  ["ascalon status ", [], ["up", "status.txt"]],
  ["ascalon shell -", ["--directory", "--no-cwd", "--no-start", "--tty", "--no-tty"]],
  ["ascalon shell -C /usr/lo", ["local/"]],
  ["ascalon shell --no-cwd -- mkdi", ["mkdir"], ["up"]],
  ["ascalon shell mkdi", ["mkdir"]],
  ["ascalon shell -- ls /etc/hostn", ["hostname"]],
  ["ascalon shell ls --no", [], ["--no-cwd"]],
  ["ascalon ssh-config --", ["--install", "--remove", "--json"]],
];

/** bash and zsh show the last part of a path, fish all of it. */
const offers = (words: readonly string[], wanted: string): boolean =>
  words.some(
    (word) =>
      word === wanted ||
      word.endsWith(`/${wanted}`) ||
      `${word}/`.endsWith(`/${wanted}`) ||
      `${word}/` === wanted,
  );

describe.each(completingShells)("completion in %s", (shell) => {
  const installed = findShell(shell) && findShell("zsh");
  let shown: readonly (readonly string[])[] = [];
  beforeAll(async () => {
    const context = fakeContext();
    await runCompletion(context, {}, [shell]);
    if (!installed) return;
    const script = `${folder}/ascalon.${shell}`;
    writeFileSync(script, context.out());
    mkdirSync(`${folder}/home`, { recursive: true });
    const lines = cases.map(([line]) => line);
    shown = askCompletions(shell, script, lines, `${folder}/home`);
  });

  test.skipIf(!installed).each(cases.map((each, index) => [each[0], index] as const))(
    "of `%s`",
    (_, index) => {
      const [, offered, not = []] = cases[index] ?? ["", []];
      const words = shown[index] ?? [];
      expect(offered.filter((wanted) => !offers(words, wanted))).toEqual([]);
      expect(not.filter((unwanted) => words.includes(unwanted))).toEqual([]);
    },
  );
});

test("bash without compopt, as a Mac has it, is told that words may be paths", async () => {
  const context = fakeContext();
  await runCompletion(context, {}, ["bash"]);
  const ask = (before: string): string => {
    const script = `${before}\n${context.out()}\ncomplete -p ascalon`;
    return spawnSync(findShell("bash") ?? "bash", ["--norc"], { input: script, encoding: "utf8" }).stdout;
  };
  expect(ask("enable -n compopt")).toBe("complete -o filenames -F _ascalon ascalon\n");
  expect(ask("")).toBe("complete -F _ascalon ascalon\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!findShell("zsh"))(
  "zsh has it by the help's own line and words, with a home that had no folder",
  async () => {
    const home = `${folder}/zsh-home`;
    mkdirSync(`${home}/bin`, { recursive: true });
    const context = fakeContext();
    await runCompletion(context, {}, ["zsh"]);
    writeFileSync(`${home}/script`, context.out());
    writeFileSync(`${home}/bin/ascalon`, `#!/bin/sh\ncat ${home}/script\n`, { mode: 0o755 });
    const spec = commandTable.find(({ name }) => name === "completion");
    const [line = "", words = ""] = spec?.examples.find(([command]) => command.includes(" zsh")) ?? [];
    const told = /fpath=\(.*?\)/.exec(words)?.[0] ?? "";
    writeFileSync(`${home}/.zshrc`, `${told}\nautoload -Uz compinit && compinit -u\n`);
    const env = { HOME: home, PATH: `${home}/bin:${process.env.PATH}` };
    expect(spawnSync("zsh", ["-c", line], { env, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
    expect(spawnSync("zsh", ["-ic", "echo $_comps[ascalon]"], { env, encoding: "utf8" }).stdout).toBe(
      "_ascalon\n",
    );
  },
);
