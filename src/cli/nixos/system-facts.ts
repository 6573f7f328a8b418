import { systemFactsScript } from "../carried-files.ts";
import { AscalonError } from "../errors.ts";
import type { GuestPort } from "../machine/guest-port.ts";

/** What nix/guest/system-facts.sh says. */
export interface SystemFacts {
  /** ID of os-release. */
  readonly os: string;
  readonly host: string;
  /** Store path of the system that runs. */
  readonly system: string;
  /** Built with ascalon's modules. */
  readonly isAscalon: boolean;
  /** The ascalon.json that it was built with; null when it has none. */
  readonly told: unknown;
  /** `mounted`, `unmounted`, or `failed: ` and why. */
  readonly home: string;
  readonly freeBytes: number;
  /** SubState of the mux server's unit, such as `running`; undefined when the guest has no such unit. */
  readonly muxState: string | undefined;
  /** It was built without a mux server, which is something else than one that cannot be asked about. */
  readonly withoutMux: boolean;
  /** A switch is in the middle of its work. */
  readonly isSwitching: boolean;
  readonly failedUnits: readonly string[];
  /** Digest by path, of the files of the flake's copy. */
  readonly files: ReadonlyMap<string, string>;
}

export function parseSystemFacts(stdout: string): SystemFacts {
  const lines = stdout.split("\n").map((line) => {
    const space = line.indexOf(" ");
    return [space < 0 ? line : line.slice(0, space), space < 0 ? "" : line.slice(space + 1)] as const;
  });
  const all = (word: string): string[] => lines.flatMap(([name, value]) => (name === word ? [value] : []));
  const one = (word: string): string => all(word)[0] ?? "";
  return {
    os: one("os"),
    host: one("host"),
    system: one("system"),
    isAscalon: one("ascalon") === "yes",
    told: parseTold(one("settings")),
    home: one("home"),
    freeBytes: Number(one("free")) || 0,
    muxState: one("mux-unit") === "loaded" ? one("mux-state") : undefined,
    withoutMux: one("mux-unit") === "not-found",
    isSwitching: /^(active|activating|deactivating)$/.test(one("switch")),
    failedUnits: all("failed"),
    files: new Map(
      all("file").map((value) => [value.slice(value.indexOf(" ") + 1), value.slice(0, value.indexOf(" "))]),
    ),
  };
}

/** A hundred times what ascalon writes there. It is kept, and read again at every look at the VM. */
const toldMaxChars = 256 * 1024;

function parseTold(text: string): unknown {
  try {
    const value: unknown = text.length > toldMaxChars ? null : JSON.parse(text);
    // One that is nested too deep can be read and not be written.
    JSON.stringify(value);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

const timeoutMs = 30_000;

/** undefined when the guest cannot be reached. `folder`: the flake's copy, whose files are listed as well. */
export async function readSystemFacts(guest: GuestPort, folder = ""): Promise<SystemFacts | undefined> {
  const result = await guest.run(["sh", "-s", "--", folder], { input: systemFactsScript, timeoutMs });
  return result.kind === "ended" && result.code === 0 ? parseSystemFacts(result.stdout) : undefined;
}

/** The same for who cannot go on without: throws E_SSH. */
export async function requireSystemFacts(guest: GuestPort, folder = ""): Promise<SystemFacts> {
  const facts = await readSystemFacts(guest, folder);
  if (facts) return facts;
  throw new AscalonError("E_SSH", { what: "the guest does not answer by ssh", run: "ascalon up" });
}

/** Refuses a guest whose system is not Nix's to change. */
export function refuseOtherSystem({ os }: SystemFacts): void {
  if (os === "nixos") return;
  throw new AscalonError("E_NOT_NIXOS", {
    what: `the guest runs ${os === "" ? "an unknown system" : os}, not NixOS, and cannot be built from a flake`,
    why: "vm.image names another image than nixos-lima",
    run: "ascalon config set system.flake none    (or unset vm.image, then destroy and up)",
  });
}
