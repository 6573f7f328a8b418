import type { Clock } from "./adapters/clock.ts";
import type { Converse } from "./adapters/converse.ts";
import type { Files } from "./adapters/files.ts";
import type { Listen } from "./adapters/listen.ts";
import type { LongOptions, LongProcess, Processes, StartPiped } from "./adapters/process.ts";
import type { PassedSignal } from "./adapters/signals.ts";
import type { SocketFiles } from "./adapters/socket-files.ts";
import type { ReadLimits, SocketReply } from "./adapters/sockets.ts";
import type { GuestPort } from "./machine/guest-port.ts";
import type { Machine } from "./machine/machine.ts";
import type { HostFacts } from "./settings/settings.ts";

/** A stream a command may write to; `isTTY` decides colours and live lines. */
export interface Output {
  readonly isTTY: boolean;
  /** A terminal that has no line to draw anew (`TERM=dumb`). */
  readonly isDumb: boolean;
  readonly columns: number;
  readonly colors: boolean;
  write(text: string): void;
}

/** Questions to sockets, each bounded in time and size. */
export interface Sockets {
  probeTcpBanner(port: number, limits: ReadLimits): Promise<SocketReply>;
  exchange(path: string, request: Uint8Array, limits: ReadLimits): Promise<SocketReply>;
}

/** What holding links takes; loaded when something holds them. */
export interface LinkTools {
  readonly converse: Converse;
  readonly listen: Listen;
  readonly socketFiles: SocketFiles;
  readonly startLong: (file: string, args: readonly string[], options: LongOptions) => LongProcess;
  readonly startPiped: StartPiped;
}

/** Why the signal is aborted when whoever read stdout went away (`| head`): no error, and nothing to say. */
export const readerGone = new Error("nobody reads the output any more");

/** Everything a command may touch. Tests give a fake one; createContext() the real one. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly uid: number;
  readonly host: HostFacts;
  readonly stdinIsTTY: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: Files;
  readonly processes: Processes;
  readonly sockets: Sockets;
  readonly clock: Clock;
  /** The VM behind its port. `vmType` decides how its processor is run. */
  /** `vmType` is asked only when a program is started, so a machine can be looked at before the settings are known. */
  readonly openMachine: (context: Context, vmType: () => Promise<"vz" | "qemu">) => Promise<Machine>;
  /** Commands in the guest, for ascalon's own questions and changes. */
  readonly openGuest: (context: Context) => Promise<GuestPort>;
  readonly linkTools: () => Promise<LinkTools>;
  /** `--config`, when given: names another settings file. */
  readonly configFlag: string | undefined;
  /** Aborted by SIGINT and SIGTERM, and with `readerGone`. A command that goes on is ended two seconds later. */
  readonly signal: AbortSignal;
  /** From now on until the returned function is called it is not ended: it is changing something. */
  readonly finishFirst: () => () => void;
  /**
   * From now on signals go to the callback and nowhere else, until the returned function is called: for a time in
   * which another program stands in ascalon's place.
   */
  readonly takeSignals: (onSignal: (signal: PassedSignal) => void) => () => void;
  /** One line of input from the terminal; undefined at end of input. */
  readonly prompt: (question: string) => Promise<string | undefined>;
}
