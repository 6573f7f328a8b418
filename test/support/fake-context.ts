import type { PassedSignal } from "../../src/cli/adapters/signals.ts";
import type { Context, Output, Sockets } from "../../src/cli/context.ts";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import type { Machine } from "../../src/cli/machine/machine.ts";
import type { HostFacts } from "../../src/cli/settings/settings.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { type FakeFiles, fakeFiles } from "./fake-files.ts";
import { type Answer, type FakeProcesses, fakeProcesses } from "./fake-processes.ts";

export interface FakeOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: Partial<HostFacts>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly configFlag?: string;
  /** Both streams and stdin are a terminal. */
  readonly isTTY?: boolean;
  /** Answers of programs; without it every program is missing. */
  readonly programs?: Answer;
  /** Answers of sockets; without it nobody listens anywhere. */
  readonly sockets?: Partial<Sockets>;
  readonly machine?: Machine;
  readonly guest?: GuestPort;
  /** Lines the person types, in order; then end of input. */
  readonly typed?: readonly string[];
}

/** A Context whose every part can be looked into. `abort()` is Ctrl-C. */
export interface FakeContext extends Context {
  readonly files: FakeFiles;
  readonly processes: FakeProcesses;
  readonly clock: FakeClock;
  /** Everything written to stdout so far. */
  out(): string;
  err(): string;
  abort(): void;
  /** A signal, for whoever took the signals. */
  send(signal: PassedSignal): void;
  /** The questions put to the person. */
  readonly asked: readonly string[];
}

export const testHost: HostFacts = {
  platform: "linux",
  arch: "x64",
  cpus: 8,
  memoryBytes: 32 * 1024 ** 3,
  home: "/home/mia",
};

function capture(isTTY: boolean): Output & { text(): string } {
  const parts: string[] = [];
  return {
    isTTY,
    isDumb: false,
    columns: 100,
    colors: false,
    write: (text) => parts.push(text),
    text: () => parts.join(""),
  };
}

export function fakeContext(options: FakeOptions = {}): FakeContext {
  const host: HostFacts = { ...testHost, ...options.host };
  const clock = fakeClock();
  const stdout = capture(options.isTTY ?? false);
  const stderr = capture(options.isTTY ?? false);
  const controller = new AbortController();
  const typed = [...(options.typed ?? [])];
  const asked: string[] = [];
  const receivers = new Set<(signal: PassedSignal) => void>();
  return {
    env: { HOME: host.home, PATH: "/usr/bin:/bin", ...options.env },
    cwd: options.cwd ?? host.home,
    uid: options.uid ?? 1000,
    host,
    stdinIsTTY: options.isTTY ?? false,
    stdout,
    stderr,
    files: fakeFiles(options.files, () => clock.now()),
    processes: fakeProcesses(options.programs),
    sockets: {
      probeTcpBanner: async () => ({ kind: "refused", code: "ECONNREFUSED" }),
      exchange: async () => ({ kind: "absent" }),
      ...options.sockets,
    },
    clock,
    openMachine: async () => {
      if (!options.machine) throw new Error("this test has no machine");
      return options.machine;
    },
    openGuest: async () => {
      if (!options.guest) throw new Error("this test has no guest");
      return options.guest;
    },
    linkTools: async () => ({
      converse: async () => ({ kind: "absent" }),
      socketFiles: { identity: async () => undefined, turnLink: async () => {} },
      startLong: () => {
        throw new Error("this test starts no program that stays");
      },
      startPiped: () => {
        throw new Error("this test starts no program with pipes");
      },
      listen: async (path) => ({ path, close: async () => {} }),
    }),
    configFlag: options.configFlag,
    signal: controller.signal,
    finishFirst: () => () => {},
    takeSignals: (onSignal) => {
      receivers.add(onSignal);
      return () => receivers.delete(onSignal);
    },
    send: (signal) => {
      for (const receive of receivers) receive(signal);
    },
    prompt: async (question) => {
      asked.push(question);
      return typed.shift();
    },
    out: stdout.text,
    err: stderr.text,
    abort: () => controller.abort(),
    asked,
  };
}
