import { systemClock } from "../../src/cli/adapters/clock.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { systemProcesses } from "../../src/cli/adapters/process.ts";
import { exchange, probeTcpBanner } from "../../src/cli/adapters/sockets.ts";
import type { Context } from "../../src/cli/context.ts";
import { type FakeOptions, fakeContext, testHost } from "./fake-context.ts";

/** A context with the real file system, programs, sockets and clock, and fake streams. */
export function realContext(options: FakeOptions & { readonly home: string }) {
  const fake = fakeContext({
    ...options,
    host: { ...testHost, arch: process.arch, home: options.home, ...options.host },
    env: { HOME: options.home, PATH: process.env.PATH ?? "/usr/bin:/bin", ...options.env },
  });
  const context: Context = {
    ...fake,
    files: systemFiles,
    processes: systemProcesses,
    sockets: { exchange, probeTcpBanner },
    clock: systemClock,
  };
  return { context, out: fake.out, err: fake.err, abort: fake.abort };
}
