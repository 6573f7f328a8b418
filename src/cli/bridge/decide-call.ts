import type { BridgeErrorCode, ExecRequest } from "../../shared/bridge-messages.ts";
import type { Context } from "../context.ts";
import type { Settings } from "../settings/settings.ts";
import { environmentFor } from "./environment.ts";
import { type CommandRule, commandRule } from "./policy.ts";
import type { ProgramSpec } from "./program.ts";
import type { ProgramFinder } from "./programs.ts";
import { createQuestions } from "./questions.ts";
import { createRateLimit } from "./rate.ts";

export type Refusal = {
  readonly kind: "refuse";
  readonly label: string;
  readonly code: BridgeErrorCode;
  /** For the guest and the log; `detail` is for the guest alone. */
  readonly why: string;
  readonly detail?: string;
};

export interface Allowance {
  readonly kind: "run";
  readonly label: string;
  readonly spec: ProgramSpec;
  readonly maxInputBytes: number;
}

export type CallDecision = Allowance | Refusal;

export type CallContext = Pick<Context, "env" | "host" | "files" | "clock" | "processes">;

/** What the rules need of the settings; read anew for each call, so a change takes effect with the next one. */
export type BridgeSettings = Pick<Settings, "bridge" | "mounts">;

export type SettingsReader = () => Promise<BridgeSettings>;

const size = { columns: 80, rows: 24 };

/** Something that is not run, and why. */
const refusal = (label: string, code: BridgeErrorCode, why: string): Refusal => ({
  kind: "refuse",
  label,
  code,
  why,
});

export interface CallDecider {
  /** Whether a call may wait for its turn: what can be told of it at once. Counted, so asked once a call. */
  admit(request: ExecRequest, settings: BridgeSettings): Refusal | undefined;
  /**
   * Asks the person, where bridge.rules wants that; undefined: nobody has to be asked. Before the call's turn, because a
   * person may take a minute.
   */
  ask(
    request: ExecRequest,
    settings: SettingsReader,
    canMakeTerminal: boolean,
    gone: AbortSignal,
  ): Promise<CallDecision | undefined>;
  /**
   * The decision itself, to be followed at once: what it was made from, a file below a mount above all, is the guest's
   * to change. So what a person allowed is looked at once more.
   */
  decide(
    request: ExecRequest,
    settings: SettingsReader,
    canMakeTerminal: boolean,
    confirmed: Allowance | undefined,
  ): Promise<CallDecision>;
  /** Calls that wait for a person. */
  asking(): number;
}

/** Decides calls from their request, the settings and the host. Nothing is started but the question to a person. */
export function createCallDecider(context: CallContext, programs: ProgramFinder): CallDecider {
  const { host, files, clock } = context;
  const questions = createQuestions(context, programs);
  const rates = new Map<string, () => boolean>();

  const mayCall = ({ command, rate }: CommandRule): boolean => {
    const known = rates.get(command) ?? createRateLimit(rate, clock.monotonic);
    rates.set(command, known);
    return known();
  };
  const lookAt = async (path: string) => {
    const real = await files.realPath(path).catch(() => undefined);
    const info = real === undefined ? undefined : await files.info(real);
    return real === undefined || !info ? undefined : { path: real, isFolder: info.kind === "folder" };
  };

  const allowed = ({ command }: ExecRequest, { bridge }: BridgeSettings): CommandRule | Refusal => {
    const rule = commandRule(command);
    if (!rule) return refusal("an unknown command", "refused", "the bridge does not know the command");
    if (bridge.allow.includes(rule.command)) return rule;
    return refusal(
      rule.command,
      "refused",
      `bridge.allow does not list ${rule.command} (on the host: ascalon bridge allow ${rule.command})`,
    );
  };
  const ruleOf = ({ command }: ExecRequest, { bridge }: BridgeSettings) =>
    bridge.rules.find((rule) => rule.command === command);
  const look = async (
    request: ExecRequest,
    settings: BridgeSettings,
    canMakeTerminal: boolean,
  ): Promise<CallDecision> => {
    const rule = allowed(request, settings);
    if ("kind" in rule) return rule;
    const own = ruleOf(request, settings);
    const program = await programs.forCommand(rule, own);
    if (!program) return refusal(rule.command, "missing", `the host has no program for ${rule.command}`);
    const mounts = settings.mounts.map(({ host: path }) => ({ host: path, guest: path }));
    const facts = { platform: host.platform, tool: program.tool, mounts, rule: own, lookAt };
    const decision = await rule.decide(request.args, facts);
    if (decision.kind === "refuse") return { ...decision, code: "refused" };
    const env = {
      ...environmentFor(context, request.env, rule.env),
      ...(host.platform === "darwin" ? rule.macEnv : {}),
    };
    const terminal = rule.terminal && canMakeTerminal;
    const [stdin, stdout, stderr] = request.streams;
    const streams = terminal
      ? request.streams
      : ([
          stdin === "terminal" ? "none" : stdin,
          stdout === "terminal" ? "pipe" : stdout,
          stderr === "terminal" ? "pipe" : stderr,
        ] as const);
    const { file } = program;
    return {
      kind: "run",
      label: decision.label,
      spec: { file, args: decision.args, env, streams, terminal: request.terminal ?? size },
      maxInputBytes: decision.maxInputBytes ?? rule.maxInputBytes ?? Number.POSITIVE_INFINITY,
    };
  };

  return {
    admit: (request, settings) => {
      const rule = allowed(request, settings);
      if ("kind" in rule) return rule;
      if (mayCall(rule)) return undefined;
      return refusal(rule.command, "busy", `too many calls of ${rule.command} in a short time`);
    },
    ask: async (request, settings, canMakeTerminal, gone) => {
      const now = await settings();
      if (!ruleOf(request, now)?.confirm) return undefined;
      const first = await look(request, now, canMakeTerminal);
      if (first.kind === "refuse" || (await questions.ask(first.label, gone))) return first;
      return refusal(first.label, "refused", "it was not confirmed on the host");
    },
    decide: async (request, settings, canMakeTerminal, confirmed) => {
      const now = await settings();
      const decision = await look(request, now, canMakeTerminal);
      if (decision.kind === "refuse") return decision;
      if (confirmed && JSON.stringify(decision.spec) !== JSON.stringify(confirmed.spec))
        return refusal(decision.label, "refused", "what it names was changed while the host was asked");
      if (!confirmed && ruleOf(request, now)?.confirm)
        return refusal(decision.label, "refused", "bridge.rules was changed: it must be confirmed now");
      return decision;
    },
    asking: questions.waiting,
  };
}
