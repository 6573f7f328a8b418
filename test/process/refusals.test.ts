import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LimaBed, limaBed } from "../support/lima-bed.ts";

let bed: LimaBed;

beforeEach(async () => {
  bed = await limaBed();
});

afterEach(() => bed.close());

/** Puts another program in limactl's place. */
function limactlIs(content: string | Buffer, mode = 0o755): void {
  writeFileSync(`${bed.bin}/limactl`, content);
  chmodSync(`${bed.bin}/limactl`, mode);
}

/** The first bytes of a program for another processor, and then text that a shell would run. */
function foreignProgram(): Buffer {
  const head = Buffer.alloc(64);
  head.write("\x7fELF\x02\x01\x01", "latin1");
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(process.arch === "x64" ? 183 : 62, 18);
  return Buffer.concat([head, Buffer.from(`\ntouch ${bed.home}/a-shell-ran-it\n`)]);
}

describe("a limactl that cannot be used", () => {
  it("for another processor: said so, and never given to a shell", async () => {
    limactlIs(foreignProgram());
    for (const argv of [["up"], ["up", "--json"]]) {
      const { code, err } = await bed.run(argv);
      expect(code).toBe(6);
      expect(err).toContain("E_LIMACTL_FOREIGN_ARCH");
      expect(err).toContain(`limactl is built for ${process.arch === "x64" ? "arm64" : "x64"}`);
      expect(err).toContain("brew reinstall lima");
    }
    expect(existsSync(`${bed.home}/a-shell-ran-it`)).toBe(false);
  });

  it("under Rosetta, in Lima's words", async () => {
    limactlIs(
      "#!/bin/sh\n" +
        `echo 'time="2026-11-25T00:51:07Z" level=fatal msg="limactl is running under rosetta, please reinstall lima with native arch"' >&2\n` +
        "exit 1\n",
    );
    const { code, err } = await bed.run(["up"]);
    expect(code).toBe(6);
    expect(err).toContain("runs under Rosetta [E_LIMACTL_FOREIGN_ARCH]");
  });

  it("too old", async () => {
    bed.env.DOUBLE_VERSION = "2.0.3";
    const { code, err } = await bed.run(["up"]);
    expect(code).toBe(6);
    expect(err).toContain("Lima 2.0.3 is installed, but 2.1.3 or newer is needed [E_LIMACTL_OLD]");
    expect(bed.calls()).toEqual(["--version"]);
  });

  it("missing", async () => {
    rmSync(`${bed.bin}/limactl`);
    const { code, err } = await bed.run(["up"], { env: { PATH: `${bed.bin}:/usr/bin:/bin` } });
    expect(code).toBe(6);
    expect(err).toContain("limactl is not installed, or not on PATH [E_LIMACTL_MISSING]");
  });
});

/** A file system of a few hundred KiB; undefined where none may be mounted. */
function smallDisk(kib: number, more = ""): { readonly path: string; unmount(): void } | undefined {
  const path = mkdtempSync(`${tmpdir()}/f-`);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k${more}`, "tmpfs", path]);
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    unmount: () => {
      spawnSync("umount", ["-l", path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

const mayMount = (() => {
  const disk = smallDisk(64);
  disk?.unmount();
  if (disk === undefined && process.env.CI) throw new Error("no file system can be mounted; CI needs it");
  return disk !== undefined;
})();

describe.skipIf(!mayMount)("a disk that is really full", () => {
  it("free space is asked of the disk that LIMA_HOME is on", async () => {
    const disk = smallDisk(300);
    try {
      const { code, err } = await bed.run(["up"], { env: { LIMA_HOME: `${disk?.path}/not/yet/there` } });
      expect(code).toBe(1);
      expect(err).toContain("only 0 GiB are free where");
      expect(err).toContain("E_DISK_FULL");
    } finally {
      disk?.unmount();
    }
  });

  it("full while ascalon writes: a sentence, nothing half written, and after space is made up works", async () => {
    const disk = smallDisk(256);
    try {
      const env = { XDG_STATE_HOME: disk?.path ?? "" };
      mkdirSync(`${disk?.path}/ascalon/lock.d`, { recursive: true });
      spawnSync("dd", ["if=/dev/zero", `of=${disk?.path}/filler`, "bs=1k"]);
      const { code, err } = await bed.run(["up"], { env });
      expect(code).toBe(1);
      expect(err).toContain("ascalon: the disk is full [E_DISK_FULL]");
      expect(err).toContain("run: df -h");
      expect(bed.calls()).toEqual([]);
      expect(existsSync(bed.instance)).toBe(false);
      rmSync(`${disk?.path}/filler`);
      expect(await bed.run(["up"], { env })).toMatchObject({ code: 0 });
    } finally {
      disk?.unmount();
    }
  });

  it("full so that no lock can be written: stop and destroy do their work all the same, unless another has it", async () => {
    const disk = smallDisk(256);
    try {
      const env = { XDG_STATE_HOME: disk?.path ?? "" };
      expect(await bed.run(["up"], { env })).toMatchObject({ code: 0 });
      const fill = () => spawnSync("dd", ["if=/dev/zero", `of=${disk?.path}/filler`, "bs=512"]);
      fill();
      expect(await bed.run(["restart"], { env })).toMatchObject({ code: 1 });
      const stopped = await bed.run(["stop"], { env });
      expect(stopped).toMatchObject({ code: 0 });
      expect(stopped.err).toContain("the disk is full: working without the lock that keeps others out\n");
      expect(await bed.run(["status"], { env })).toMatchObject({
        out: expect.stringMatching(/^ascalon {2}stopped/),
      });
      rmSync(`${disk?.path}/filler`);
      const turn = `${disk?.path}/ascalon/lock.d/99`;
      writeFileSync(turn, JSON.stringify({ pid: process.pid, startedAt: "", command: "ascalon rebuild" }));
      fill();
      const refused = await bed.run(["destroy", "--yes"], { env });
      expect(refused).toMatchObject({ code: 9, err: expect.stringContaining("ascalon rebuild") });
      expect(existsSync(bed.instance)).toBe(true);
      writeFileSync(turn, "");
      expect(await bed.run(["destroy", "--yes"], { env })).toMatchObject({ code: 0 });
      expect(existsSync(bed.instance)).toBe(false);
    } finally {
      disk?.unmount();
    }
  });

  it("full when a folder is to be made: the same sentence, and no bug of ours", async () => {
    const disk = smallDisk(256, ",nr_inodes=2");
    try {
      mkdirSync(`${disk?.path}/ascalon`);
      const { code, err } = await bed.run(["up"], { env: { XDG_STATE_HOME: disk?.path ?? "" } });
      expect(code).toBe(1);
      expect(err).toContain("ascalon: the disk is full [E_DISK_FULL]");
    } finally {
      disk?.unmount();
    }
  });

  it("full when the settings' folder is to be made: the same, and nothing of the file's owner", async () => {
    const disk = smallDisk(256, ",nr_inodes=1");
    try {
      const env = { XDG_CONFIG_HOME: disk?.path ?? "" };
      const { code, err } = await bed.run(["config", "set", "vm.cpus", "2"], { env });
      expect(code).toBe(1);
      expect(err).toContain("ascalon: the disk is full [E_DISK_FULL]");
    } finally {
      disk?.unmount();
    }
  });

  it("full while limactl writes: its sentence, and the next up begins anew", async () => {
    bed.env.DOUBLE_FAULT = "disk-full";
    const { code, err } = await bed.run(["up"]);
    expect(code).toBe(1);
    expect(err).toContain("cannot create the VM: the disk filled up while limactl was working [E_DISK_FULL]");
    bed.env.DOUBLE_FAULT = "";
    expect(await bed.run(["up"])).toMatchObject({ code: 0 });
  });

  it("full while the settings of a VM are noted: the old record stays whole", async () => {
    const disk = smallDisk(200);
    try {
      const env = { LIMA_HOME: disk?.path ?? "" };
      const begun = await bed.run(["up"], { env, free: 1024 ** 4 });
      expect(begun).toMatchObject({ code: 0 });
      const record = `${disk?.path}/ascalon/ascalon-applied.yaml`;
      const before = readFileSync(record, "utf8");
      mkdirSync(`${bed.home}/.config/ascalon`, { recursive: true });
      writeFileSync(`${bed.home}/.config/ascalon/ascalon.yaml`, "bridge: {allow: [op]}\n");
      spawnSync("dd", ["if=/dev/zero", `of=${disk?.path}/filler`, "bs=1k"]);
      const { code, err } = await bed.run(["up"], { env });
      expect(code).toBe(1);
      expect(err).toContain("E_DISK_FULL");
      expect(readFileSync(record, "utf8")).toBe(before);
      rmSync(`${disk?.path}/filler`);
      expect(await bed.run(["up"], { env })).toMatchObject({ code: 0 });
      expect(readFileSync(record, "utf8")).toContain('"allow":["op"]');
      await bed.run(["stop"], { env });
    } finally {
      disk?.unmount();
    }
  });
});
