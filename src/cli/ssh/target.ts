import type { Context } from "../context.ts";
import { parseSshConfig } from "./config-file.ts";

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
  context: Pick<Context, "files">,
  instanceDir: string,
): Promise<SshTarget | undefined> {
  const configFile = `${instanceDir}/ssh.config`;
  const block = parseSshConfig((await context.files.readText(configFile)) ?? "");
  const { port, user, controlpath, identityfile } = block?.options ?? {};
  const portNumber = Number(port);
  if (!block || !user || !controlpath || !identityfile) return undefined;
  if (!(portNumber > 0 && portNumber < 65_536)) return undefined;
  return {
    configFile,
    host: block.host,
    port: portNumber,
    user,
    controlPath: controlpath,
    identityFile: identityfile,
  };
}

export interface SshCall {
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

/**
 * Lima's key is a file and the guest's agent comes by a link of ascalon's own, so the agent of the host is left alone:
 * a locked one may open its window, or wait for a fingerprint, at each question.
 */
const noAgent = ["-o", "IdentityAgent=none"];

/** Through the master; ssh itself makes a missing one anew, because Lima's file says `ControlMaster auto`. */
export function argsViaMaster(target: SshTarget, call: SshCall): string[] {
  return ["-F", target.configFile, ...noAgent, ...withCommand(target, call)];
}

/** `ControlPath=none` is what keeps ssh off a master that is there; ControlMaster=no alone does not. */
export function argsWithoutMaster(target: SshTarget, call: SshCall): string[] {
  const noMaster = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];
  return ["-F", target.configFile, ...noMaster, ...noAgent, ...withCommand(target, call)];
}
