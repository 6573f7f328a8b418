import { posix } from "node:path";
import { decideAttach, type Explanation, type GateDecision } from "../../shared/attach-gate.ts";
import { stateFiles } from "../../shared/plugin-contract.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { oneLine } from "../printable.ts";
import { withSameSettings } from "../same-settings.ts";
import { canOpenWindow, connectWords, findWezTerm } from "../wezterm/gui-program.ts";
import { loadsPlugin } from "../wezterm/loads-plugin.ts";
import { askToAttach, heldByTmux, isHeldByTmux, isInWezTermPane } from "../wezterm/user-variable.ts";
import { statusNow } from "./attach-status.ts";
import { type EndedWindow, openWindow } from "./attach-window.ts";
import { holdLinks, mustHold } from "./hold-links.ts";

export const runAttach: CommandRun = async (context, flags) => {
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify(await statusNow(context))}\n`);
    return exitCodes.ok;
  }
  if (flags.hold !== true && !(await mustHold(context))) return (await attach(context)).code;
  return await holdLinks(context, async () => {
    const { code, showsHere } = await attach(context);
    return showsHere || code !== exitCodes.ok ? code : "stay";
  });
};

interface Attached {
  readonly code: number;
  /** It was a shell in this terminal, and that has ended. */
  readonly showsHere: boolean;
}

async function attach(context: Context): Promise<Attached> {
  const done = (code: number, showsHere = false): Attached => ({ code, showsHere });
  const pluginConfigured = await loadsPlugin(context);
  if (isInWezTermPane(context)) {
    if (!pluginConfigured)
      say(context, "WezTerm's configuration does not load the plugin: run ascalon wezterm install");
    else if (await isHeldByTmux(context)) say(context, heldByTmux);
    else if (askToAttach(context)) {
      say(context, "asked WezTerm to attach the VM");
      return done(exitCodes.ok);
    }
  }
  const wezterm = canOpenWindow(context) ? await findWezTerm(context) : undefined;
  if (wezterm === undefined) return done(await fallBack(context), true);
  const decision = await passGate(context);
  if (decision.act === "explain") return done(explain(context, decision));
  const socket = posix.join(pathsOf(context).stateDir, stateFiles.socket);
  const ended = await openWindow(context, wezterm, connectWords(socket, pluginConfigured));
  if (ended) return done(explain(context, noWindow(ended), exitCodes.failed));
  say(context, "opened a WezTerm window on the VM");
  return done(exitCodes.ok);
}

/** The gate of CMD+SHIFT+A, with the VM started on the way when it is down. */
async function passGate(context: Context): Promise<GateDecision> {
  const first = await decide(context);
  if (first.act !== "start" && first.act !== "wait") return first;
  say(context, first.headline);
  const { ensureRunning, staysDown } = await import("./ensure-running.ts");
  await ensureRunning(context, "ascalon attach");
  const settled = await settledGate(() => decide(context), context);
  if (settled.act === "attach" || (await statusNow(context)).vm.state !== "stopped") return settled;
  if (await staysDown(context)) return stoppedSince;
  await ensureRunning(context, "ascalon attach");
  return await settledGate(() => decide(context), context);
}

const stoppedSince: Explanation = {
  act: "explain",
  headline: "The VM has been stopped in the meantime.",
  lines: [],
  offers: ["up"],
};

/** The link follows the VM within seconds; without an agent nobody makes it. */
const linkMs = 10_000;
/** A busy VM takes longer for the login that the link is: whoever makes it says so. */
const slowLinkMs = 60_000;
const lookMs = 500;

/** The decision once the link is made, or will not be for a while. */
export async function settledGate(
  decideNow: () => Promise<GateDecision>,
  { clock, signal }: Pick<Context, "clock" | "signal">,
): Promise<GateDecision> {
  const began = clock.monotonic();
  for (;;) {
    const next = await decideNow();
    if (next.act === "attach" || next.act === "explain") return next;
    const passedMs = clock.monotonic() - began;
    if (next.act === "wait" && passedMs >= slowLinkMs) {
      const lines = ["ascalon keeps trying, and so does: ascalon attach"];
      return { act: "explain", headline: next.headline, lines, offers: next.offers };
    }
    if (next.act !== "wait" && passedMs >= linkMs) {
      const lines = ["The VM is running; ascalon agent install makes its links."];
      const headline = "There is no link between WezTerm and the VM.";
      return { act: "explain", headline, lines, offers: ["doctor"] };
    }
    await clock.sleep(lookMs, signal);
  }
}

async function decide(context: Context): Promise<GateDecision> {
  return decideAttach({
    now: Math.floor(context.clock.now() / 1000),
    status: await statusNow(context),
    domain: "detached",
    hasPanes: false,
    busy: false,
    asked: true,
    cliKnown: true,
    guiPid: undefined,
  });
}

async function fallBack(context: Context): Promise<number> {
  say(context, "no WezTerm window can open here: this is ascalon shell instead");
  const { runShell } = await import("./shell-run.ts");
  return await runShell(context, {}, []);
}

const noWindow = ({ headline, words }: EndedWindow): Explanation => ({
  act: "explain",
  headline,
  lines: words,
  offers: ["shell"],
});

function explain(
  context: Context,
  { headline, lines, offers }: Explanation,
  code: ExitCode = exitCodes.notReady,
): ExitCode {
  const [offer] = offers;
  const words = withSameSettings(`ascalon ${offer}`, context.configFlag);
  const run = offer === undefined || offer === "proxy" ? "" : `  run: ${words}\n`;
  context.stderr.write(
    `ascalon: ${oneLine(headline)}\n${lines.map((line) => `  ${withSameSettings(oneLine(line), context.configFlag)}\n`).join("")}${run}`,
  );
  return code;
}

const say = (context: Context, sentence: string): void =>
  context.stderr.write(`ascalon: ${withSameSettings(sentence, context.configFlag)}\n`);
