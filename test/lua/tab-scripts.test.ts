import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { scenarios } from "./world.ts";

/** Runs a tab's own words with a stand-in for ascalon that fails so many times; the keys are typed beforehand. */
function inTab(args: readonly string[], failures: number, keys: string) {
  const folder = mkdtempSync(join(tmpdir(), "ascalon-tab-"));
  const count = join(folder, "count");
  writeFileSync(count, "");
  const stub = `echo called >>'${count}'; test "$(wc -l <'${count}')" -gt ${failures} || exit 7; echo there`;
  const [shell = "", ...words] = [...args.slice(0, 4), "/bin/sh", "-c", stub];
  const { status, stdout } = spawnSync(shell, words, { input: keys, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return { status, stdout };
}

scenarios("The tab of a command", (it) => {
  it("that starts the VM tries again at Enter, as often as it fails, and closes when it has succeeded", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    const args = (await world.tabs())[1]?.args ?? [];
    const prompt = "\n[ended with 7; Enter tries again] ";
    expect(inTab(args, 2, "\n\n")).toEqual({ status: 0, stdout: `${prompt}${prompt}there\n` });
  });

  it("that starts the VM ends when nobody can type any more", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    const args = (await world.tabs())[1]?.args ?? [];
    expect(inTab(args, 9, "").stdout).toBe("\n[ended with 7; Enter tries again] ");
  });

  it("of another kind stays until Enter", async (world) => {
    await world.begin();
    await world.emit("ascalon.cli.doctor");
    const args = (await world.tabs())[1]?.args ?? [];
    expect(inTab(args, 1, "\n").stdout).toBe("\n[ended with 7; Enter closes this tab] ");
    expect(inTab(args, 0, "\n").stdout).toBe("there\n\n[ended with 0; Enter closes this tab] ");
  });
});
