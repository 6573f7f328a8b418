import type { Files } from "./files.ts";
import { exchange } from "./sockets.ts";
import { parseSshConfig } from "./ssh-config-file.ts";

/** How to reach the guest: what Lima wrote at the last start. The port changes at each start, so this is never stored. */
export interface SshTarget {
  readonly configFile: string;
  /** The alias in configFile: `lima-ascalon`. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Socket of the connection that Lima keeps open ("master"). */
  readonly controlPath: string;
  readonly identityFile: string;
}

/** undefined while the file is missing or half written: no start has come as far as ssh yet. */
export async function readSshTarget(
  files: Pick<Files, "readText">,
  instanceDir: string,
): Promise<SshTarget | undefined> {
  const configFile = `${instanceDir}/ssh.config`;
  const block = parseSshConfig((await files.readText(configFile)) ?? "");
  const { port, user, controlpath, identityfile } = block?.options ?? {};
  const portNumber = Number(port);
  if (!block || !user || !controlpath || !identityfile || !(portNumber > 0 && portNumber < 65_536))
    return undefined;
  return {
    configFile,
    host: block.host,
    port: portNumber,
    user,
    controlPath: controlpath,
    identityFile: identityfile,
  };
}

/** `refused`: its socket file is left over; `hung`: the process accepts and does not answer. */
export type MasterState = "answers" | "absent" | "refused" | "hung";

/** A mux packet: u32 length 8, u32 MUX_MSG_HELLO (1), u32 protocol version; OpenSSH's PROTOCOL.mux §1. */
const helloBytes = 12;
const helloType = 1;

/**
 * A master says hello to whoever connects, before it is asked anything, so reading proves that the process is
 * there and runs, in about a millisecond; `ssh -O check` proves the same and costs a program start. It says
 * nothing about the connection behind it.
 */
export async function observeMaster(controlPath: string, timeoutMs = 300): Promise<MasterState> {
  const reply = await exchange(controlPath, new Uint8Array(), { timeoutMs, maxBytes: helloBytes });
  if (reply.kind === "absent" || reply.kind === "refused") return reply.kind;
  if (reply.kind !== "data" || reply.bytes.length < helloBytes) return "hung";
  return reply.bytes.readUInt32BE(4) === helloType ? "answers" : "hung";
}

export async function masterAnswers(controlPath: string, timeoutMs = 300): Promise<boolean> {
  return (await observeMaster(controlPath, timeoutMs)) === "answers";
}

export interface SshCall {
  /** Further options, each as ssh's own arguments. */
  readonly options?: readonly string[];
  /** One string: ssh joins words with spaces and the guest's shell splits them again. */
  readonly command?: string;
}

const withCommand = (target: SshTarget, call: SshCall): string[] => [
  ...(call.options ?? []),
  "--",
  target.host,
  ...(call.command === undefined ? [] : [call.command]),
];

/** Through the master; a missing one is made anew by ssh itself, because Lima's file says `ControlMaster auto`. */
export function argsViaMaster(target: SshTarget, call: SshCall): string[] {
  return ["-F", target.configFile, ...withCommand(target, call)];
}

/** `ControlPath=none` is what keeps ssh off a master that is there; ControlMaster=no alone does not. */
export function argsWithoutMaster(target: SshTarget, call: SshCall, connectTimeoutSeconds = 10): string[] {
  const options = [
    ...["-o", "ControlMaster=no", "-o", "ControlPath=none"],
    ...["-o", `ConnectTimeout=${connectTimeoutSeconds}`],
  ];
  return ["-F", target.configFile, ...options, ...withCommand(target, call)];
}
