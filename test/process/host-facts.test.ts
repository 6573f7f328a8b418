import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { afterAll, expect, test } from "vitest";
import { builtCli } from "../support/built-cli.ts";

const program = builtCli();
const home = mkdtempSync("/tmp/asc-host-");
afterAll(() => rmSync(home, { recursive: true, force: true }));

const hasTaskset = spawnSync("taskset", ["--version"]).status === 0;

test.runIf(hasTaskset && cpus().length > 1)(
  "the processors a call may use do not change the defaults",
  () => {
    const get = (...before: readonly string[]): string => {
      const [file = "", ...args] = [...before, process.execPath, program, "config", "get", "vm.cpus"];
      const env = { HOME: home, PATH: process.env.PATH };
      return spawnSync(file, args, { env, encoding: "utf8" }).stdout;
    };
    expect(get("taskset", "-c", "0")).toBe(get());
    expect(Number(get())).toBe(Math.min(6, cpus().length));
  },
);
