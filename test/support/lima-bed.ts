import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { createLimaMachine } from "../../src/cli/adapters/lima/lima-machine.ts";
import { run } from "../../src/cli/app.ts";
import { pathsOf } from "../../src/cli/paths.ts";
import type { FakeOptions } from "./fake-context.ts";
import { realContext } from "./real-context.ts";
import { putVmPrograms } from "./vm-programs.ts";

export interface LimaBed {
  readonly home: string;
  readonly bin: string;
  /** LIMA_HOME/ascalon */
  readonly instance: string;
  readonly state: string;
  /** Variables of every run. */
  readonly env: Record<string, string>;
  /** limactl's command lines so far. */
  calls(): readonly string[];
  /** One ascalon, in this process, with real files, programs and sockets. */
  run(argv: readonly string[], options?: BedOptions): Promise<BedRun>;
  /** One that is still at work. */
  begin(argv: readonly string[], options?: BedOptions): BedBegun;
  /** Ends what still runs of the VM, and removes the folders. */
  close(): void;
}

export type BedOptions = Pick<FakeOptions, "uid" | "host" | "env"> & {
  /** Free bytes that the file system claims to have. */
  readonly free?: number;
};

export interface BedRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface BedBegun {
  readonly ended: Promise<BedRun>;
  /** What it has said on stderr by now. */
  err(): string;
  abort(): void;
}

const double = fileURLToPath(new URL("../doubles/limactl-double.cjs", import.meta.url));

/** A home with the limactl of test/doubles on its PATH. */
export async function limaBed(root: string = tmpdir()): Promise<LimaBed> {
  const home = realpathSync(mkdtempSync(`${root}/b-`));
  const bin = `${home}/bin`;
  await mkdir(bin);
  writeFileSync(`${bin}/limactl`, `#!/bin/sh\nexec ${process.execPath} ${double} "$@"\n`);
  chmodSync(`${bin}/limactl`, 0o755);
  putVmPrograms(home);
  const log = `${home}/calls`;
  writeFileSync(log, "");
  const instance = `${home}/.lima/ascalon`;
  const env: Record<string, string> = { DOUBLE_LOG: log };

  const begin: LimaBed["begin"] = (argv, options = {}) => {
    const { context, out, err, abort } = realContext({
      home,
      ...options,
      env: { PATH: `${bin}:${process.env.PATH}`, ...env, ...options.env },
    });
    const { free } = options;
    const whole = {
      ...context,
      files: {
        ...context.files,
        // The probe of a real KVM is none of this bed's business.
        isReadWritable: async () => false,
        ...(free === undefined ? {} : { freeBytes: async () => free }),
      },
      // A test's own variables reach limactl too, as a person's would.
      processes: {
        ...context.processes,
        run: (file, args, more = {}) =>
          context.processes.run(file, args, { ...more, env: { ...context.env, ...more.env } as never }),
      },
      openMachine: async (of, vmType) => createLimaMachine(of, pathsOf(of), vmType),
    } satisfies typeof context;
    const ended = run(argv, whole).then((code) => ({ code, out: out(), err: err() }));
    return { ended, err, abort };
  };

  return {
    home,
    bin,
    instance,
    state: `${home}/.local/state/ascalon`,
    env,
    begin,
    run: (argv, options) => begin(argv, options).ended,
    calls: () => readFileSync(log, "utf8").split("\n").filter(Boolean),
    close: () => {
      for (const name of ["ha.pid", "qemu.pid"]) endProcess(`${instance}/${name}`, home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Only what is the double's by its command line. */
function endProcess(pidFile: string, home: string): void {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8"));
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(home)) process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
