import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { MachineFacts } from "../machine/facts.ts";
import type { Machine, MachineDescription, Progress, StartOptions } from "../machine/machine.ts";
import type { SystemWork } from "../nixos/system-work.ts";
import { pathsOf } from "../paths.ts";
import { asCreated, withLiveKeys, withRestartKeys } from "../settings/merge.ts";
import type { Settings } from "../settings/settings.ts";
import { renewInstalledBlock } from "../ssh/installed-block.ts";
import { askLoginReport } from "../ssh/login-report.ts";
import type { Reporter } from "./reporter.ts";
import { type Step, stepWords } from "./steps.ts";
import { waitForLogin } from "./wait-for-login.ts";
import { withWhyNotReady } from "./why-not-ready.ts";

export interface Applier {
  readonly context: Context;
  readonly machine: Machine;
  readonly reporter: Reporter;
  readonly start: StartOptions;
  readonly settings: Settings;
  /** Settings as the machine's own description; asked for only by steps that need it. */
  readonly describe: (settings: Settings) => Promise<MachineDescription>;
  /** The same for the VM that exists, whose images stay those it was made of. */
  readonly describeExisting: (settings: Settings) => Promise<MachineDescription>;
  readonly facts: MachineFacts;
  /** For the steps that change the guest's system. */
  readonly system: SystemWork | undefined;
  /** Everything the steps say is appended here. */
  readonly logFile: string;
}

/** Lines of a failing step that are shown with the error. */
const shownLines = 20;

/** Beyond this the log is begun anew; the one before it is kept beside it. */
const longestLogBytes = 1024 ** 2;

/** Applies the steps in order and stops at the first that fails; every step may be repeated by the next `up`. */
export async function applySteps(steps: readonly Step[], applier: Applier): Promise<void> {
  const { context, reporter, logFile } = applier;
  for (const step of steps) {
    // A step that could not be interrupted may have ended after Ctrl-C.
    context.signal.throwIfAborted();
    // Nor is it said of a guest that nobody waits for that it answers.
    if (step.kind === "wait" && !applier.start.wait) continue;
    const began = context.clock.monotonic();
    const lines: string[] = [];
    const log: string[] = [stamp(context, stepWords[step.kind][0])];
    reporter.begin(step);
    try {
      await applyStep(step, applier, (text, kind) => {
        if (text.trim() === "") return;
        reporter.line(step, text);
        if (kind === "passing") return;
        lines.push(text);
        log.push(stamp(context, text));
      });
      reporter.done(step, context.clock.monotonic() - began);
    } catch (thrown) {
      const error = await withWhyNotReady(context, thrown);
      reporter.failed(step, context.clock.monotonic() - began);
      log.push(stamp(context, `failed: ${error instanceof Error ? error.message : String(error)}`));
      throw withLog(error, lines.slice(-shownLines), logFile);
    } finally {
      await writeLog(context, logFile, log);
    }
  }
}

/** A log that cannot be written, on a full disk say, must not hide how the step ended. */
async function writeLog({ files }: Context, logFile: string, lines: readonly string[]): Promise<void> {
  try {
    await files.makeFolder(logFile.slice(0, logFile.lastIndexOf("/")));
    if (((await files.info(logFile))?.sizeBytes ?? 0) > longestLogBytes)
      await files.rename(logFile, `${logFile}.1`);
    await files.append(logFile, `${lines.join("\n")}\n`);
  } catch {
    // Deliberately nothing.
  }
}

async function applyStep(step: Step, applier: Applier, progress: Progress): Promise<void> {
  const { machine, describe, describeExisting, facts, settings, start } = applier;
  const applied = facts.applied ?? settings;
  switch (step.kind) {
    case "clear-leftovers":
    case "recover":
      return machine.recover(facts, progress);
    case "discard-incomplete":
    case "delete":
      return machine.delete();
    case "create-home-disk":
      await machine.createHomeDisk(step.sizeBytes);
      if (step.isLost)
        applier.reporter.note("The home disk that this VM had is gone, so /home is empty now.");
      return;
    case "grow-home-disk":
      return machine.growHomeDisk(step.sizeBytes);
    case "delete-home-disk":
      return machine.deleteHomeDisk();
    case "create":
      await machine.create(await describe(asCreated(settings)), progress);
      return renewInstalledBlock(applier.context, settings.user.name);
    case "reconfigure":
      return describeExisting(withRestartKeys(applied, settings)).then((description) =>
        machine.reconfigure(description),
      );
    case "redescribe":
      // With its record gone too, the kept copy is all that knows what the VM was made as.
      if (facts.applied === undefined && step.reason === "lost" && facts.writtenYaml !== undefined)
        return machine.redescribe(facts.writtenYaml);
      return describeExisting(applied).then(({ limaYaml }) => machine.redescribe(limaYaml));
    case "adopt":
      return machine.recordSettings(settings);
    case "apply-live":
      return machine.recordSettings(withLiveKeys(applied, settings));
    case "start":
      await machine.start(start, progress);
      return start.wait ? sayOfLogin(applier) : undefined;
    case "resume":
      return machine.resume(step.halted, progress);
    case "wait":
      await machine.waitReady(start, progress);
      return waitForLogin(applier.context, start);
    case "stop": {
      const told = await machine.stop({ force: step.force }, progress);
      return told === undefined ? undefined : applier.reporter.note(told);
    }
    default:
      if (!applier.system) throw new Error("the plan changes the system and does not say to which");
      return (await import("../nixos/system-steps.ts")).applySystemStep(step.kind, applier.system, progress);
  }
}

async function sayOfLogin({ context, reporter }: Applier): Promise<void> {
  const said = await askLoginReport(context, pathsOf(context).instanceDir);
  if (said !== undefined) reporter.note(`${said[0]?.toUpperCase()}${said.slice(1)}.`);
}

const stamp = (context: Context, text: string): string =>
  `${new Date(context.clock.now()).toISOString()} ${text}`;

/** The error with the end of what the step said, unless it carries lines of its own. */
function withLog(error: unknown, lines: readonly string[], logFile: string): unknown {
  if (!(error instanceof AscalonError) || error.details.length > 0 || error.code === "E_INTERRUPTED")
    return error;
  return new AscalonError(error.code, {
    what: error.message,
    ...(error.why === undefined ? {} : { why: error.why }),
    ...(error.run === undefined ? {} : { run: error.run }),
    details: lines.length === 0 ? [] : [...lines, `(all of it: ${logFile})`],
    cause: error,
  });
}
