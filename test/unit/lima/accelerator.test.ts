import { describe, expect, it } from "vitest";
import { findAccelerator, qemuOverride } from "../../../src/cli/adapters/lima/accelerator.ts";
import { type FakeOptions, fakeContext } from "../../support/fake-context.ts";
import type { Answer, Call } from "../../support/fake-processes.ts";

const state = "/home/mia/.local/state/ascalon";
const boot = "/proc/sys/kernel/random/boot_id";

/** A host with /dev/kvm, whose QEMU answers the probe so. */
function host(answer: Answer, options: FakeOptions = {}) {
  const context = fakeContext({
    ...options,
    programs: answer,
    files: { [boot]: "boot-1\n", ...options.files },
  });
  context.files.put("/dev/kvm", "", { kind: "other", mode: 0o600 });
  return context;
}

const executed: Answer = () => ({ exitCode: 33 });
const refused: Answer = () => ({ exitCode: 1, stderr: "Could not access KVM kernel module" });
const late = { timedOut: true, exitCode: undefined, signal: "SIGTERM" } as const;
const isKvm = ({ args }: Call): boolean => args.includes("pc,accel=kvm");
const hangs: Answer = (call) => (isKvm(call) ? late : { exitCode: 33 });
const missing: Answer = () => undefined;

describe("how the VM's processor is run", () => {
  it("vz on vz, hvf on a Mac, and nothing is asked", async () => {
    const context = fakeContext();
    expect(await findAccelerator(context, "vz", state)).toBe("vz");
    const mac = fakeContext({ host: { platform: "darwin", arch: "arm64" } });
    expect(await findAccelerator(mac, "qemu", state)).toBe("hvf");
    expect([...context.processes.calls, ...mac.processes.calls]).toEqual([]);
  });

  it("without /dev/kvm, or without the right to it, tcg", async () => {
    expect(await findAccelerator(fakeContext(), "qemu", state)).toBe("tcg");
    const context = host(executed);
    context.files.put("/dev/kvm", "", { kind: "other", mode: 0o000 });
    expect(await findAccelerator(context, "qemu", state)).toBe("tcg");
  });

  it.each<[string, Answer, string]>([
    ["ran", executed, "kvm"],
    ["was refused", refused, "tcg"],
    ["hangs", hangs, "tcg"],
    ["cannot be asked", missing, "tcg"],
  ])("a guest that %s: %s", async (_name, answer, expected) => {
    const context = host(answer);
    expect(await findAccelerator(context, "qemu", state)).toBe(expected);
    expect(context.files.paths().filter((path) => path.includes("kvm-probe"))).toEqual([]);
  });

  it("an answer that root left and nobody else may read is asked again and replaced", async () => {
    const context = host(executed);
    const file = `${state}/kvm.json`;
    const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES", path: file });
    const files = Object.assign(Object.create(context.files), {
      readText: (path: string) => (path === file ? Promise.reject(denied) : context.files.readText(path)),
    });
    expect(await findAccelerator({ ...context, files }, "qemu", state)).toBe("kvm");
    expect(context.files.text(file)).toContain('"usable":true');
  });

  it("is asked once a boot of the host", async () => {
    const context = host(executed);
    for (let round = 0; round < 3; round += 1) await findAccelerator(context, "qemu", state);
    expect(context.processes.calls).toHaveLength(1);
    context.files.put(boot, "boot-2\n");
    await findAccelerator(context, "qemu", state);
    expect(context.processes.calls).toHaveLength(2);
  });

  it("a no is asked again after an hour", async () => {
    const context = host(hangs);
    const asked = (): number => context.processes.calls.filter(isKvm).length;
    await findAccelerator(context, "qemu", state);
    context.clock.advance(3_500_000);
    await findAccelerator(context, "qemu", state);
    expect(asked()).toBe(1);
    context.clock.advance(200_000);
    await findAccelerator(context, "qemu", state);
    expect(asked()).toBe(2);
  });

  it("Ctrl-C, which ends QEMU too, is no answer: the next start does not emulate for an hour", async () => {
    const context = host(() => {
      context.abort();
      return { exitCode: 0 };
    });
    await expect(findAccelerator(context, "qemu", state)).rejects.toThrow("aborted");
    expect(context.processes.calls.filter(isKvm)).toHaveLength(1);
    expect(context.files.text(`${state}/kvm.json`)).toBeUndefined();
    expect(context.files.paths().filter((path) => path.includes("kvm-probe"))).toEqual([]);
  });

  it.each([
    [8_000, "kvm"],
    [60_000, "tcg"],
  ] as const)("a host on which QEMU itself takes %i ms is given longer: %s", async (tookMs, expected) => {
    const context = host(async ({ options }) => {
      const limitMs = options.timeoutMs ?? 0;
      context.clock.advance(Math.min(tookMs, limitMs));
      return tookMs > limitMs ? late : { exitCode: 33 };
    });
    expect(await findAccelerator(context, "qemu", state)).toBe(expected);
    expect(context.files.paths().filter((path) => path.includes("kvm-probe"))).toEqual([]);
  });

  it("without QEMU nothing is noted: it may be installed the next minute", async () => {
    const context = host(missing);
    await findAccelerator(context, "qemu", state);
    expect(context.files.text(`${state}/kvm.json`)).toBeUndefined();
  });

  it.each(["", "{", "null", "[]", '{"usable":"yes"}', '{"usable":true}'])(
    "a damaged note, %s, is asked again",
    async (text) => {
      const context = host(refused, { files: { [`${state}/kvm.json`]: text } });
      expect(await findAccelerator(context, "qemu", state)).toBe("tcg");
      expect(context.processes.calls).toHaveLength(1);
    },
  );

  it.each([
    ["kvm", "x64", []],
    ["hvf", "arm64", []],
    ["tcg", "x64", ["QEMU_SYSTEM_X86_64"]],
    ["tcg", "arm64", ["QEMU_SYSTEM_AARCH64"]],
  ] as const)("%s on %s sets %j", (accelerator, arch, names) => {
    expect(Object.keys(qemuOverride(accelerator, arch))).toEqual(names);
  });
});
