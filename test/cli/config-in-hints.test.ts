import { expect, it } from "vitest";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const machine = (process: "running" | "stopped") =>
  fakeMachine({ exists: "ours", process, applied: settingsOf(), homeBytes: 50 * 1024 ** 3 });
const context = (process: "running" | "stopped" = "running", text = "vm: { cpus: 3 }\n") =>
  hostContext({ machine: machine(process), files: { "/home/mia/w.yaml": text } });

/** Every `ascalon VERB` that is told to run, as it is written. */
const told = (text: string) => text.match(/\bascalon (?!--config )[a-z-]+/g) ?? [];

it.each([
  ["status"],
  ["plan"],
  ["up"],
  ["up", "--dry-run"],
  ["restart"],
  ["doctor"],
  ["config", "set", "system.flake", "/home/mia/guest"],
  ["config", "set", "agent.enabled", "true"],
  ["agent", "status"],
])("with --config, what %j tells to run is about the same file", async (...argv) => {
  const { out, err } = await runApp(["--config", "/home/mia/w.yaml", ...argv], context());
  expect(told(out + err)).toEqual([]);
  const without = await runApp(argv, context());
  expect(without.out + without.err).not.toContain("--config");
});

it("the advice for a VM that is stopped carries it", async () => {
  const { out } = await runApp(["--config", "/home/mia/w.yaml", "status"], context("stopped"));
  expect(out).toContain("Start it with: ascalon --config /home/mia/w.yaml up\n");
});

it("and the last words of up", async () => {
  const { err } = await runApp(["--config", "/home/mia/w.yaml", "up"], context("stopped", ""));
  expect(err).toContain("Next: ascalon --config /home/mia/w.yaml shell");
});
