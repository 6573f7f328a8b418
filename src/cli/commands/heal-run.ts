import type { CommandRun } from "../command.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { linkLines } from "../present/links.ts";
import { withSameSettings } from "../same-settings.ts";
import { heal, holdLinks } from "./hold-links.ts";

export const runHeal: CommandRun = async (context, flags) => {
  if (flags.hold === true) return await holdLinks(context, async () => "stay");
  const outcome = await heal(context);
  if (outcome.kind === "no-agent") {
    throw new AscalonError("E_AGENT", {
      what: "no agent is running, so nothing keeps the links up",
      run: "ascalon agent install    (or, until Ctrl-C: ascalon heal --hold)",
    });
  }
  const links = outcome.status?.links ?? [];
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify({ schema: 1, settled: outcome.kind === "settled", links })}\n`);
  } else {
    const now = Math.floor(context.clock.now() / 1000);
    const style = { colors: context.stdout.colors, now, home: context.host.home };
    for (const line of linkLines(links, style)) context.stdout.write(`${line}\n`);
  }
  if (outcome.kind === "settled") return exitCodes.ok;
  const told =
    outcome.status === undefined
      ? "The agent does not answer: it is busy, or hangs."
      : "Not everything is healed yet; the agent keeps trying.";
  context.stderr.write(withSameSettings(`${told} Next: ascalon doctor\n`, context.configFlag));
  return exitCodes.notReady;
};
