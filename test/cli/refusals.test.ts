import { describe, expect, it } from "vitest";
import { AscalonError } from "../../src/cli/errors.ts";
import type { FakeOptions } from "../support/fake-context.ts";
import { type FakeMachine, fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, hostFirmware, runApp } from "../support/run-app.ts";

const changing = [["up"], ["start"], ["stop"], ["restart"], ["destroy", "--yes"], ["up", "--no-wait"]];
const gib = 1024 ** 3;
const stopped = (): FakeMachine =>
  fakeMachine({ exists: "ours", applied: settingsOf(), homeBytes: 50 * gib });

describe("as root", () => {
  it.each(changing)("ascalon %s %s refuses before it looks at anything", async (...argv) => {
    const machine = stopped();
    const context = hostContext({ machine, uid: 0 });
    const before = context.files.paths();
    const { code, err } = await runApp(
      argv.filter((word) => word !== undefined),
      context,
    );
    expect(code).toBe(6);
    expect(err).toBe(
      "ascalon: ascalon does not run as root [E_ROOT]\n" +
        "  why: Lima refuses to run as root, and the VM belongs to an ordinary user\n" +
        "  run: run ascalon as your own user, without sudo\n",
    );
    expect([machine.calls, context.files.paths()]).toEqual([[], before]);
  });
});

describe("a LIMA_HOME whose sockets would have too long a path", () => {
  /** The longest path that Lima makes has 34 bytes after LIMA_HOME: /ascalon/ssh.sock.1234567890123456. */
  const homeOf = (bytes: number, letter = "x"): string => `/${letter.repeat(bytes - 1)}`;
  const up = async (platform: "linux" | "darwin", limaHome: string) =>
    await runApp(
      ["up"],
      hostContext({ machine: fakeMachine(), host: { platform }, env: { LIMA_HOME: limaHome } }),
    );

  it.each([
    ["linux", 107 - 34, 0],
    ["linux", 108 - 34, 6],
    ["darwin", 103 - 34, 0],
    ["darwin", 104 - 34, 6],
  ] as const)("%s, LIMA_HOME of %i bytes: exit %i", async (platform, bytes, code) => {
    expect((await up(platform, homeOf(bytes))).code).toBe(code);
  });

  it("says how long it is, what the limit is, and what to do", async () => {
    const { err } = await up("darwin", homeOf(90));
    expect(err).toContain("E_PATH_TOO_LONG");
    expect(err).toContain("has 124 bytes");
    expect(err).toContain("fewer than 104 bytes");
    expect(err).toContain("run: export LIMA_HOME=$HOME/.lima");
  });

  it("counts bytes, not letters", async () => {
    const { code } = await up("linux", `/${"ä".repeat(40)}`);
    expect(code).toBe(6);
  });

  it("is no obstacle to stop and destroy", async () => {
    for (const argv of [["stop"], ["destroy", "--yes"]]) {
      const context = hostContext({ machine: stopped(), env: { LIMA_HOME: homeOf(200) } });
      expect((await runApp(argv, context)).code).toBe(0);
    }
  });
});

describe("Lima's version", () => {
  it.each<[string | undefined, number]>([
    ["2.1.2", 6],
    ["1.2.1", 6],
    ["2.1.2-90-gabcdef0", 6],
    ["2.1.3", 0],
    ["2.1.3-5-g0123abc", 0],
    ["2.2.0-beta.1", 0],
    ["2.10.0", 0],
    ["10.0.0", 0],
    ["2.2.0.m", 0],
    [undefined, 0],
  ])("%s: exit %i", async (installed, code) => {
    const machine = stopped();
    machine.installed = installed;
    const ran = await runApp(["up"], hostContext({ machine }));
    expect(ran.code).toBe(code);
    if (code === 0) return;
    expect(machine.calls).toEqual([]);
    expect(ran.err).toContain(`Lima ${installed} is installed, but 2.1.3 or newer is needed`);
    expect(ran.err).toContain("run: brew upgrade lima");
  });

  it("when limactl is missing, that is said", async () => {
    const machine = stopped();
    machine.installed = new AscalonError("E_LIMACTL_MISSING", { what: "limactl is not installed" });
    expect((await runApp(["up"], hostContext({ machine }))).code).toBe(6);
    expect(machine.calls).toEqual([]);
  });
});

describe("missing programs", () => {
  it.each([
    ["ssh", "E_SSH_MISSING"],
    ["qemu-img", "E_QEMU_MISSING"],
    ["qemu-system-x86_64", "E_QEMU_MISSING"],
  ])("%s", async (name, errorCode) => {
    const machine = fakeMachine();
    const context = hostContext({ machine });
    await context.files.remove(`/usr/bin/${name}`);
    const { code, err } = await runApp(["up"], context);
    expect([code, machine.calls]).toEqual([6, []]);
    expect(err).toContain(`${name} is not on PATH [${errorCode}]`);
    expect(err).toMatch(/run: (apt|brew) install /);
  });

  it("on a Mac no QEMU is asked for", async () => {
    const context = hostContext({
      machine: fakeMachine(),
      host: { platform: "darwin", arch: "arm64" },
    });
    await context.files.remove("/usr/bin/qemu-system-x86_64");
    await context.files.remove("/usr/bin/qemu-img");
    expect((await runApp(["up"], context)).code).toBe(0);
  });

  it("a running VM needs none of them", async () => {
    const machine = fakeMachine({
      exists: "ours",
      process: "running",
      applied: settingsOf(),
      homeBytes: 50 * gib,
    });
    const context = hostContext({ machine, env: { PATH: "" } });
    expect((await runApp(["up"], context)).code).toBe(0);
  });
});

describe("UEFI firmware", () => {
  const settings = "/home/mia/.config/ascalon/ascalon.yaml";
  const image = (kernel: string): Record<string, string> => ({
    [settings]: "vm: { image: /srv/images.yaml }\n",
    "/srv/images.yaml": `images: [{ location: /srv/a.raw, arch: x86_64${kernel} }]\n`,
  });
  const up = async (options: FakeOptions = {}, firmware?: string, start = fakeMachine()) => {
    const context = hostContext({ machine: start, ...options });
    await context.files.remove(hostFirmware);
    context.files.put("/usr/bin/qemu-system-aarch64", "", { mode: 0o755 });
    if (firmware !== undefined) context.files.put(firmware, "");
    return { ...(await runApp(["up"], context)), machine: start };
  };

  it.each<[string, FakeOptions, string]>([
    ["x86_64", {}, "apt install ovmf"],
    ["arm64", { host: { arch: "arm64" } }, "apt install qemu-efi-aarch64"],
    ["an image of one's own without a kernel", { files: image("") }, "apt install ovmf"],
  ])("is asked for before anything is made: %s", async (_name, options, run) => {
    const { code, err, machine } = await up(options);
    expect([code, machine.calls]).toEqual([6, []]);
    expect(err).toContain("QEMU's UEFI firmware is not installed [E_QEMU_MISSING]");
    expect(err).toContain(`run: ${run}`);
  });

  it.each<[string, FakeOptions, string | undefined]>([
    ["is found beside the QEMU that is taken", {}, "/usr/share/qemu/edk2-x86_64-code.fd"],
    ["is found in the home", {}, "/home/mia/.local/share/qemu/edk2-x86_64-code.fd"],
    ["is found on arm64", { host: { arch: "arm64" } }, "/usr/share/AAVMF/AAVMF_CODE.fd"],
    ["is not needed for a kernel given directly", { files: image(", kernel: { location: /k }") }, undefined],
    ["is the person's own matter with a QEMU so named", { env: { QEMU_SYSTEM_X86_64: "/q" } }, undefined],
    [
      "comes with QEMU on a Mac",
      { host: { platform: "darwin" }, files: { [settings]: "vm: { type: qemu }\n" } },
      undefined,
    ],
  ])("%s", async (_name, options, firmware) => {
    expect((await up(options, firmware)).code).toBe(0);
  });

  it("of a VM that exists is Lima's to tell: its image may be another", async () => {
    expect((await up({}, undefined, stopped())).code).toBe(0);
  });
});

describe("a full disk", () => {
  it.each([
    [2 * gib - 1, 1],
    [2 * gib, 0],
  ])("%i bytes free: exit %i", async (free, code) => {
    const machine = fakeMachine();
    const context = hostContext({ machine });
    context.files.free = free;
    const ran = await runApp(["up"], context);
    expect(ran.code).toBe(code);
    if (code === 0) return;
    expect(machine.calls).toEqual([]);
    expect(ran.err).toContain("only 1.9 GiB are free where /home/mia/.lima is [E_DISK_FULL]");
    expect(ran.err).toContain("run: df -h\n       (free some space, then: ascalon up)\n");
  });

  it("does not keep from stop and destroy, which free some", async () => {
    for (const argv of [["stop"], ["destroy", "--yes"]]) {
      const context = hostContext({ machine: stopped() });
      context.files.free = 0;
      expect((await runApp(argv, context)).code).toBe(0);
    }
  });
});

describe("settings", () => {
  it("a bad file: exit 5, every problem, nothing done", async () => {
    const machine = fakeMachine();
    const files = { "/home/mia/.config/ascalon/ascalon.yaml": "vm:\n  cpus: six\n  memry: 1GiB\n" };
    const { code, err } = await runApp(["up"], hostContext({ machine, files }));
    expect([code, machine.calls]).toEqual([5, []]);
    expect(err).toContain("ascalon.yaml:2:9");
    expect(err).toContain("ascalon.yaml:3:3");
  });

  it("--config names another file, before or after the command", async () => {
    for (const argv of [
      ["--config", "/srv/a.yaml", "plan"],
      ["plan", "--config", "/srv/a.yaml"],
    ]) {
      const machine = fakeMachine({
        exists: "ours",
        process: "running",
        applied: settingsOf(),
        homeBytes: gib,
      });
      const context = hostContext({ machine, files: { "/srv/a.yaml": "vm: {cpus: 3}\n" } });
      const { err, out } = await runApp(argv, context);
      expect(out + err).toContain("vm.cpus 6 -> 3");
    }
  });

  it("--config of a file that is not there is an error, and names it", async () => {
    const context = hostContext({ machine: fakeMachine() });
    const { code, err } = await runApp(["--config", "/srv/none.yaml", "up"], context);
    expect(code).toBe(5);
    expect(err).toContain("/srv/none.yaml does not exist");
  });
});
