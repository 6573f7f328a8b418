import { frameKind } from "../../shared/bridge-frame.ts";
import type { BridgeStatus, ExecRequest } from "../../shared/bridge-messages.ts";
import type { StartPiped } from "../adapters/process.ts";
import { version } from "../version.ts";
import { type Call, startCall } from "./call.ts";
import { type Client, serveConnection } from "./connection.ts";
import { bridgeLimits, newCounters } from "./counters.ts";
import {
  type BridgeSettings,
  type CallContext,
  type CallDecision,
  createCallDecider,
} from "./decide-call.ts";
import type { BridgeSocket } from "./endpoint.ts";
import { environmentFor } from "./environment.ts";
import type { BridgeLog } from "./log.ts";
import { startPipedProgram } from "./piped-program.ts";
import { createProgramFinder } from "./programs.ts";
import { createTerminalSessions, type TerminalSessions } from "./terminal-sessions.ts";
import { createTurns } from "./turns.ts";

export interface BridgeOptions {
  readonly context: CallContext;
  readonly startPiped: StartPiped;
  /** Rejects while the settings are invalid: then the last valid ones hold, and without any nothing is allowed. */
  readonly readSettings: () => Promise<BridgeSettings>;
  readonly log: BridgeLog;
}

export interface BridgeServer {
  serve(socket: BridgeSocket): void;
  close(): void;
}

type Run = Extract<CallDecision, { readonly kind: "run" }>;

/** The host's end of the bridge: every connection is a call, or a question about the bridge. */
export function createBridgeServer({ context, startPiped, readSettings, log }: BridgeOptions): BridgeServer {
  const counters = newCounters();
  const programs = createProgramFinder(context);
  const decide = createCallDecider(context, programs);
  const turns = createTurns(bridgeLimits.programs);
  let connections = 0;
  let settings: BridgeSettings = { bridge: { allow: [], rules: [] }, mounts: [] };
  let sessions: TerminalSessions | undefined;

  const terminals = async (): Promise<TerminalSessions | undefined> => {
    const perl = sessions ? undefined : await programs.find(["perl"]);
    if (perl)
      sessions ??= createTerminalSessions({
        start: startPiped,
        perl: perl.file,
        env: environmentFor(context, [], []),
      });
    return sessions;
  };
  const currentSettings = async (): Promise<BridgeSettings> => {
    settings = await readSettings().catch(() => settings);
    return settings;
  };
  const begin = async (
    { label, spec, maxInputBytes }: Run,
    request: ExecRequest,
    client: Client,
  ): Promise<Call | undefined> => {
    const giveBack = await turns.take(client.gone).catch(() => undefined);
    if (!giveBack) return undefined;
    const startedMs = context.clock.monotonic();
    counters.running += 1;
    counters.calls += 1;
    let isOver = false;
    const over = (how: string): void => {
      if (isOver) return;
      isOver = true;
      giveBack();
      counters.running -= 1;
      const isGone = client.gone.aborted ? "abandoned, " : "";
      log.write(`${label}: ${isGone}${how} after ${Math.round(context.clock.monotonic() - startedMs)} ms`);
    };
    const onTerminal = spec.streams.includes("terminal") ? sessions : undefined;
    client.send(frameKind.started, 0, new Uint8Array());
    return startCall({
      spec,
      maxInputBytes,
      send: client.send,
      start: (wanted, events) =>
        onTerminal
          ? onTerminal.run(request.session, wanted, events)
          : startPipedProgram(startPiped, wanted, events),
      onExit: (end) => {
        over(end.signal ?? `exit ${end.code}`);
        client.finish(frameKind.exit, end);
      },
      onStartError: (code) => {
        over(code);
        client.fail("failed", `the host could not start ${request.command}: ${code}`);
      },
    });
  };
  const exec = async (request: ExecRequest, client: Client): Promise<Call | undefined> => {
    const wantsTerminal = request.streams.includes("terminal");
    const canMakeTerminal = wantsTerminal && (await terminals()) !== undefined;
    const decision = await decide(request, await currentSettings(), canMakeTerminal);
    if (decision.kind === "run") return await begin(decision, request, client);
    counters.refused += 1;
    log.write(`${decision.label}: ${decision.code}, ${decision.why}`);
    client.fail(decision.code, decision.why);
    return undefined;
  };
  const status = async (): Promise<BridgeStatus> => {
    const { bridge } = await currentSettings();
    return { ascalon: version, allow: bridge.allow, ...counters };
  };
  return {
    serve: (socket) => {
      if (connections >= bridgeLimits.connections) {
        counters.refused += 1;
        socket.destroy();
        return;
      }
      connections += 1;
      socket.on("close", () => {
        connections -= 1;
      });
      serveConnection(socket, {
        exec,
        ask: (question, client) => {
          if (question === "status") void status().then((answer) => client.finish(frameKind.answer, answer));
          else client.fail("malformed", "a question that is none");
        },
        malformed: (why) => {
          counters.malformed += 1;
          log.write(`malformed: ${why}`);
        },
      });
    },
    close: () => sessions?.close(),
  };
}
