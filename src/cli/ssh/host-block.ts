import { quote, quoteAll } from "../quote.ts";

export interface HostBlockFacts {
  readonly user: string;
  /** Lima's key for every VM below the same LIMA_HOME. */
  readonly identityFile: string;
  /** Lima's ssh.config of the instance, whose port is read at each call. */
  readonly limaConfigFile: string;
  /** sshd's port inside the guest. */
  readonly guestPort?: number;
  /** The file that `--config` named, absolute: what a stopped VM tells to run is about it. */
  readonly settingsFile?: string | undefined;
}

/**
 * Runs as ssh's ProxyCommand: reads the port of this start of the VM and connects to it, by `nc` where there is one
 * (macOS always), else by a second ssh. `exec` and the quoting suit every login shell of the host. Lima leaves ssh.config
 * at stop, and its port may be another VM's by then, which would even accept the key: so one of the processes has to live.
 */
const connect = [
  `c=\${3:-ascalon}`,
  `say() { printf "%s " "ascalon: $1:" "$c" "$2" >&2; echo >&2; }`,
  `up=`,
  `for f in ha vz qemu; do q=; { read -r q <"\${1%/*}/$f.pid"; } 2>/dev/null; [ -n "$q" ] && kill -0 "$q" 2>/dev/null && up=1; done`,
  `[ -n "$up" ] || { say "the VM is stopped" up; exit 1; }`,
  `p=$(sed -n "s/^ *Port //p" "$1" 2>/dev/null)`,
  `[ -n "$p" ] || { say "the VM is not running" start; exit 1; }`,
  `command -v nc >/dev/null && exec nc 127.0.0.1 "$p"`,
  `exec ssh -F "$1" -o ControlMaster=no -o ControlPath=none -W "127.0.0.1:$2" lima-ascalon`,
].join("; ");

/**
 * The Host block that makes plain `ssh ascalon`, scp, git and editors work. It holds nothing that changes with a
 * start of the VM. The guest's host key is made anew with the VM and never leaves this host, so it is not checked,
 * as in Lima's own file. An agent is asked for its keys whatever IdentitiesOnly says, and a locked one may open its window:
 * 1Password's stands in the `Host *` of many.
 */
export function hostBlock(facts: HostBlockFacts): string {
  const proxy = quoteAll([
    "/bin/sh",
    "-c",
    connect,
    "ascalon",
    facts.limaConfigFile,
    String(facts.guestPort ?? 22),
    ...(facts.settingsFile === undefined ? [] : [`ascalon --config ${quote(facts.settingsFile)}`]),
  ]);
  return `Host ascalon
  HostName 127.0.0.1
  User ${facts.user}
  IdentityFile ${configWord(facts.identityFile)}
  IdentitiesOnly yes
  IdentityAgent none
  PreferredAuthentications publickey
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
  ProxyCommand ${proxy.replaceAll("%", "%%")}
`;
}

/** A path as ssh_config reads it: quoted for spaces, `%` doubled because it begins a token. */
export const configWord = (path: string): string => `"${path.replaceAll("%", "%%")}"`;
