import { forbiddenClause } from "./forbidden.ts";
import type { Link } from "./link.ts";
import type { ProbeResult } from "./probes/probe.ts";

/** What a probe of a link and its surroundings showed, while an ssh is there that carries it. */
export interface Evidence {
  readonly link: Link;
  readonly probe: ProbeResult;
  /** host-to-guest, and the probe failed: the same question put to the target directly. */
  readonly direct: ProbeResult | undefined;
  /** Whether the host end is still the socket that our ssh made. */
  readonly ours: boolean;
  /** The link was silent: whether an ssh server greets at the VM's port. */
  readonly greets: boolean | undefined;
  /** The link was silent while a server greets: whether its ssh brought anything else from the VM meanwhile. */
  readonly carries: boolean | undefined;
}

export interface Verdict {
  readonly kind: "proved" | "target-absent" | "failed";
  /** One clause without a period; empty when proved. */
  readonly reason: string;
  /** `renew`: make the forwards anew beside the old ones. `replace`: the connection is dead, end it. */
  readonly action: "none" | "renew" | "replace";
}

const proved: Verdict = { kind: "proved", reason: "", action: "none" };
const failed = (reason: string, action: Verdict["action"] = "none"): Verdict => ({
  kind: "failed",
  reason,
  action,
});
const absent = (reason: string): Verdict => ({ kind: "target-absent", reason, action: "none" });

const owners = {
  mux: "the mux server in the VM",
  docker: "Docker",
  "ssh-agent": "the ssh agent",
  bridge: "ascalon's bridge",
  stream: "its target",
} as const satisfies Record<Link["protocol"], string>;

/** One connection carries them all: a link that is silent beside others that are not is no reason to end it. */
function silence({ link, greets, carries }: Evidence): Verdict {
  if (!greets) return failed("the VM is frozen");
  if (carries) {
    const owner = owners[link.protocol];
    return failed(
      link.direction === "guest-to-host"
        ? `${owner} accepts connections but does not answer`
        : `${link.guestEnd} in the VM does not answer, but ${owner} does`,
    );
  }
  return failed("nothing comes through the connection while the VM answers", "replace");
}

/** The target of a host-to-guest link, asked directly, tells whose fault it is. */
function fromDirect(evidence: Evidence): Verdict {
  const { link, probe, direct } = evidence;
  const owner = owners[link.protocol];
  switch (direct?.kind) {
    case "up":
      return probe.kind === "silent"
        ? silence(evidence)
        : failed(`${link.guestEnd} in the VM leads nowhere`, "renew");
    case "absent":
      return absent(`${owner} is not there (${link.target})`);
    case "silent":
      return failed(`${owner} accepts connections but does not answer`);
    case "malformed":
      return failed(`${owner}: ${direct.why}`);
    default: {
      const clause =
        direct?.kind === "refused" ? forbiddenClause(direct.code, link.protocol === "docker") : undefined;
      return absent(`${owner} ${clause ?? "does not listen"} (${link.target})`);
    }
  }
}

/** Pure: one probe's result → what is said of the link and what is done about it. */
export function judge(evidence: Evidence): Verdict {
  const { link, probe, ours } = evidence;
  if (!ours && probe.kind !== "absent" && probe.kind !== "refused") {
    const facts = probe.kind === "up" ? (probe.facts as { readonly exe?: string } | undefined) : undefined;
    const who = facts?.exe ? `${facts.exe} on this machine` : "another program";
    return failed(`${who} took over ${link.hostEnd}`, "renew");
  }
  switch (probe.kind) {
    case "up":
      return proved;
    case "absent":
    case "refused":
      return failed(`${link.probeEnd} is gone`, "renew");
    case "malformed":
      return failed(`${owners[link.protocol]}: ${probe.why}`);
    case "closed":
      return link.direction === "guest-to-host"
        ? absent(`${owners[link.protocol]} does not listen`)
        : fromDirect(evidence);
    case "silent":
      return link.direction === "guest-to-host" ? silence(evidence) : fromDirect(evidence);
  }
}
