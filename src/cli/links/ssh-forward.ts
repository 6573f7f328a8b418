import type { SshTarget } from "../ssh/target.ts";
import type { Link } from "./link.ts";
import { guestSocketDir } from "./path-rules.ts";

export type Endpoint = Pick<SshTarget, "configFile" | "host">;

/**
 * How the ssh process is kept alive. `cat`: it runs `cat` in the guest. That gives three things `-N` cannot: a
 * line sent and seen again proves that every forward before it was set up; when ascalon dies, even by SIGKILL,
 * the input ends and ssh ends with it, after the last connection it carries; and a replaced ssh is let go the
 * same way, without cutting anybody. `none`: `-N`, for a guest whose login shell cannot run a command, or did not
 * in time.
 */
export type Hold = "cat" | "none";

const options: readonly string[] = [
  // Lima's file asks for a shared master; ControlMaster=no alone would still use one that is there.
  "ControlMaster=no",
  "ControlPath=none",
  "BatchMode=yes",
  // One link whose path cannot be bound must not take the mux along: ssh warns, and that link is called broken.
  "ExitOnForwardFailure=no",
  "StreamLocalBindUnlink=yes",
  // A dead connection in a living guest is found by probes within seconds. A guest that only stands still (sleep,
  // a host that swaps) must keep its connections, because WezTerm closes the windows of a lost mux, and while it answers
  // nobody another ssh could not be made either: so ssh itself gives up after 5 min of silence. Sending every 2 s makes
  // a rebooted guest answer with a reset soon.
  "ServerAliveInterval=2",
  "ServerAliveCountMax=150",
  "ConnectTimeout=5",
  // An agent that waits for a fingerprint must not hold up the links; Lima's key is a file.
  "IdentityAgent=none",
  "ForwardAgent=no",
  "ForwardX11=no",
  "PermitLocalCommand=no",
  "RequestTTY=no",
  "LogLevel=INFO",
];

const optionArgs = options.flatMap((option) => ["-o", option]);

/** In a path of a forward `%` begins a token and a backslash takes the next letter as it is. Guest paths have neither. */
const escaped = (path: string): string => path.replace(/[%\\]/g, "$&$&");

function forwardsOf(link: Link): readonly string[] {
  if (link.direction === "guest-to-host") return ["-L", `${escaped(link.hostEnd)}:${link.guestEnd}`];
  return [
    ...["-R", `${link.guestEnd}:${escaped(link.hostEnd)}`],
    ...["-L", `${escaped(link.probeEnd)}:${link.guestEnd}`],
  ];
}

/** argv of the one ssh process that carries all links. Port, key and user stand in the configuration file. */
export function forwardArgs(to: Endpoint, links: readonly Link[], hold: Hold): string[] {
  return [
    "-F",
    to.configFile,
    ...optionArgs,
    "-T",
    ...links.flatMap(forwardsOf),
    ...(hold === "none" ? ["-N", "--", to.host] : ["--", to.host, "cat"]),
  ];
}

/** argv of an ssh that asks for these forwards, and says on stderr what could not be made. */
export const trialArgs = (to: Endpoint, links: readonly Link[]): string[] => [
  "-F",
  to.configFile,
  ...optionArgs,
  "-T",
  ...links.flatMap(forwardsOf),
  "--",
  to.host,
  "true",
];

/** argv of one command in the guest, with the options of the forwards. */
export const guestCommandArgs = (to: Endpoint, command: string): string[] => [
  "-F",
  to.configFile,
  ...optionArgs,
  "-T",
  "--",
  to.host,
  command,
];

/** What the guest says when its folder was not there, and is now. */
export const madeFolder = "ascalon made the folder";

/**
 * What somebody removed in a running guest, or what is not there yet while it boots: this is what link-folder.sh makes. A
 * guest without sudo says so on stderr, which tells no forward, and its next start helps.
 */
const makesFolder = `test -d ${guestSocketDir} || { sudo -n install -d -m 0700 -o "$(id -u)" -g "$(id -g)" ${guestSocketDir} && echo ${madeFolder}; }`;

/**
 * argv that lets sshd listen at these paths: makes ascalon's folder if one is in it, and removes left-over sockets and
 * nothing that is none. Guest paths have no character that a shell knows.
 */
export function makeRoomArgs(to: Endpoint, guestPaths: readonly string[]): string[] {
  const folder = guestPaths.some((path) => path.startsWith(`${guestSocketDir}/`)) ? `${makesFolder}; ` : "";
  return guestCommandArgs(
    to,
    `sh -c '${folder}for p in ${guestPaths.join(" ")}; do [ -S "$p" ] && rm -f "$p"; done'`,
  );
}
