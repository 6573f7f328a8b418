import { tame } from "../mux/messages.ts";

/** Why an ssh process ended, or what it complained of. Texts are those of OpenSSH 9.2, and of 9.6 where they differ. */
export type SshReason =
  | { readonly kind: "refused" }
  | { readonly kind: "connect-timeout" }
  | { readonly kind: "keepalive-timeout" }
  | { readonly kind: "closed-by-remote" }
  | { readonly kind: "reset" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "unknown-host" }
  | { readonly kind: "auth-failed" }
  | { readonly kind: "host-key" }
  | { readonly kind: "configuration"; readonly text: string }
  | { readonly kind: "guest-listen"; readonly path: string }
  | { readonly kind: "host-listen"; readonly path: string; readonly text: string }
  | { readonly kind: "no-ssh" }
  /** Ended by a signal, ours or somebody's. */
  | { readonly kind: "killed"; readonly signal: string }
  /** The guest's login shell could not run our command, or ended by itself. */
  | { readonly kind: "shell"; readonly exitCode: number }
  | { readonly kind: "other"; readonly text: string };

/** A forward that could not be set up; the others work. */
export type Complaint = Extract<SshReason, { readonly kind: "guest-listen" | "host-listen" }>;

export const isComplaint = (reason: SshReason | undefined): reason is Complaint =>
  reason?.kind === "guest-listen" || reason?.kind === "host-listen";

const rows: readonly (readonly [RegExp, (match: RegExpExecArray) => SshReason])[] = [
  [
    /^(?:Error|Warning): remote port forwarding failed for listen path (.+)$/,
    ([, path = ""]) => ({ kind: "guest-listen", path }),
  ],
  [
    /^unix_listener: cannot bind to path (.+): ([^:]+)$/,
    ([, path = "", text = ""]) => ({ kind: "host-listen", path, text }),
  ],
  [/^Timeout, server .* not responding\.$/, () => ({ kind: "keepalive-timeout" })],
  [/^ssh: connect to host .* port \d+: Connection refused$/, () => ({ kind: "refused" })],
  [
    /^ssh: connect to host .* port \d+: (?:Connection|Operation) timed out$/,
    () => ({ kind: "connect-timeout" }),
  ],
  [/^Connection timed out during banner exchange$/, () => ({ kind: "connect-timeout" })],
  [/^Connection to .* port \d+ timed out$/, () => ({ kind: "connect-timeout" })],
  [
    /^ssh: connect to host .*: (?:No route to host|Network is (?:unreachable|down)|Host is down)$/,
    () => ({ kind: "unreachable" }),
  ],
  [/^ssh: Could not resolve hostname /, () => ({ kind: "unknown-host" })],
  [/^(?:.*: )?Permission denied \(.*\)\.$/, () => ({ kind: "auth-failed" })],
  [/^Received disconnect from .*Too many authentication failures/, () => ({ kind: "auth-failed" })],
  [/^Host key verification failed\.$/, () => ({ kind: "host-key" })],
  [/^Can't open user config file .*$/, ([text]) => ({ kind: "configuration", text })],
  [/^.*: terminating, \d+ bad configuration options$/, ([text]) => ({ kind: "configuration", text })],
  [/^Bad (?:local|remote) forwarding specification .*$/, ([text]) => ({ kind: "configuration", text })],
  [/^Connection to .* closed by remote host\.$/, () => ({ kind: "closed-by-remote" })],
  [
    /^(?:kex_exchange_identification: )?Connection closed by (?:remote host|.* port \d+)$/,
    () => ({ kind: "closed-by-remote" }),
  ],
  [/^client_loop: send disconnect: Broken pipe$/, () => ({ kind: "closed-by-remote" })],
  [/Connection reset by (?:peer|.* port \d+)$/, () => ({ kind: "reset" })],
];

/** undefined: the line is no reason (a warning about known hosts, a banner, `channel N: open failed`). */
export function readSshLine(line: string): SshReason | undefined {
  const text = line.trim();
  for (const [pattern, reason] of rows) {
    const match = pattern.exec(text);
    if (match) return reason(match);
  }
  return undefined;
}

export interface SshEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly startError: string | undefined;
}

/** The last line that tells a reason, or else what the way it ended says. */
export function whyEnded(end: SshEnd, lines: readonly string[]): SshReason {
  if (end.startError !== undefined) return { kind: "no-ssh" };
  if (end.signal !== undefined) return { kind: "killed", signal: end.signal };
  const told = lines.map(readSshLine).filter((reason) => reason !== undefined);
  const final = told.findLast((reason) => !isComplaint(reason));
  // 255 is ssh's own failure; every other code is the guest's command.
  if (end.exitCode !== 255 && !final) return { kind: "shell", exitCode: end.exitCode ?? 0 };
  return final ?? told.at(-1) ?? { kind: "other", text: lines.at(-1) ?? "no word" };
}

/** The guest can have a say in these, as long as it likes; whoever shows them stops reading at a size. */
export const longestReason = 200;

/** Harmless to a terminal too. */
export const cutReason = (text: string): string => {
  const whole = tame(text);
  return whole.length <= longestReason ? whole : `${tame(whole.slice(0, longestReason - 1))}…`;
};

/** One clause without a period. */
export const reasonText = (reason: SshReason): string => cutReason(clauseOf(reason));

function clauseOf(reason: SshReason): string {
  switch (reason.kind) {
    case "refused":
      return "the VM's ssh port refuses connections";
    case "connect-timeout":
      return "the VM's ssh does not answer";
    case "keepalive-timeout":
      return "the VM stopped answering on an open connection";
    case "closed-by-remote":
      return "the VM closed the connection";
    case "reset":
      return "the connection to the VM was reset";
    case "unreachable":
      return "there is no route to the VM";
    case "unknown-host":
      return "the VM's address cannot be resolved";
    case "auth-failed":
      return "the VM does not accept ascalon's ssh key";
    case "host-key":
      return "the VM's host key is not the expected one";
    case "configuration":
      return `ssh does not accept its configuration (${reason.text})`;
    case "guest-listen":
      return `the VM cannot make ${reason.path}`;
    case "host-listen":
      return `${reason.path} cannot be made (${reason.text})`;
    case "no-ssh":
      return "the OpenSSH client is not on PATH";
    case "killed":
      return `ssh was ended by ${reason.signal}`;
    case "shell":
      return `the VM's login shell ended with ${reason.exitCode}`;
    case "other":
      return `ssh: ${reason.text}`;
  }
}
