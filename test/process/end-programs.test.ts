import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { endPrograms } from "../machine/end-programs.ts";

test("what a killed run of the machine tests left behind is ended, and nothing else", async () => {
  const home = mkdtempSync("/tmp/ascalon-left-");
  const script = "process.stdout.write('up'); setInterval(() => {}, 1000)";
  const started = [`${home}/agent`, `${home}-of-another/agent`].map((path) =>
    spawn(process.execPath, ["-e", script, "--", path]),
  );
  await Promise.all(started.map((child) => once(child.stdout, "data")));
  const ended = started.map((child) => once(child, "exit"));
  await endPrograms(home);
  expect(await ended[0]).toEqual([null, "SIGKILL"]);
  expect(started[1]?.exitCode).toBeNull();
  expect(started[1]?.signalCode).toBeNull();
  started[1]?.kill("SIGKILL");
  await ended[1];
  rmSync(home, { recursive: true });
});
