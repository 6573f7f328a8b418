import { discoveryPort, findLinks } from "../agent/find-links.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import type { DoctorPort, Finding } from "../doctor/check.ts";
import { askOnce } from "../doctor/guest-answers.ts";
import { runChecks } from "../doctor/run-checks.ts";
import { exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { doctorDocument, renderDoctor } from "../present/doctor.ts";
import { hintParts } from "../present/hint.ts";
import { withSameSettings } from "../same-settings.ts";
import { loadSettings } from "../settings/load.ts";
import { resolveSettings } from "../settings/resolve.ts";
import { ownWords } from "./own-words.ts";
import { servicePlanOf } from "./service-plan.ts";

export const runDoctor: CommandRun = async (context, flags) => {
  let findings = await runChecks(await doctorPort(context));
  if (flags.fix === true && (await applyFixes(context, findings))) {
    findings = await runChecks(await doctorPort(context));
  }
  const same = (text: string): string => withSameSettings(text, context.configFlag);
  const told = findings.map(({ fix, ...one }) => ({
    ...one,
    evidence: same(one.evidence),
    ...(fix === undefined ? {} : { fix: same(fix) }),
  }));
  context.stdout.write(
    flags.json === true
      ? `${JSON.stringify(doctorDocument(told))}\n`
      : renderDoctor(told, context.stdout.colors),
  );
  return findings.some(({ verdict }) => verdict === "problem") ? exitCodes.failed : exitCodes.ok;
};

/** Nothing here throws: what cannot be read is what a check has to tell. */
async function doctorPort(context: Context): Promise<DoctorPort> {
  const paths = pathsOf(context);
  const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
  const loaded = await loadSettings(context).catch(asError);
  const settings = loaded instanceof Error ? defaultSettings(context) : loaded.settings;
  const machine = await context.openMachine(context, async () => settings.vm.type);
  const { converse } = await context.linkTools();
  const where = {
    env: context.env,
    home: context.host.home,
    platform: context.host.platform,
    uid: context.uid,
  };
  return {
    context,
    paths,
    settings: loaded instanceof Error ? loaded : "read",
    facts: await machine.observe().catch(asError),
    limaVersion: () => machine.version(),
    links: await findLinks(discoveryPort(converse, context.files), where, settings, paths.sockDir).catch(
      asError,
    ),
    service: await servicePlanOf(context).catch(asError),
    startSettings: settings,
    agentEnabled: settings.agent.enabled,
    converse,
    guest: askOnce(context.clock, async (command) => {
      const guest = await context.openGuest(context);
      const result = await guest.run(["sh", "-c", command], { timeoutMs: 8000 });
      if (result.kind === "unreachable") throw new Error(result.why);
      const { code, stdout, stderr } = result;
      return { exitCode: code, signal: undefined, stdout, stderr, timedOut: false, startError: undefined };
    }),
  };
}

function defaultSettings(context: Context) {
  const resolved = resolveSettings({}, context.host);
  if ("problems" in resolved) throw new Error("the default settings do not fit this host");
  return resolved.settings;
}

/** ascalon's own commands that never lose anything, in the order in which they help each other. */
const safeFixes = ["ascalon up", "ascalon agent install", "ascalon heal"] as const;

/** Runs what the findings ask for, in a process of its own each; true when something was run. */
async function applyFixes(context: Context, findings: readonly Finding[]): Promise<boolean> {
  const wanted = safeFixes.filter((command) =>
    findings.some(
      // Words in brackets may follow; any other word makes it another command, which may stay until Ctrl-C.
      ({ verdict, fix }) =>
        (verdict === "problem" || verdict === "warning") &&
        fix !== undefined &&
        hintParts(fix)[0] === command,
    ),
  );
  const [file = "", ...args] = await ownWords(context);
  for (const command of wanted) {
    context.stderr.write(`$ ${command}\n`);
    // It hears Ctrl-C itself, and says what goes on without it.
    const done = context.finishFirst();
    await context.processes.inherit(file, [...args, ...command.split(" ").slice(1)]).finally(done);
    context.signal.throwIfAborted();
  }
  return wanted.length > 0;
}
