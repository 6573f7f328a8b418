import { run } from "../../src/cli/app.ts";
import { type FakeContext, type FakeOptions, fakeContext } from "./fake-context.ts";

/** Programs that a host has; `limactl` and the rest answer nothing, because the machine is a fake. */
export const hostPrograms = ["ssh", "qemu-system-x86_64", "qemu-img", "limactl"] as const;

export interface AppRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly context: FakeContext;
}

/** What Debian's package `ovmf` brings. */
export const hostFirmware = "/usr/share/OVMF/OVMF_CODE_4M.fd";

/** A context of a host that has all it needs, and whose ascalon works with this machine. */
export function hostContext(options: FakeOptions = {}): FakeContext {
  const context = fakeContext(options);
  for (const name of hostPrograms) context.files.put(`/usr/bin/${name}`, "#!/bin/sh\n", { mode: 0o755 });
  context.files.put(hostFirmware, "");
  return context;
}

/** One command line through the whole of ascalon. */
export async function runApp(argv: readonly string[], context: FakeContext): Promise<AppRun> {
  const code = await run(argv, context);
  return { code, out: context.out(), err: context.err(), context };
}

/** What a person sees, for golden files. */
export function transcript(argv: readonly string[], { code, out, err }: AppRun): string {
  const part = (name: string, text: string): string => (text === "" ? "" : `--- ${name}\n${text}`);
  return `$ ascalon ${argv.join(" ")}\n${part("stdout", out)}${part("stderr", err)}--- exit ${code}\n`;
}
