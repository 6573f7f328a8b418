import { createFrameReader, frameHeader, frameKind } from "../../shared/bridge-frame.ts";
import { bridgeHello, bridgeVersion } from "../../shared/bridge-hello.ts";
import { type BridgeStatus, bridgeCommands, readBridgeStatus } from "../../shared/bridge-messages.ts";
import { commandRule } from "../bridge/policy.ts";
import { createProgramFinder } from "../bridge/programs.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../errors.ts";
import { bridgeSocketPath } from "../links/table.ts";
import { pathsOf } from "../paths.ts";
import { withSameSettings } from "../same-settings.ts";
import { loadSettings } from "../settings/load.ts";

const question = Buffer.from('"status"');
const request = Buffer.concat([
  Buffer.from(bridgeHello(bridgeVersion)),
  frameHeader(frameKind.ask, 0, question.length),
  question,
]);

/** Asks the agent at its socket; undefined when nobody answers there. */
async function askBridge(context: Context): Promise<BridgeStatus | undefined> {
  const path = bridgeSocketPath(pathsOf(context).sockDir);
  const reply = await context.sockets.exchange(path, request, { timeoutMs: 2_000, maxBytes: 65_536 });
  if (reply.kind !== "data") return undefined;
  let status: BridgeStatus | undefined;
  const reader = createFrameReader([frameKind.answer], {
    onData: () => {},
    onFrame: (_, __, payload) => {
      status = readBridgeStatus(JSON.parse(Buffer.from(payload).toString("utf8")));
    },
  });
  reader.push(reply.bytes.subarray(reply.bytes.indexOf("\n") + 1));
  return status;
}

/** `ascalon bridge status`: what the settings allow, which programs stand for it, and what the agent counted. */
export const runBridgeStatus: CommandRun = async (context, flags) => {
  const { settings } = await loadSettings(context);
  const { allow, rules } = settings.bridge;
  const programs = createProgramFinder(context);
  const commands = await Promise.all(
    bridgeCommands.map(async (command) => {
      const rule = commandRule(command);
      const own = rules.find((one) => one.command === command);
      const program = rule && (await programs.forCommand(rule, own))?.file;
      return { command, allowed: allow.includes(command), program: program ?? null, rule: own ?? null };
    }),
  );
  const answer = await askBridge(context);
  if (flags.json === true) {
    context.stdout.write(
      `${JSON.stringify({ schema: 1, works: answer !== undefined, commands, agent: answer ?? null })}\n`,
    );
    return exitCodes.ok;
  }
  const state = answer ? "works" : "it does not answer: the agent is not running (ascalon status)";
  context.stdout.write(withSameSettings(`bridge   ${state}\n`, context.configFlag));
  for (const { command, allowed, program, rule } of commands) {
    const asks = rule?.confirm ? ", you are asked each time" : "";
    const what = allowed
      ? `allowed${asks}${program ? "" : ", and the host has no program for it"}`
      : "not allowed";
    context.stdout.write(`${command.padEnd(8)} ${what}${allowed && program ? `  ${program}` : ""}\n`);
  }
  if (answer) {
    const { calls, running, asking, refused, malformed } = answer;
    const waits = asking > 0 ? `, ${asking} waiting for your answer` : "";
    context.stdout.write(
      `calls    ${calls}, ${running} now running${waits}, ${refused} refused, ${malformed} malformed\n`,
    );
  }
  return exitCodes.ok;
};
