import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listedPath } from "../support/listed-programs.ts";

const script = new URL("../../nix/guest/home-disk.sh", import.meta.url).pathname;
const mebibyte = 1024 * 1024;
const diskBytes = 64 * mebibyte;
// A test's user may lack the administrators' folders in PATH.
const path = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;
const uuid = "11111111-2222-4333-8444-555555555555";

let folder: string;
const disk = () => join(folder, "dev", "vdb");
const state = () => read("run/ascalon-home.state");
const failure = () => read("run/ascalon-home.failed");

function read(name: string): string {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function tool(command: string, ...args: string[]): SpawnSyncReturns<string> {
  const result = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, PATH: path } });
  if (result.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${result.error ?? result.stderr}`);
  return result;
}

/** The script's environment: plain files stand for the devices, unless a test names another folder of devices. */
const environment = (extra: NodeJS.ProcessEnv = {}) => ({
  PATH: listedPath("home-disk") ?? path,
  ASCALON_LIMA_ENV: join(folder, "lima.env"),
  ASCALON_RUN_DIR: join(folder, "run"),
  ASCALON_STATE_DIR: join(folder, "state"),
  ASCALON_DEV_DIR: join(folder, "dev"),
  ASCALON_HOME_FILES: "1",
  ASCALON_HOME_WAIT: "0",
  ...extra,
});

function homeDisk(args: readonly string[] = [], extra: NodeJS.ProcessEnv = {}) {
  const { status, stderr } = spawnSync("/bin/sh", [script, ...args], {
    encoding: "utf8",
    env: environment(extra),
  });
  return { status, stderr };
}

function limaEnv(device = "vdb", before = ""): void {
  const disks = `LIMA_CIDATA_DISKS=2\nLIMA_CIDATA_DISK_0_NAME=other\nLIMA_CIDATA_DISK_0_DEVICE=vdz\n`;
  const ours = `LIMA_CIDATA_DISK_1_NAME=ascalon-home\nLIMA_CIDATA_DISK_1_DEVICE=${device}\n`;
  writeFileSync(join(folder, "lima.env"), `${before}LIMA_CIDATA_USER=dev\n${disks}${ours}`);
}

function write(at: number, bytes: Buffer | string): void {
  const file = openSync(disk(), "r+");
  writeSync(file, Buffer.from(bytes), 0, Buffer.from(bytes).length, at);
  closeSync(file);
}

const blank = () => writeFileSync(disk(), "") ?? truncateSync(disk(), diskBytes);
/** Of the bytes and where they are; most of a disk is holes, which are passed over. */
function hash(): string {
  const [sum, block] = [createHash("sha256"), Buffer.alloc(mebibyte)];
  const empty = Buffer.alloc(mebibyte);
  const file = openSync(disk(), "r");
  let at = 0;
  for (let count = -1; count !== 0; at += count) {
    count = readSync(file, block, 0, mebibyte, at);
    if (block.compare(empty, 0, count, 0, count) !== 0) sum.update(`${at}:`).update(block.subarray(0, count));
  }
  closeSync(file);
  return sum.update(`${at}`).digest("hex");
}
const tagOf = (name: string, device = disk()) =>
  tool("blkid", "-p", "-s", name, "-o", "value", device).stdout.trim();

/** An ext4 filesystem with one file in it. */
function ext4(label: string): void {
  const content = join(folder, "content");
  mkdirSync(content, { recursive: true });
  writeFileSync(join(content, "thesis"), "years of work\n");
  tool("mke2fs", "-q", "-t", "ext4", "-L", label, "-U", uuid, "-d", content, disk());
}
const thesis = () => tool("debugfs", "-R", "cat /thesis", disk()).stdout;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "home-disk-"));
  mkdirSync(join(folder, "dev"));
  blank();
  limaEnv();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform !== "linux")("home-disk.sh", () => {
  it("formats a blank disk once, and afterwards uses it", () => {
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect([tagOf("TYPE"), tagOf("LABEL")]).toEqual(["ext4", "ascalon-home"]);
    const created = state();
    expect(created).toBe(
      `RESULT=created\nDEVICE=${disk()}\nUUID=${tagOf("UUID")}\nSIZE_BYTES=${diskBytes}\n`,
    );
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect(state()).toBe(created.replace("created", "used"));
  });

  /** What a disk may hold, and which of the script's guards sees it. */
  const holdings: [name: string, put: () => void, seen: RegExp][] = [
    ["ext4 with another label", () => ext4("photos"), /blkid.*TYPE=ext4/],
    ["ext4 without a label", () => ext4(""), /blkid.*TYPE=ext4/],
    ["a label that only begins like ours", () => ext4("ascalon-home2"), /blkid.*TYPE=ext4/],
    ["XFS", putXfs, /blkid.*TYPE=xfs/],
    ["a GPT without partitions", () => partition("label: gpt\n"), /blkid.*PTTYPE=gpt/],
    ["a GPT with a partition", () => partition("label: gpt\n2048,4096\n"), /blkid.*PTTYPE=gpt/],
    ["an MBR", () => partition("label: dos\n2048,4096\n"), /blkid.*PTTYPE=dos/],
    [
      "LUKS 1",
      () => write(0, Buffer.concat([Buffer.from("LUKS\xba\xbe\0\x01", "latin1"), luksRest()])),
      /TYPE=crypto_LUKS/,
    ],
    ["swap", () => tool("mkswap", disk()), /blkid.*TYPE=swap/],
    ["a GPT whose first copy was wiped", wipedGpt, /GPT|last MiB|gpt/],
    ["bytes that nobody knows at the start", () => write(0, "my own format"), /first MiB/],
    ["one byte at the end of the first MiB", () => write(mebibyte - 1, "x"), /first MiB/],
    ["one byte at the start of the last MiB", () => write(diskBytes - mebibyte, "x"), /last MiB/],
    ["one last byte", () => write(diskBytes - 1, "x"), /last MiB/],
  ];

  function putXfs(): void {
    const superblock = Buffer.alloc(512);
    superblock.write("XFSB");
    // Block size, blocks, allocation groups and their blocks, sector and inode sizes and their logarithms.
    superblock.writeUInt32BE(4096, 4);
    superblock.writeBigUInt64BE(16384n, 8);
    superblock.writeUInt32BE(1, 80);
    superblock.writeUInt32BE(4096, 84);
    superblock.writeUInt32BE(4, 88);
    superblock.writeUInt32BE(1000, 96);
    superblock.writeUInt16BE(512, 102);
    superblock.writeUInt16BE(512, 104);
    superblock.writeUInt16BE(8, 106);
    for (const [at, value] of [12, 9, 9, 3, 12].entries()) superblock.writeUInt8(value, 120 + at);
    superblock.writeUInt8(25, 127);
    write(0, superblock);
  }

  function luksRest(): Buffer {
    const rest = Buffer.alloc(592 - 8);
    rest.write("aes", 0);
    rest.write("xts-plain64", 32);
    rest.write("sha256", 64);
    rest.write(uuid, 160);
    return rest;
  }

  function partition(layout: string): void {
    const result = spawnSync("sfdisk", ["-q", disk()], {
      input: layout,
      encoding: "utf8",
      env: { PATH: path },
    });
    if (result.status !== 0) throw new Error(String(result.error ?? result.stderr));
  }

  function wipedGpt(): void {
    partition("label: gpt\n2048,4096\n");
    write(0, Buffer.alloc(mebibyte));
  }

  function underGpt(): void {
    partition("label: gpt\n2048,4096\n");
    const bytes = readFileSync(disk());
    ext4("ascalon-home");
    // Both tables of the GPT over the filesystem: where ext4 keeps nothing, and at the very end.
    write(0, bytes.subarray(0, 1024));
    write(diskBytes - 34 * 512, bytes.subarray(diskBytes - 34 * 512));
  }

  it.each(holdings)("never writes to a disk that holds %s", (_, put, seen) => {
    put();
    const before = hash();
    expect(homeDisk()).toMatchObject({ status: 1 });
    expect(hash()).toBe(before);
    expect(failure()).toMatch(seen);
    expect(failure()).toMatch(
      /^the disk ascalon-home \(.*vdb\) is neither blank nor .* nothing was written to it/,
    );
    expect(state()).toBe("");
  });

  /** The probers know nearly the same; each must be believed where it alone sees something, or cannot look. */
  const probers: [name: string, text: string, seen: RegExp][] = [
    ["wipefs", "echo DEVICE OFFSET TYPE; echo vdb 0x1000 zfs_member", /wipefs sees .*zfs_member/],
    ["wipefs", "echo input/output error >&2; exit 1", /wipefs fails: input\/output error/],
    ["blkid", "exit 8", /blkid \(exit 8\)/],
    ["blkid", "exit 4", /blkid \(exit 4\)/],
    // As on a disk with a bad sector in its last mebibyte.
    ["cmp", 'case "$*" in *"-i 0:0"*) exit 0 ;; *) echo input/output error >&2; exit 2 ;; esac', /last MiB/],
  ];

  it.each(probers)("does not format when %s does: %s", (name, text, seen) => {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const before = hash();
    expect(homeDisk([], { PATH: `${folder}/bin:${path}` })).toMatchObject({ status: 1 });
    expect(failure()).toMatch(seen);
    expect(hash()).toBe(before);
  });

  it("uses a filesystem of ours, and what is in it stays", () => {
    ext4("ascalon-home");
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect(state()).toContain("RESULT=used");
    expect([tagOf("UUID"), thesis()]).toEqual([uuid, "years of work\n"]);
  });

  it("grows a filesystem of ours when the disk grew", () => {
    ext4("ascalon-home");
    truncateSync(disk(), 256 * mebibyte);
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect(state()).toContain("RESULT=grown");
    expect(tool("dumpe2fs", "-h", disk()).stdout).toMatch(
      /Block count: +65536\n[\s\S]*Block size: +4096\n|Block count: +262144\n[\s\S]*Block size: +1024\n/,
    );
    expect([tagOf("UUID"), thesis()]).toEqual([uuid, "years of work\n"]);
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect(state()).toContain("RESULT=used");
  });

  it("leaves a filesystem alone that is larger than the disk", () => {
    ext4("ascalon-home");
    truncateSync(disk(), diskBytes / 2);
    const before = hash();
    expect(homeDisk()).toMatchObject({ status: 1 });
    expect(failure()).toMatch(/larger than the disk|could not repair/);
    expect(hash()).toBe(before);
  });

  it("does not mount what dumpe2fs cannot read, and tells of what it did not foresee", () => {
    ext4("ascalon-home");
    mkdirSync(join(folder, "bin"));
    const fake = (name: string, text: string) =>
      writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    fake("dumpe2fs", "exit 1");
    expect(homeDisk([], { PATH: `${folder}/bin:${path}` })).toMatchObject({ status: 1 });
    expect(failure()).toMatch(/dumpe2fs cannot read the superblock/);
    fake("flock", "exit 0");
    fake("stat", "exit 7");
    expect(homeDisk([], { PATH: `${folder}/bin:${path}` })).toMatchObject({ status: 1 });
    expect(failure()).toMatch(/broke off \(exit 7\)/);
  });

  it("does not mount what e2fsck cannot repair by itself", () => {
    ext4("ascalon-home");
    // The root folder's inode, in the first block after the group's bitmaps.
    tool("debugfs", "-w", "-R", "clri <2>", disk());
    tool("debugfs", "-w", "-R", "ssv state 2", disk());
    expect(homeDisk()).toMatchObject({ status: 1 });
    expect(failure()).toMatch(/e2fsck .* could not repair/);
  });

  it("goes on with a format that a power-off cut short, and only with that", () => {
    mkdirSync(join(folder, "state"));
    const begin = (bytes: number) =>
      writeFileSync(join(folder, "state", "home-disk.formatting"), `${bytes}\n`);
    write(300_000, "half an inode table");
    begin(diskBytes + mebibyte);
    expect(homeDisk()).toMatchObject({ status: 1 });
    begin(diskBytes);
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect(state()).toContain("RESULT=created");
    expect(existsSync(join(folder, "state", "home-disk.formatting"))).toBe(false);
    // The memory of a begun format is no permission to format what has become something since.
    ext4("photos");
    begin(diskBytes);
    expect(homeDisk()).toMatchObject({ status: 1 });
    expect(thesis()).toBe("years of work\n");
  });

  it("forgets a format that a power-off ended at its very end, so that the next disk is looked at whole", () => {
    ext4("ascalon-home");
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, "state", "home-disk.formatting"), `${diskBytes}\n`);
    expect(homeDisk(["-n"])).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, "state", "home-disk.formatting"))).toBe(true);
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect(state()).toContain("RESULT=used");
    blank();
    write(0, "of a kind that no prober knows");
    expect(homeDisk()).toMatchObject({ status: 1 });
    expect(failure()).toContain("its first MiB is not all zero");
  });

  it("says what it would do, and does not do it", () => {
    const before = hash();
    expect(homeDisk(["-n"]).stderr).toContain(`would format ${disk()} (${diskBytes} bytes)`);
    expect(hash()).toBe(before);
    ext4("ascalon-home");
    truncateSync(disk(), 256 * mebibyte);
    const grown = hash();
    expect(homeDisk(["-n"]).stderr).toContain(`would grow ${disk()}`);
    expect(hash()).toBe(grown);
  });

  it("two at once: one formats, the other finds it done", async () => {
    const results = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<string>((resolve) => {
            let said = "";
            const child = spawn("/bin/sh", [script], { env: environment() });
            child.stderr.on("data", (chunk) => (said += chunk));
            child.on("close", (code) => resolve(`${code} ${said}`));
          }),
      ),
    );
    expect(
      results
        .sort()
        .map((said) => /^0 .*: (created|used)\n$/s.exec(said)?.[1])
        .sort(),
    ).toEqual(["created", "used"]);
  });

  const faults: [name: string, prepare: () => readonly string[], sentence: RegExp][] = [
    ["no lima.env", () => ["-e", join(folder, "absent")], /absent cannot be read: is cidata mounted\?/],
    ["no disk of that name", () => ["-d", "ascalon-hom"], /gave this VM no disk named ascalon-hom /],
    ["a device that does not appear", () => limaEnv("vdq") ?? [], /vdq\) did not appear within 0 seconds/],
    ["a device outside of /dev", () => limaEnv("../dev/vdb") ?? [], /impossible device '..\/dev\/vdb'/],
    ["no device at all", () => limaEnv("") ?? [], /impossible device ''/],
    ["a folder for a device", () => limaEnv(".") ?? [], /impossible device '.'/],
    ["a label that ext4 would cut", () => ["-l", "ascalon-home-disk"], /longer than the 16 bytes/],
    ["our filesystem under a partition table", () => underGpt() ?? [], /and a partition table \(gpt\)/],
    ["cidata for a device", cidata, /is Lima's cidata/],
    ["a disk too small to be one", () => truncateSync(disk(), mebibyte) ?? [], /has only 1048576 bytes/],
  ];

  function cidata(): readonly string[] {
    const descriptor = Buffer.alloc(2048);
    descriptor.write("\x01CD001\x01\0");
    descriptor.write("cidata".padEnd(32), 40);
    write(32768, descriptor);
    write(34816, "\xffCD001\x01");
    return [];
  }

  it.each(faults)("says what is wrong: %s", (_, prepare, sentence) => {
    const args = prepare();
    const before = hash();
    expect(homeDisk(args)).toMatchObject({ status: 1 });
    expect(failure()).toMatch(sentence);
    expect(failure().trim().split("\n")).toHaveLength(1);
    expect(hash()).toBe(before);
  });

  it("reads lima.env as data, not as shell", () => {
    const trap = join(folder, "trap");
    limaEnv("vdb", `LIMA_CIDATA_COMMENT=$(touch ${trap}) \`touch ${trap}\` "; touch ${trap}\nexit 7\n\n=\n`);
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect(existsSync(trap)).toBe(false);
  });

  it("takes back its complaint when all is well again", () => {
    write(0, "something");
    homeDisk();
    expect(failure()).not.toBe("");
    blank();
    expect(homeDisk()).toMatchObject({ status: 0 });
    expect([failure(), state()]).toEqual(["", expect.stringContaining("RESULT=created")]);
  });
});

const readProc = (name: string) => (existsSync(name) ? readFileSync(name, "utf8") : "");
/** Growing a mounted filesystem takes CAP_SYS_RESOURCE, which root in a container may lack. The real VM's test covers it there. */
const mayResize =
  (BigInt(`0x${/CapEff:\s*(\w+)/.exec(readProc("/proc/self/status"))?.[1] ?? 0}`) & (1n << 24n)) !== 0n;
const loops = process.getuid?.() === 0 && existsSync("/dev/loop-control");
describe.skipIf(!loops)("home-disk.sh on real block devices", () => {
  const attached: string[] = [];
  const mountPoint = () => join(folder, "mnt");

  function attach(file: string): string {
    const device = tool("losetup", "--find", "--show", file).stdout.trim();
    attached.push(device);
    limaEnv(device.replace("/dev/", ""));
    return device;
  }
  const onDevice = () => homeDisk([], { ASCALON_DEV_DIR: "/dev", ASCALON_HOME_FILES: "0" });

  afterEach(() => {
    spawnSync("umount", [mountPoint()]);
    for (const device of attached.splice(0)) tool("losetup", "--detach", device);
  });

  it.skipIf(!mayResize)("formats, and grows while mounted", () => {
    const device = attach(disk());
    expect(onDevice()).toMatchObject({ status: 0 });
    mkdirSync(mountPoint());
    tool("mount", device, mountPoint());
    writeFileSync(join(mountPoint(), "thesis"), "years of work\n");
    truncateSync(disk(), 512 * mebibyte);
    tool("losetup", "--set-capacity", device);
    expect(onDevice()).toMatchObject({ status: 0 });
    expect(state()).toContain("RESULT=grown");
    expect(readFileSync(join(mountPoint(), "thesis"), "utf8")).toBe("years of work\n");
    expect(Number(tool("stat", "-f", "-c", "%b", mountPoint()).stdout)).toBeGreaterThan(100_000);
  });

  it("grows what was in use since its last full check", async () => {
    const device = attach(disk());
    onDevice();
    // ext4 keeps both times in seconds.
    await sleep(1100);
    mkdirSync(mountPoint());
    tool("mount", device, mountPoint());
    writeFileSync(join(mountPoint(), "thesis"), "years of work\n");
    tool("umount", mountPoint());
    truncateSync(disk(), 256 * mebibyte);
    tool("losetup", "--set-capacity", device);
    expect(onDevice()).toMatchObject({ status: 0 });
    expect(state()).toContain("RESULT=grown");
    expect(thesis()).toBe("years of work\n");
  });

  it("does not format what is mounted, even where every byte looks blank", () => {
    ext4("photos");
    const device = attach(disk());
    mkdirSync(mountPoint());
    tool("mount", device, mountPoint());
    expect(onDevice()).toMatchObject({ status: 1 });
    expect(failure()).toContain(`${device} is mounted at ${mountPoint()}`);
  });

  it("refuses when a second disk has the label", () => {
    ext4("ascalon-home");
    const twin = join(folder, "twin");
    writeFileSync(twin, readFileSync(disk()));
    const first = attach(twin);
    const second = attach(disk());
    expect(onDevice()).toMatchObject({ status: 1 });
    expect(failure()).toMatch(new RegExp(`${second} and ${first} both have the label`));
  });

  it("does not format a read-only disk", () => {
    const device = tool("losetup", "--find", "--show", "--read-only", disk()).stdout.trim();
    attached.push(device);
    limaEnv(device.replace("/dev/", ""));
    expect(onDevice()).toMatchObject({ status: 1 });
    expect(failure()).toContain(`${device} is read-only`);
  });

  it("takes no plain file for a device", () => {
    expect(homeDisk([], { ASCALON_HOME_FILES: "0" })).toMatchObject({ status: 1 });
    expect(failure()).toContain("did not appear");
  });
});
