import type { Context } from "../../context.ts";
import type { RunResult } from "../process.ts";

export type Accelerator = "vz" | "hvf" | "kvm" | "tcg";

interface KvmAnswer {
  readonly usable: boolean;
  readonly bootId: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
}

/** What is not known to be so for good is asked again. */
const noIsKeptMs = 3_600_000;

/**
 * How the VM's processor is run. Lima takes KVM as soon as /dev/kvm exists (lima pkg/driver/qemu, Accel()), but
 * a node that cannot be opened, or whose guests never run an instruction, would hang the boot: so it is asked.
 */
export async function findAccelerator(
  context: Context,
  vmType: "vz" | "qemu",
  stateDir: string,
): Promise<Accelerator> {
  if (vmType === "vz") return "vz";
  if (context.host.platform === "darwin") return "hvf";
  if (!(await context.files.isReadWritable("/dev/kvm"))) return "tcg";
  // Only a firmware for x86 is at hand.
  if (context.host.arch !== "x64") return "kvm";
  // A guest that ran once on this boot of the host runs again; the answer costs up to 3 s, so it is kept.
  const bootId = (await context.files.readText("/proc/sys/kernel/random/boot_id"))?.trim() ?? "";
  const cache = `${stateDir}/kvm.json`;
  // One that root left in a person's home is asked again, and replaced.
  const known = parseAnswer(await context.files.readText(cache).catch(() => undefined));
  const now = context.clock.now();
  if (known?.bootId === bootId && bootId !== "" && (known.usable || now - known.askedAt < noIsKeptMs)) {
    return known.usable ? "kvm" : "tcg";
  }
  const usable = await kvmRunsAGuest(context, stateDir);
  // Ctrl-C ends QEMU too, which says nothing of KVM.
  context.signal.throwIfAborted();
  // No QEMU, no answer.
  if (usable === undefined) return "tcg";
  const answer: KvmAnswer = { usable, bootId, askedAt: now };
  await context.files.writeAtomic(cache, `${JSON.stringify(answer)}\n`);
  return usable ? "kvm" : "tcg";
}

function parseAnswer(text: string | undefined): KvmAnswer | undefined {
  try {
    const value = JSON.parse(text ?? "null") as Partial<KvmAnswer> | null;
    const isWhole = typeof value?.usable === "boolean" && typeof value.bootId === "string";
    if (isWhole) return { askedAt: 0, ...value } as KvmAnswer;
  } catch {
    // A damaged cache is asked again.
  }
  return undefined;
}

/**
 * A firmware of seven bytes at the reset vector: `mov dx,0x501; mov al,0x10; out dx,al; hlt`. QEMU's
 * isa-debug-exit device ends it with code (0x10 << 1) | 1 when the guest really executed it.
 */
const firmware = Buffer.alloc(65_536, 0xf4);
Buffer.from([0xba, 0x01, 0x05, 0xb0, 0x10, 0xee, 0xf4]).copy(firmware, 0xfff0);
const executed = 33;

/** QEMU is there within so long on an idle host. */
const waitMs = 3_000;
const idleMs = 1_000;
const busyWaitMs = 15_000;

/** Whether a guest ran; undefined when there is no QEMU to ask. */
async function kvmRunsAGuest(context: Context, folder: string): Promise<boolean | undefined> {
  const { clock } = context;
  // Two commands may ask at once.
  const rom = `${folder}/kvm-probe-${process.pid}.bin`;
  await context.files.writeBytesAtomic(rom, firmware);
  const run = (accelerator: "kvm" | "tcg", timeoutMs: number): Promise<RunResult> =>
    context.processes.run("qemu-system-x86_64", probeArgs(accelerator, rom), { timeoutMs });
  try {
    const end = await run("kvm", waitMs);
    if (end.startError !== undefined) return undefined;
    if (!end.timedOut) return end.exitCode === executed;
    // At login, say, the disk is busy: a guest without KVM, which needs no more of QEMU, tells how slow it all is.
    const began = clock.monotonic();
    await run("tcg", busyWaitMs);
    if (clock.monotonic() - began < idleMs) return false;
    return (await run("kvm", busyWaitMs)).exitCode === executed;
  } finally {
    await context.files.remove(rom);
  }
}

function probeArgs(accelerator: "kvm" | "tcg", rom: string): readonly string[] {
  const machine = ["-machine", `pc,accel=${accelerator}`, "-cpu", accelerator === "kvm" ? "host" : "max"];
  const bare = ["-m", "16", "-nodefaults", "-display", "none"];
  const exit = ["-no-reboot", "-device", "isa-debug-exit,iobase=0x501,iosize=1", "-bios", rom];
  return [...machine, ...bare, ...exit];
}

/**
 * What puts Lima's QEMU on TCG: arguments given through this variable win over Lima's own
 * (pkg/driver/qemu, "Not adding QEMU argument"). It must be set for the process that starts the host agent.
 */
export function qemuOverride(accelerator: Accelerator, arch: string): Readonly<Record<string, string>> {
  if (accelerator !== "tcg") return {};
  return arch === "arm64"
    ? {
        QEMU_SYSTEM_AARCH64: "qemu-system-aarch64 -machine virt -accel tcg,thread=multi,tb-size=512 -cpu max",
      }
    : {
        QEMU_SYSTEM_X86_64:
          "qemu-system-x86_64 -machine q35,vmport=off -accel tcg,thread=multi,tb-size=512 -cpu max",
      };
}
