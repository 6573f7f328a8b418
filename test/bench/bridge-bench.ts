import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { residentMiB } from "../process/link-bed.ts";
import { startLoopbackSshd } from "../process/loopback-sshd.ts";

export interface BridgeBenchPlaces {
  /** Bundles: the server of hold-bridge.ts and the guest's client. */
  readonly server: string;
  readonly client: string;
  readonly double: string;
}

export interface BridgeBenchFigures {
  /** Medians of pairs, milliseconds: the same `op read`, and its ratio. */
  readonly bridgeMs: number;
  readonly sshMs: number;
  readonly ratio: number;
  /** Through the forwarded socket, and the same bytes through ssh alone. */
  readonly downMiBps: number;
  readonly upMiBps: number;
  readonly sshDownMiBps: number;
  readonly peakServerMiB: number;
  readonly peakClientMiB: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

interface Timed {
  readonly ms: number;
  readonly bytes: number;
}

/** Runs to the end, throws its output away, and counts it. */
async function timed(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: ChildProcess | undefined,
  watch: (child: ChildProcess) => void,
): Promise<Timed> {
  const startedAt = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  if (input?.stdout && child.stdin) input.stdout.pipe(child.stdin);
  else child.stdin?.end();
  let bytes = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  watch(child);
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${code}`);
  return { ms: performance.now() - startedAt, bytes };
}

/** Guest and host on this machine, joined by the real ssh -R, as the agent joins them. */
export async function benchBridge(
  { server: serverFile, client, double }: BridgeBenchPlaces,
  { pairs, mebibytes }: { readonly pairs: number; readonly mebibytes: number },
): Promise<BridgeBenchFigures> {
  const root = mkdtempSync(`${tmpdir()}/bbb-`);
  const sshd = await startLoopbackSshd({ folder: `${root}/lima`, unlink: true });
  const host = `${root}/host.sock`;
  const guest = `${root}/guest.sock`;
  const server = spawn(process.execPath, [serverFile, host, double], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(server.stdout as NonNullable<typeof server.stdout>, "data");
  const config = ["-F", `${sshd.instanceDir}/ssh.config`, "-o", "ControlPath=none", "-o", "ControlMaster=no"];
  const link = spawn("ssh", [...config, "-R", `${guest}:${host}`, "lima-ascalon", "echo up; cat"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  await once(link.stdout as NonNullable<typeof link.stdout>, "data");
  const env = { ASCALON_BRIDGE_SOCKET: guest };
  const peaks = { server: 0, client: 0 };
  const timers = new Set<NodeJS.Timeout>();
  const watch = (child: ChildProcess): void => {
    const timer = setInterval(async () => {
      peaks.server = Math.max(peaks.server, await residentMiB(server.pid ?? -1));
      peaks.client = Math.max(peaks.client, await residentMiB(child.pid ?? -1).catch(() => 0));
    }, 50);
    timers.add(timer);
    child.once("close", () => clearInterval(timer));
  };
  const bridged = (args: readonly string[], input?: ChildProcess): Promise<Timed> =>
    timed(process.execPath, ["--", client, "op", ...args], env, input, watch);
  const overSsh = (args: readonly string[]): Promise<Timed> =>
    timed(
      "ssh",
      [...config, "-o", "LogLevel=ERROR", "lima-ascalon", double, ...args],
      {},
      undefined,
      () => {},
    );
  try {
    const both: (readonly [number, number])[] = [];
    for (let pair = 0; pair <= pairs; pair += 1) {
      const bridge = await bridged(["read", "op://v/i/f"]);
      const ssh = await overSsh(["read", "op://v/i/f"]);
      // The first pair warms the caches.
      if (pair > 0) both.push([bridge.ms, ssh.ms]);
    }
    const down = await bridged(["document", "get", String(mebibytes)]);
    const sshDown = await overSsh(["document", "get", String(mebibytes)]);
    const source = spawn(process.execPath, [double, "document", "get", String(mebibytes)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const up = await bridged(["document", "create", "-"], source);
    const rate = ({ ms }: Timed): number => (mebibytes / ms) * 1000;
    if (down.bytes !== mebibytes * 1024 * 1024) throw new Error(`${down.bytes} bytes came down`);
    const [bridgeMs, sshMs] = [median(both.map(([ms]) => ms)), median(both.map(([, ms]) => ms))];
    return {
      bridgeMs,
      sshMs,
      ratio: median(both.map(([bridge, ssh]) => bridge / ssh)),
      downMiBps: rate(down),
      upMiBps: rate(up),
      sshDownMiBps: rate(sshDown),
      peakServerMiB: peaks.server,
      peakClientMiB: peaks.client,
    };
  } finally {
    for (const timer of timers) clearInterval(timer);
    link.kill("SIGKILL");
    server.kill("SIGKILL");
    await sshd.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
