import type { BridgeErrorCode, ExecRequest } from "../../shared/bridge-messages.ts";
import type { Context } from "../context.ts";
import type { Settings } from "../settings/settings.ts";
import { confirmCall } from "./confirm.ts";
import { environmentFor } from "./environment.ts";
import { commandRule } from "./policy.ts";
import type { ProgramSpec } from "./program.ts";
import type { ProgramFinder } from "./programs.ts";
import { createRateLimit } from "./rate.ts";

export type CallDecision =
  | {
      readonly kind: "run";
      readonly label: string;
      readonly spec: ProgramSpec;
      readonly maxInputBytes: number;
    }
  | { readonly kind: "refuse"; readonly label: string; readonly code: BridgeErrorCode; readonly why: string };

export type CallContext = Pick<Context, "env" | "host" | "files" | "clock" | "processes">;

/** What the rules need of the settings; read anew for each call, so a change takes effect with the next one. */
export type BridgeSettings = Pick<Settings, "bridge" | "mounts">;

const size = { columns: 80, rows: 24 };

/** Decides a call from its request, the settings and the host. Nothing is started but the question to a person. */
export function createCallDecider(context: CallContext, programs: ProgramFinder) {
  const { host, files, clock } = context;
  const rates = new Map<string, () => boolean>();

  const mayCall = (command: string): boolean => {
    const rule = commandRule(command);
    if (!rule) return true;
    const known = rates.get(command) ?? createRateLimit(rule.rate, clock.monotonic);
    rates.set(command, known);
    return known();
  };
  const lookAt = async (path: string) => {
    const real = await files.realPath(path).catch(() => undefined);
    const info = real === undefined ? undefined : await files.info(real);
    return real === undefined || !info ? undefined : { path: real, isFolder: info.kind === "folder" };
  };

  return async (
    request: ExecRequest,
    settings: BridgeSettings,
    canMakeTerminal: boolean,
  ): Promise<CallDecision> => {
    const rule = commandRule(request.command);
    const label = rule?.command ?? "an unknown command";
    const refuse = (code: BridgeErrorCode, why: string, as: string = label): CallDecision => ({
      kind: "refuse",
      label: as,
      code,
      why,
    });
    if (!rule) return refuse("refused", "the bridge does not know the command");
    if (!settings.bridge.allow.includes(rule.command))
      return refuse(
        "refused",
        `bridge.allow does not list ${rule.command} (on the host: ascalon bridge allow ${rule.command})`,
      );
    if (!mayCall(rule.command)) return refuse("busy", `too many calls of ${rule.command} in a short time`);
    const own = settings.bridge.rules.find(({ command }) => command === rule.command);
    const program = await programs.forCommand(rule, own);
    if (!program) return refuse("missing", `the host has no program for ${rule.command}`);
    const mounts = settings.mounts.map(({ host: path }) => ({ host: path, guest: path }));
    const facts = { platform: host.platform, tool: program.tool, mounts, rule: own, lookAt };
    const decision = await rule.decide(request.args, facts);
    if (decision.kind === "refuse") return refuse("refused", decision.why, decision.label);
    const env = environmentFor(context, request.env, rule.env);
    if (own?.confirm && !(await confirmCall(context, programs, decision.label, env)))
      return refuse("refused", "it was not confirmed on the host", decision.label);
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
      maxInputBytes: rule.maxInputBytes ?? Number.POSITIVE_INFINITY,
    };
  };
}
