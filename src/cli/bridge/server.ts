import { frameKind } from "../../shared/bridge-frame.ts";
import type { BridgeStatus, ExecRequest } from "../../shared/bridge-messages.ts";
import type { StartPiped } from "../adapters/process.ts";
import { version } from "../version.ts";
import { type Call, startCall } from "./call.ts";
import { type Client, serveConnection } from "./connection.ts";
import { createConnections } from "./connections.ts";
import { bridgeLimits, newCounters } from "./counters.ts";
import {
  type Allowance,
  type BridgeSettings,
  type CallContext,
  createCallDecider,
  type Refusal,
} from "./decide-call.ts";
import type { BridgeSocket } from "./endpoint.ts";
import { environmentFor } from "./environment.ts";
import { createInputBudget } from "./input-budget.ts";
import { createKeeper } from "./keeper.ts";
import type { BridgeLog } from "./log.ts";
import { startPipedProgram } from "./piped-program.ts";
import { createProgramFinder } from "./programs.ts";
import { readTogether } from "./read-together.ts";
import { createTerminalSessions, type TerminalSessions } from "./terminal-sessions.ts";
import { createCallTurns } from "./turns.ts";

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

const tooMany = (label: string): Refusal => ({
  kind: "refuse",
  label,
  code: "busy",
  why: "too many calls at once",
});

/** The host's end of the bridge: every connection is a call, or a question about the bridge. */
export function createBridgeServer({ context, startPiped, readSettings, log }: BridgeOptions): BridgeServer {
  const counters = newCounters();
  const programs = createProgramFinder(context);
  const decider = createCallDecider(context, programs);
  const takeTurn = createCallTurns(bridgeLimits.programs);
  const ownEnv = environmentFor(context, [], []);
  const keeper = createKeeper(startPiped, ownEnv);
  const connections = createConnections(bridgeLimits.connections);
  const inputOf = createInputBudget(bridgeLimits.inputBytes);
  let settings: BridgeSettings = { bridge: { allow: [], rules: [] }, mounts: [] };
  let sessions: TerminalSessions | undefined;

  /** Perl is what makes terminals, and what ends programs that the agent cannot end any more. */
  const findPerl = async (): Promise<string | undefined> => (await programs.find(["perl"]))?.file;
  const currentSettings = readTogether(async (): Promise<BridgeSettings> => {
    settings = await readSettings().catch(() => settings);
    return settings;
  });
  const begin = (
    { label, spec, maxInputBytes }: Allowance,
    request: ExecRequest,
    client: Client,
    perl: string | undefined,
    giveBack: () => void,
  ): Call => {
    const startedMs = context.clock.monotonic();
    counters.running += 1;
    counters.calls += 1;
    const input = inputOf(label, maxInputBytes);
    let isOver = false;
    let cut: string | undefined;
    const over = (end: string): void => {
      if (isOver) return;
      isOver = true;
      giveBack();
      input.giveBack();
      counters.running -= 1;
      const isGone = cut === undefined && client.gone.aborted ? "abandoned, " : "";
      const how = cut ?? end;
      log.write(`${label}: ${isGone}${how} after ${Math.round(context.clock.monotonic() - startedMs)} ms`);
    };
    if (perl !== undefined) sessions ??= createTerminalSessions({ start: startPiped, perl, env: ownEnv });
    const onTerminal = spec.streams.includes("terminal") ? sessions : undefined;
    client.send(frameKind.started, 0, new Uint8Array());
    return startCall({
      spec,
      input,
      onTooMuch: (why) => {
        cut = `refused, ${why},`;
        counters.refused += 1;
        client.fail("refused", why);
      },
      send: client.send,
      start: (wanted, events) =>
        onTerminal
          ? onTerminal.run(request.session, wanted, events)
          : startPipedProgram(keeper.start(perl), wanted, events),
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
  const refuse = ({ label, code, why, detail }: Refusal, client: Client): undefined => {
    counters.refused += 1;
    log.write(`${label}: ${code}, ${why}`);
    client.fail(code, detail === undefined ? why : `${why}: ${detail}`);
  };
  const exec = async (request: ExecRequest, client: Client): Promise<Call | undefined> => {
    const refused = decider.admit(request, await currentSettings());
    if (refused) return refuse(refused, client);
    if (connections.busy() > bridgeLimits.calls) return refuse(tooMany(request.command), client);
    const perl = await findPerl();
    const canMakeTerminal = perl !== undefined;
    const asked = await decider.ask(request, currentSettings, canMakeTerminal, client.gone);
    if (client.gone.aborted) {
      if (asked) log.write(`${asked.label}: abandoned while the host was asked`);
      return undefined;
    }
    if (asked?.kind === "refuse") return refuse(asked, client);
    const giveBack = await takeTurn(request.command, client.gone);
    if (!giveBack) return undefined;
    let isStarted = false;
    try {
      const decision = await decider.decide(request, currentSettings, canMakeTerminal, asked);
      if (client.gone.aborted) return undefined;
      if (decision.kind === "refuse") return refuse(decision, client);
      // Nothing is waited for between the decision and the start: the guest could change what was looked at.
      const call = begin(decision, request, client, perl, giveBack);
      isStarted = true;
      return call;
    } finally {
      if (!isStarted) giveBack();
    }
  };
  const status = async (): Promise<BridgeStatus> => {
    const { bridge } = await currentSettings();
    return { ascalon: version, allow: bridge.allow, asking: decider.asking(), ...counters };
  };
  return {
    serve: (socket) => {
      if (!connections.makeRoom()) {
        counters.refused += 1;
        socket.destroy();
        return;
      }
      const connection = serveConnection(socket, {
        exec,
        ask: (question, client) => {
          if (question === "status") void status().then((answer) => client.finish(frameKind.answer, answer));
          else client.fail("malformed", "not a valid question");
        },
        malformed: (why) => {
          counters.malformed += 1;
          log.write(`malformed: ${why}`);
        },
      });
      connections.add(socket, connection);
    },
    close: () => {
      sessions?.close();
      keeper.close();
    },
  };
}
