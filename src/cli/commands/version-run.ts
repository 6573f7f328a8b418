import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { version } from "../version.ts";

export const runVersion: CommandRun = async (context, flags) => {
  if (flags.json !== true && flags.all !== true) {
    context.stdout.write(`ascalon ${version}\n`);
    return exitCodes.ok;
  }
  const limactl = await context.processes.run("limactl", ["--version"], { timeoutMs: 5000 });
  const facts = {
    schema: 1,
    ascalon: version,
    node: process.version,
    limactl: limactl.exitCode === 0 ? limactl.stdout.trim().replace(/^limactl version /, "") : null,
    platform: context.host.platform,
    arch: context.host.arch,
  };
  if (flags.json === true) context.stdout.write(`${JSON.stringify(facts)}\n`);
  else {
    const rows = Object.entries(facts).filter(([key]) => key !== "schema");
    for (const [key, value] of rows) context.stdout.write(`${key.padEnd(9)} ${value ?? "not found"}\n`);
  }
  return exitCodes.ok;
};
