import { requestHeal } from "../agent/heal.ts";
import type { CommandRun } from "../command.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { linkLines } from "../present/links.ts";

export const runHeal: CommandRun = async (context, flags) => {
  const outcome = await requestHeal(context, pathsOf(context).stateDir);
  if (outcome.kind === "no-agent") {
    throw new AscalonError("E_AGENT", {
      what: "no agent runs, so nothing holds the links",
      run: "ascalon agent install    (or, for as long as it runs: ascalon agent run)",
    });
  }
  const links = outcome.status?.links ?? [];
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify({ schema: 1, settled: outcome.kind === "settled", links })}\n`);
  } else {
    for (const line of linkLines(links)) context.stdout.write(`${line}\n`);
  }
  if (outcome.kind === "settled") return exitCodes.ok;
  context.stderr.write("Not everything is healed yet; the agent goes on. Next: ascalon doctor\n");
  return exitCodes.notReady;
};
