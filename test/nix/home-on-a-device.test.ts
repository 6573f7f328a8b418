import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "./support/nix.ts";

const sh = (command: string): string => execFileSync("sh", ["-c", command], { encoding: "utf8" }).trim();

/** Only root may attach and mount, and only where the kernel lets it. */
const canMount = process.getuid?.() === 0 && spawnSync("losetup", ["--find"]).status === 0;

describe.skipIf(!canMount)("/home on a real block device (root and loop devices)", () => {
  let folder = "";
  let device = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ascalon-home-"));
    sh(`truncate -s 64M ${folder}/disk.img`);
    device = sh(`losetup --find --show ${folder}/disk.img`);
    writeFileSync(
      join(folder, "lima.env"),
      `LIMA_CIDATA_USER=dev\nLIMA_CIDATA_UID=1000\nLIMA_CIDATA_DISKS=1\nLIMA_CIDATA_DISK_0_NAME=ascalon-home\nLIMA_CIDATA_DISK_0_DEVICE=${device.slice("/dev/".length)}\n`,
    );
    mkdirSync(join(folder, "old/dev/.ssh"), { recursive: true });
    writeFileSync(join(folder, "old/dev/.ssh/authorized_keys"), "key");
    sh(`chown -R 1000:1000 ${folder}/old/dev && chmod 700 ${folder}/old/dev`);
  });

  afterEach(() => {
    for (const name of ["mounted", "old"]) spawnSync("umount", [join(folder, name)]);
    spawnSync("losetup", ["--detach", device]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the unit does at each start: the two programs, one after the other. */
  const boot = (): number | null => {
    const env = {
      ...process.env,
      // A label of the test's own: another test may have a disk with the real one.
      ASCALON_HOME_LABEL: "ascalon-nixtest",
      ASCALON_LIMA_ENV: join(folder, "lima.env"),
      ASCALON_RUN_DIR: folder,
      ASCALON_OLD_HOME: join(folder, "old"),
    };
    const prepared = spawnSync("sh", [`${root}nix/guest/home-disk.sh`], { env });
    if (prepared.status !== 0) return prepared.status;
    return spawnSync("sh", [`${root}nix/guest/home-move.sh`, device, "ascalon-nixtest"], { env }).status;
  };

  /** What Lima runs at each start in an image's own system. */
  const bootImage = (extra: NodeJS.ProcessEnv = {}): number | null => {
    const env = {
      ...process.env,
      ASCALON_LIMA_ENV: join(folder, "lima.env"),
      ASCALON_RUN_DIR: folder,
      ASCALON_STATE_DIR: folder,
      ASCALON_OLD_HOME: join(folder, "old"),
      ASCALON_ETC: folder,
      ...extra,
    };
    const scripts = ["home-on-image", "home-disk", "home-move"].map((name) => `${root}nix/guest/${name}.sh`);
    return spawnSync("sh", [...scripts, "ascalon-nixtest"], { env }).status;
  };
  const key = (): string => readFileSync(join(folder, "old/dev/.ssh/authorized_keys"), "utf8").trim();

  const mounted = (): string => {
    mkdirSync(join(folder, "mounted"), { recursive: true });
    sh(`mount ${device} ${folder}/mounted`);
    return join(folder, "mounted");
  };

  it("why #8, #9: a blank disk is formatted and takes the home along, with owner and mode", () => {
    expect(boot()).toBe(0);
    expect(readFileSync(join(folder, "ascalon-home.state"), "utf8")).toContain("RESULT=created");
    const home = join(mounted(), "dev");
    expect(readFileSync(join(home, ".ssh/authorized_keys"), "utf8")).toBe("key");
    expect(statSync(home)).toMatchObject({ uid: 1000, gid: 1000 });
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  it("why #9: the next start, and one from another system disk, find it as it was left", () => {
    boot();
    writeFileSync(join(mounted(), "dev/work.txt"), "work");
    sh(`umount ${folder}/mounted`);
    sh(`rm -r ${folder}/old/dev && mkdir -p ${folder}/old/dev && touch ${folder}/old/dev/fresh`);
    expect(boot()).toBe(0);
    expect(readFileSync(join(folder, "ascalon-home.state"), "utf8")).toContain("RESULT=used");
    const home = join(mounted(), "dev");
    expect(readFileSync(join(home, "work.txt"), "utf8")).toBe("work");
    expect(existsSync(join(home, "fresh"))).toBe(false);
  });

  it("why #9: a disk with something else on it is left alone, and says so", () => {
    sh(`mkfs.ext4 -q -L precious ${device}`);
    expect(boot()).toBe(1);
    expect(readFileSync(join(folder, "ascalon-home.failed"), "utf8")).toContain("nothing was written to it");
    expect(sh(`blkid -p -s LABEL -o value ${device}`)).toBe("precious");
  });

  describe("in an image whose own system knows nothing of it", () => {
    it("has /home on the disk from the first start on, with what was there", () => {
      writeFileSync(join(folder, "old/dev/notes"), "mine");
      expect(bootImage()).toBe(0);
      expect(sh(`findmnt -no SOURCE ${folder}/old`)).toBe(device);
      expect([key(), readFileSync(join(folder, "old/dev/notes"), "utf8")]).toEqual(["key", "mine"]);
      expect(statSync(join(folder, "old/dev/.ssh/authorized_keys"))).toMatchObject({ uid: 1000, gid: 1000 });
      // Lima's boot service runs again when a switch starts it anew.
      expect(bootImage()).toBe(0);
    });

    it("finds it as it was left from a new system disk, and takes the key of the new VM", () => {
      bootImage();
      writeFileSync(join(folder, "old/dev/work.txt"), "work");
      sh(`umount ${folder}/old && mkdir -p ${folder}/old/dev/.ssh`);
      writeFileSync(join(folder, "old/dev/.ssh/authorized_keys"), "another key");
      expect(bootImage()).toBe(0);
      expect([key(), readFileSync(join(folder, "old/dev/work.txt"), "utf8")]).toEqual([
        "another key",
        "work",
      ]);
    });

    it("makes a home on the disk of somebody with another name", () => {
      bootImage();
      sh(`mv ${folder}/old/dev ${folder}/old/eve && umount ${folder}/old`);
      expect(bootImage()).toBe(0);
      expect(key()).toBe("key");
      expect(statSync(join(folder, "old/dev"))).toMatchObject({ uid: 1000, gid: 1000 });
      expect(existsSync(join(folder, "old/eve"))).toBe(true);
    });

    it("leaves a system of ascalon's to its own unit", () => {
      mkdirSync(join(folder, "ascalon"));
      writeFileSync(join(folder, "ascalon/ascalon.json"), "{}");
      expect(bootImage()).toBe(0);
      expect(sh(`blkid -p ${device} || true`)).toBe("");
    });

    it("leaves /home where it is when the disk is somebody's, and says so", () => {
      sh(`mkfs.ext4 -q -L precious ${device}`);
      expect(bootImage()).toBe(1);
      expect(readFileSync(join(folder, "ascalon-home.failed"), "utf8")).toContain(
        "nothing was written to it",
      );
      expect(spawnSync("mountpoint", ["-q", join(folder, "old")]).status).not.toBe(0);
      expect(key()).toBe("key");
    });
  });
});
