import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import nodeModule from "node:module";
import { dirname } from "node:path";
import { afterAll, expect, test } from "vitest";
import { builtCli } from "../support/built-cli.ts";

// `ascalon status` is a program of its own, so that it starts sooner; nobody may notice but by the clock.
const dist = `${dirname(builtCli())}/`;

const home = mkdtempSync("/tmp/asc-status-");
afterAll(() => rmSync(home, { recursive: true, force: true }));

function call(program: string, ...args: readonly string[]) {
  const env = { HOME: home, PATH: "/usr/bin:/bin" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${dist}${program}`, ...args], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test.each([
  ["status"],
  ["status", "--json"],
  ["status", "--help"],
  ["status", "--jsn"],
  ["status", "extra"],
  ["--config", `${home}/none.yaml`, "status"],
  ["status", "--config", `${home}/none.yaml`],
])("%j: as the whole program says it", (...args) => {
  expect(call("ascalon.mjs", ...args)).toEqual(call("cli.cjs", ...args));
});

test("invalid settings are told with their place, beside what is true of the VM", () => {
  writeFileSync(`${home}/bad.yaml`, "vm:\n  cpu: 2\n");
  for (const program of ["ascalon.mjs", "cli.cjs"]) {
    const env = { HOME: home, PATH: "/usr/bin:/bin", ASCALON_CONFIG: `${home}/bad.yaml` };
    const ask = (...args: readonly string[]) =>
      spawnSync(process.execPath, [`${dist}${program}`, "status", ...args], { env, encoding: "utf8" });
    const { status, stdout } = ask();
    expect(stdout).toContain("bad.yaml:2:3 vm.cpu: unknown key");
    expect(stdout).toContain("ascalon  absent");
    expect(status).toBe(0);
    const { schema, state, settings } = JSON.parse(ask("--json").stdout);
    expect({ schema, state }).toEqual({ schema: 1, state: "absent" });
    expect(settings.problems).toEqual([expect.stringContaining("bad.yaml:2:3 vm.cpu: unknown key")]);
  }
});

test("neither removes the other's compiled code", () => {
  call("ascalon.mjs", "status");
  call("ascalon.mjs", "config", "path");
  call("ascalon.mjs", "status");
  const kept = readdirSync(`${home}/.cache/ascalon`).map((name) => name.replace(/^(code-[a-z]+)-.*/, "$1"));
  // From 22.8 on Node keeps compiled code by itself, in a folder.
  expect(kept.sort()).toEqual("enableCompileCache" in nodeModule ? ["node"] : ["code-cli", "code-status"]);
});

test("a build of the same size and time is not taken for another, as in the Nix store, where all are of 1970", () => {
  const texts = ["Shut the VM down", "Shut the VM DOWN"] as const;
  const said = texts.map((text, index) => {
    const build = `${home}/build-${index}`;
    cpSync(dist, build, { recursive: true, verbatimSymlinks: true });
    const program = `${build}/cli.cjs`;
    writeFileSync(program, readFileSync(program, "utf8").replaceAll(texts[0], text));
    utimesSync(program, 1, 1);
    const env = { HOME: home, PATH: "/usr/bin:/bin" };
    const args = [`${build}/ascalon.mjs`, "stop", "--help"];
    return spawnSync(process.execPath, args, { env, encoding: "utf8" }).stdout;
  });
  for (const [index, text] of texts.entries()) expect(said[index]).toContain(text);
});

test("an agent's own build is told from another one by both programs alike", () => {
  const folder = `${home}/.local/state/ascalon`;
  mkdirSync(folder, { recursive: true });
  const [name = ""] = /(?<=")[0-9a-f]{12}(?=")/.exec(readFileSync(`${dist}cli.cjs`, "utf8")) ?? [];
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const current = (program: string, build: string) => {
    const status = { schema: 1, writtenAt: 1, nextWriteBy: 2_000_000_000, ascalon: version, build };
    writeFileSync(`${folder}/status.json`, JSON.stringify(status));
    return JSON.parse(call(program, "status", "--json").stdout).agent.current;
  };
  for (const program of ["ascalon.mjs", "cli.cjs"])
    expect([current(program, name), current(program, "another")]).toEqual([true, false]);
});
