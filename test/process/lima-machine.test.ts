import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deadPid, endAll, impostor, zombie } from "../support/impostors.ts";
import { type LimaBed, limaBed } from "../support/lima-bed.ts";

let bed: LimaBed;

beforeEach(async () => {
  bed = await limaBed();
});

afterEach(() => {
  endAll();
  bed.close();
});

const up = async (...more: string[]) => await bed.run(["up", ...more]);
const state = async (): Promise<string> => JSON.parse((await bed.run(["status", "--json"])).out).state;

/** Runs, and is not only waiting for its parent to ask how it ended. */
const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");

const pidIn = (name: string): number => Number(readFileSync(`${bed.instance}/${name}`, "utf8"));
const changing = (): readonly string[] => bed.calls().filter((call) => call !== "--version");
const endBoot = (): void => writeFileSync(`${bed.home}/boot-may-end`, "");

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("it never came about");
}

describe("the life of a VM", () => {
  it("up from nothing, again, stop, up, destroy, up: /home stays", async () => {
    expect(await up()).toMatchObject({ code: 0 });
    expect(await state()).toBe("ready");
    expect(changing()).toEqual([
      `disk create ascalon-home --size ${50 * 1024 ** 3}B`,
      `create --name=ascalon ${bed.state}/lima.yaml`,
      "start --timeout=600s ascalon",
    ]);
    const before = bed.calls().length;
    expect((await up()).err).toContain("nothing to do");
    expect(bed.calls()).toHaveLength(before);
    writeFileSync(`${bed.home}/.lima/_disks/ascalon-home/precious`, "");
    expect(await bed.run(["stop"])).toMatchObject({ code: 0 });
    expect(await state()).toBe("stopped");
    expect(await bed.run(["destroy", "--yes"])).toMatchObject({ code: 0 });
    expect(existsSync(bed.instance)).toBe(false);
    expect(await up()).toMatchObject({ code: 0 });
    expect(existsSync(`${bed.home}/.lima/_disks/ascalon-home/precious`)).toBe(true);
  });

  it("tells how far the download of the image is, and not to the log", async () => {
    bed.env.DOUBLE_FAULT = "slow-download";
    const going = bed.begin(["up", "--progress", "json"]);
    const line = '{"event":"line","step":"create","text":"downloading the image: 3 MiB"}\n';
    await until(() => going.err().includes(line));
    writeFileSync(`${bed.home}/download-seen`, "");
    expect(await going.ended).toMatchObject({ code: 0 });
    const log = readFileSync(`${bed.state}/log/lifecycle.log`, "utf8");
    expect(log).toContain("Attempting to download the image");
    expect(log).not.toContain("MiB");
  });

  it("--no-wait returns while it boots, and leaves no watcher behind", async () => {
    bed.env.DOUBLE_FAULT = "held-boot";
    expect(await up("--no-wait")).toMatchObject({ code: 0 });
    expect(await state()).toBe("starting");
    endBoot();
    expect(await up()).toMatchObject({ code: 0 });
    expect(await state()).toBe("ready");
  });

  it("--no-wait of a start that fails ends too", async () => {
    await up();
    await bed.run(["stop"]);
    bed.env.DOUBLE_FAULT = "start-fails";
    expect(await up("--no-wait")).toMatchObject({ code: 1 });
  });

  it("limactl that exits 1 although the VM runs: the facts decide", async () => {
    bed.env.DOUBLE_FAULT = "degraded";
    expect(await up()).toMatchObject({ code: 0 });
    expect((await bed.run(["status"])).out).toContain("degraded  no agent");
  });

  it("a start that fails shows limactl's words", async () => {
    await up();
    await bed.run(["stop"]);
    bed.env.DOUBLE_FAULT = "start-fails";
    const { code, err } = await up();
    expect(code).toBe(1);
    expect(err).toContain("why: limactl: exiting, status=");
  });

  it("a host agent that ends says why in its own log, and that is told; of an earlier start it is not", async () => {
    await up();
    await bed.run(["stop"]);
    bed.env.DOUBLE_FAULT = "agent-fails";
    for (const more of [[], ["--no-wait"]]) {
      const { code, err } = await up(...more);
      expect(code).toBe(1);
      expect(err).toContain("why: Lima's host agent: mkdir /no: permission denied");
    }
    const log = `${bed.instance}/ha.stderr.log`;
    writeFileSync(log, readFileSync(log, "utf8").replace(/"time":"\d+/, '"time":"2020'));
    bed.env.DOUBLE_FAULT = "start-fails";
    expect((await up()).err).toContain("why: limactl: exiting, status=");
  });

  it("Ctrl-C while it boots: the boot goes on, the next up waits for it", async () => {
    bed.env.DOUBLE_FAULT = "held-boot";
    const going = bed.begin(["up"]);
    await until(async () => (await state()) === "starting");
    going.abort();
    const { code, err } = await going.ended;
    expect(code).toBe(130);
    expect(err).toContain("a boot keeps going");
    expect(await state()).toBe("starting");
    const next = bed.begin(["up", "--json"]);
    await until(() => next.err().includes("Waiting for the guest"));
    endBoot();
    expect(await next.ended).toMatchObject({ code: 0, out: expect.stringContaining('"steps":["wait"]') });
  });

  it("two ups at once: one starts the VM, the other says who does and waits for it", async () => {
    await up();
    await bed.run(["stop"]);
    bed.env.DOUBLE_FAULT = "slow-boot";
    const both = await Promise.all([up("--json"), up("--json")]);
    const told = both.map(({ code, out, err }) => ({ code, ...JSON.parse(out), err }));
    expect(told.map(({ code, state }) => [code, state])).toEqual([
      [0, "ready"],
      [0, "ready"],
    ]);
    const [starter, other] = told.sort((a, b) => b.steps.length - a.steps.length);
    expect([starter.steps, other.steps]).toEqual([["start"], []]);
    expect(other.err).toMatch(/The VM is being started by ascalon up \(pid \d+\): waiting for it/);
    expect(changing().filter((call) => call.startsWith("start "))).toHaveLength(2);
  });

  it("stop while it boots", async () => {
    bed.env.DOUBLE_FAULT = "held-boot";
    await up("--no-wait");
    expect(await bed.run(["stop"])).toMatchObject({ code: 0 });
    expect(await state()).toBe("stopped");
  });

  it("up while somebody else stops it: down in order, and up again", async () => {
    await up();
    process.kill(pidIn("ha.pid"), "SIGINT");
    await until(async () => (await state()) === "stopped" || (await state()) === "broken");
    expect(await up()).toMatchObject({ code: 0 });
    expect(await state()).toBe("ready");
  });

  it("stopped by somebody else while up waits for it", async () => {
    bed.env.DOUBLE_FAULT = "held-boot";
    await up("--no-wait");
    const waiting = bed.begin(["up"]);
    await until(() => waiting.err().includes("Waiting for the guest"));
    process.kill(pidIn("ha.pid"), "SIGINT");
    const { code, err } = await waiting.ended;
    expect(code).toBe(1);
    expect(err).toContain("the VM stopped while ascalon was waiting for it");
  });

  it("QEMU killed: stopped by itself; the host agent killed: recovered", async () => {
    await up();
    process.kill(pidIn("qemu.pid"), "SIGKILL");
    await until(async () => (await state()) === "stopped");
    await up();
    const qemu = pidIn("qemu.pid");
    process.kill(pidIn("ha.pid"), "SIGKILL");
    await until(async () => (await state()) === "broken");
    expect(await up()).toMatchObject({ code: 0 });
    expect(lives(qemu)).toBe(false);
    expect(await state()).toBe("ready");
  });
});

describe("a mount that the VM would not start with", () => {
  const settings = (text: string): void => {
    mkdirSync(`${bed.home}/.config/ascalon`, { recursive: true });
    writeFileSync(`${bed.home}/.config/ascalon/ascalon.yaml`, text);
  };

  it("restart leaves the VM as it is and names it; one that is only missing is left to Lima", async () => {
    await up();
    writeFileSync(`${bed.home}/file`, "");
    settings(`mounts: [{host: ${bed.home}/file/below}]\n`);
    const before = changing().length;
    const { code, err } = await bed.run(["restart"]);
    expect(code).toBe(1);
    expect(err).toContain(
      `mounts[0].host: ${bed.home}/file/below cannot be made: ${bed.home}/file is a file [E_MOUNT]`,
    );
    expect(err).toContain("run: ascalon config edit");
    expect([await state(), changing().slice(before)]).toEqual(["ready", []]);
    expect((await bed.run(["plan"])).err).toContain(`mounts[0].host: ${bed.home}/file/below cannot be made`);
    settings(`mounts: [{host: ${bed.home}/missing}]\n`);
    expect(await bed.run(["restart"])).toMatchObject({ code: 0 });
    expect(existsSync(`${bed.home}/missing`)).toBe(false);
  });
});

describe("pids that are other programs' now", () => {
  it("both: the program survives up, stop, stop --force and destroy", async () => {
    await up();
    await bed.run(["stop"]);
    for (const argv of [["stop", "--force"], ["up"], ["stop"], ["destroy", "--yes"]]) {
      const sleeper = await impostor("sleep");
      if (argv[0] !== "stop" || argv[1]) {
        await bed.run(["stop"]);
        writeFileSync(`${bed.instance}/ha.pid`, `${sleeper}\n`);
        writeFileSync(`${bed.instance}/qemu.pid`, `${sleeper}\n`);
        expect(await state()).toBe("broken");
      }
      expect(await bed.run(argv)).toMatchObject({ code: 0 });
      expect(lives(sleeper)).toBe(true);
    }
  });

  it("the host agent's, while QEMU still runs: QEMU ends, the program lives", async () => {
    await up();
    const [qemu, sleeper] = [pidIn("qemu.pid"), await impostor("sleep")];
    process.kill(pidIn("ha.pid"), "SIGKILL");
    await until(() => !lives(pidIn("ha.pid")));
    writeFileSync(`${bed.instance}/ha.pid`, `${sleeper}\n`);
    expect(await state()).toBe("broken");
    expect(await bed.run(["stop", "--force"])).toMatchObject({ code: 0 });
    expect([lives(sleeper), lives(qemu)]).toEqual([true, false]);
    expect(await state()).toBe("stopped");
  });

  it("QEMU's, while the host agent still runs: stop --force spares the program", async () => {
    await up();
    const sleeper = await impostor("sleep");
    const qemu = pidIn("qemu.pid");
    writeFileSync(`${bed.instance}/qemu.pid`, `${sleeper}\n`);
    expect(await bed.run(["stop", "--force"])).toMatchObject({ code: 0 });
    expect(lives(sleeper)).toBe(true);
    process.kill(qemu, "SIGKILL");
  });
});

describe("pids of the dead that nobody waits for, as in a container without an init", () => {
  it.each([["up"], ["destroy", "--yes"]])(
    "%s finds the VM stopped, though Lima calls it Broken",
    async (...argv) => {
      await up();
      await bed.run(["stop"]);
      const dead = await zombie();
      for (const name of ["ha.pid", "qemu.pid"]) writeFileSync(`${bed.instance}/${name}`, `${dead}\n`);
      expect(await state()).toBe("stopped");
      expect(await bed.run(argv)).toMatchObject({ code: 0 });
      expect(await state()).toBe(argv[0] === "up" ? "ready" : "absent");
    },
  );
});

describe("creates that were interrupted", () => {
  it("Ctrl-C: the next up begins anew", async () => {
    bed.env.DOUBLE_FAULT = "slow-create";
    const going = bed.begin(["up"]);
    await until(() => existsSync(`${bed.instance}/lima.yaml`));
    going.abort();
    expect(await going.ended).toMatchObject({ code: 130 });
    expect(await state()).toBe("incomplete");
    bed.env.DOUBLE_FAULT = "";
    expect(await up("--json")).toMatchObject({
      code: 0,
      out: expect.stringContaining('"steps":["discard-incomplete","create","start"]'),
    });
  });

  it("ascalon killed, limactl at work: it is ended before it could remove the next VM", async () => {
    bed.env.DOUBLE_FAULT = "slow-create";
    const going = bed.begin(["up"]);
    const pidFile = `${bed.state}/limactl-create.pid`;
    await until(() => existsSync(pidFile) && existsSync(`${bed.instance}/lima.yaml`));
    const creator = Number(readFileSync(pidFile, "utf8"));
    // As if the lock's holder were dead: this process is not, so its lock is given back by hand.
    rmSync(`${bed.state}/lock.d`, { recursive: true });
    bed.env.DOUBLE_FAULT = "";
    expect(await up()).toMatchObject({ code: 0 });
    expect(await going.ended).toMatchObject({ code: 1 });
    expect(lives(creator)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await state()).toBe("ready");
  });

  it("half a folder of ours is cleared, one of others never", async () => {
    mkdirSync(bed.instance, { recursive: true });
    writeFileSync(`${bed.instance}/disk`, "somebody's");
    for (const argv of [["up"], ["stop"], ["restart"], ["destroy", "--yes"]]) {
      const { code, err } = await bed.run(argv);
      expect(code).toBe(1);
      expect(err).toContain("E_INSTANCE_HALF");
    }
    expect(bed.calls()).toEqual([]);
    expect(readdirSync(bed.instance)).toEqual(["disk"]);
    mkdirSync(bed.state, { recursive: true });
    writeFileSync(`${bed.state}/instance-folder`, bed.instance);
    expect(await up()).toMatchObject({ code: 0 });
    expect(await state()).toBe("ready");
  });

  it.each([
    ["LIMA_HOME", ""],
    ["the folder of the disks", "/_disks"],
    ["the home disk", "/_disks/ascalon-home"],
  ])("a file where %s is to be is named, and not called a disk of somebody else's", async (_, below) => {
    const file = `${bed.home}/.lima${below}`;
    mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    writeFileSync(file, "somebody's");
    const { code, err } = await up();
    expect(code).toBe(1);
    expect(err).toContain(`${file} is a file, and a folder is needed there [E_IN_THE_WAY]`);
    expect(err).toContain(`run: ls -ld ${file}\n`);
    expect([changing(), readFileSync(file, "utf8")]).toEqual([[], "somebody's"]);
  });

  it("LIMA_HOME may be a symlink to a folder", async () => {
    mkdirSync(`${bed.home}/lima`);
    symlinkSync("lima", `${bed.home}/.lima`);
    expect(await up()).toMatchObject({ code: 0 });
  });

  it("an empty folder of a home disk whose making was interrupted is no disk", async () => {
    mkdirSync(`${bed.home}/.lima/_disks/ascalon-home`, { recursive: true });
    expect(await up()).toMatchObject({ code: 0 });
  });
});

describe("a home disk whose file is gone", () => {
  const disk = (): string => `${bed.home}/.lima/_disks/ascalon-home`;

  it("under a VM that runs: nothing stops it without --force, and then it has an empty one", async () => {
    await up();
    // Lima's own link to the instance that uses the disk.
    symlinkSync(bed.instance, `${disk()}/in_use_by`);
    rmSync(`${disk()}/datadisk`);
    for (const verb of [["stop"], ["restart"], ["destroy", "--yes"]]) {
      const { code, err } = await bed.run(verb);
      expect([code, err]).toEqual([1, expect.stringContaining("[E_HOME_LOST]")]);
      expect(err).toContain("run: ascalon shell -- sudo tar -c -C /home . > home.tar\n");
    }
    expect([await state(), (await up()).code]).toEqual(["ready", 0]);
    expect((await bed.run(["status"])).out).toContain("home disk its file is gone");
    const { code, err } = await bed.run(["restart", "--force"]);
    expect([code, err]).toEqual([0, expect.stringContaining("The home disk that this VM had is gone")]);
    expect(existsSync(`${disk()}/datadisk`)).toBe(true);
  });

  it.each([["/_disks"], ["/_disks/ascalon-home"], ["/_disks/ascalon-home/datadisk"]])(
    "on a volume that is not there (%s): it is named, and no other is made",
    async (below) => {
      const link = `${bed.home}/.lima${below}`;
      mkdirSync(link.slice(0, link.lastIndexOf("/")), { recursive: true });
      symlinkSync("/Volumes/Large/home", link);
      const { code, err } = await up();
      expect([code, changing()]).toEqual([1, []]);
      expect(err).toContain("the home disk is on /Volumes/Large/home, which is not there [E_HOME_LOST]");
      expect(err).toContain(`run: ls -l ${link}\n`);
    },
  );
});

it("an installed Host block follows a VM that is made anew for another user", async () => {
  const settings = `${bed.home}/.config/ascalon/ascalon.yaml`;
  const block = (): string => readFileSync(`${bed.state}/ssh_config`, "utf8");
  mkdirSync(`${bed.home}/.config/ascalon`, { recursive: true });
  writeFileSync(settings, "user:\n  name: mia\n");
  expect(await up()).toMatchObject({ code: 0 });
  expect(existsSync(`${bed.state}/ssh_config`)).toBe(false);
  writeFileSync(settings, "user:\n  name: max\n");
  // While a recreate is pending the VM's user is still the old one.
  expect(await bed.run(["ssh-config", "--install"])).toMatchObject({ code: 0 });
  expect(block()).toContain("  User mia\n");
  await bed.run(["destroy", "--yes"]);
  expect(block()).toContain("  User mia\n");
  expect(await up()).toMatchObject({ code: 0 });
  expect(block()).toContain("  User max\n");
});

describe("a lima.yaml that is not as ascalon wrote it", () => {
  const file = (name: string): string => `${bed.instance}/${name}`;
  const text = (name: string): string => readFileSync(file(name), "utf8");
  const lose: Record<string, () => void> = {
    gone: () => rmSync(file("lima.yaml")),
    empty: () => writeFileSync(file("lima.yaml"), ""),
    cut: () => writeFileSync(file("lima.yaml"), text("lima.yaml").slice(0, 200)),
  };

  beforeEach(async () => {
    expect(await up()).toMatchObject({ code: 0 });
  });

  it.each(Object.keys(lose))("%s: the VM keeps its root disk", async (how) => {
    await bed.run(["stop"]);
    writeFileSync(file("disk"), "the system");
    const whole = text("lima.yaml");
    lose[how]?.();
    const shown = await bed.run(["status"]);
    expect(shown.out).toContain("ascalon up rewrites it");
    expect(shown.out).not.toContain("interrupted");
    expect((await bed.run(["plan"])).out).toContain("Rewriting the VM's lima.yaml: it is lost");
    const before = changing().length;
    expect(await up("--json")).toMatchObject({
      code: 0,
      out: expect.stringContaining('"steps":["redescribe","start"]'),
    });
    expect(changing().slice(before)).toEqual(["start --timeout=600s ascalon"]);
    expect(text("disk")).toBe("the system");
    expect(text("lima.yaml")).toBe(whole);
  });

  it("of a VM of an ascalon that kept no copy of it too", async () => {
    await bed.run(["stop"]);
    const whole = text("lima.yaml");
    rmSync(file("lima.yaml"));
    rmSync(file("ascalon-lima.yaml"));
    expect(await up()).toMatchObject({ code: 0 });
    expect(text("lima.yaml")).toBe(whole);
  });

  it("with the record of its settings: the copy is what it was made as, and other settings come after it", async () => {
    await bed.run(["stop"]);
    writeFileSync(file("disk"), "the system");
    const whole = text("lima.yaml");
    rmSync(file("lima.yaml"));
    rmSync(file("ascalon-applied.yaml"));
    expect(await up("--json")).toMatchObject({
      code: 0,
      out: expect.stringContaining('"steps":["redescribe","adopt","start"]'),
    });
    expect([text("disk"), text("lima.yaml")]).toEqual(["the system", whole]);
    expect(await bed.run(["plan"])).toMatchObject({ code: 0 });
  });

  it("gone under a VM that runs: written anew, and stop and destroy work", async () => {
    rmSync(file("lima.yaml"));
    expect(await up("--json")).toMatchObject({ code: 0, out: expect.stringContaining('["redescribe"]') });
    rmSync(file("lima.yaml"));
    expect(await bed.run(["stop"])).toMatchObject({ code: 0 });
    expect(await state()).toBe("stopped");
    lose.empty?.();
    expect(await bed.run(["destroy", "--yes"])).toMatchObject({ code: 0 });
    expect(existsSync(bed.instance)).toBe(false);
  });

  it("edited: plan and status say so, a start writes it anew, and its images stay", async () => {
    const whole = text("lima.yaml");
    const edited = whole.replace(/^cpus: .*$/m, "cpus: 1");
    writeFileSync(file("lima.yaml"), edited.replaceAll("\n", "\r\n"));
    const running = await bed.run(["plan"]);
    expect(running).toMatchObject({ code: 8, out: expect.stringContaining("it was edited") });
    expect((await bed.run(["status"])).out).toContain("the VM's lima.yaml was edited");
    expect((await up()).err).toContain("ascalon restart");
    expect(text("lima.yaml")).toContain("cpus: 1\r\n");
    expect(await bed.run(["restart", "--json"])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"steps":["stop","redescribe","start"]'),
    });
    expect(text("lima.yaml")).toBe(whole);
    expect((await bed.run(["plan"])).out).toContain("Nothing is pending");
  });

  it("of another ascalon: the next start writes it, with the images the VM was made of", async () => {
    await bed.run(["stop"]);
    const whole = text("lima.yaml");
    // Another list of images alone is nothing: they were read when the VM was made.
    const others = whole.replace("v0.2.1-aarch64", "v0.1.9-aarch64");
    expect(others).not.toBe(whole);
    const olden = (yaml: string): void => {
      for (const name of ["lima.yaml", "ascalon-lima.yaml"]) writeFileSync(file(name), yaml);
    };
    olden(others);
    expect((await bed.run(["plan"])).out).not.toContain("lima.yaml");
    olden(others.replace("lima-guestagent.service is not active", "no agent"));
    expect(await bed.run(["plan"])).toMatchObject({
      code: 8,
      out: expect.stringContaining("this version of ascalon writes a different one"),
    });
    expect(await up()).toMatchObject({ code: 0 });
    expect(text("lima.yaml")).toBe(others);
  });
});

describe("others' instances", () => {
  it("one named ascalon is never touched: no command calls limactl at all", async () => {
    mkdirSync(bed.instance, { recursive: true });
    const files = { "lima.yaml": "cpus: 4\n", "ha.pid": `${await deadPid()}\n`, disk: "theirs" };
    for (const [name, text] of Object.entries(files)) writeFileSync(`${bed.instance}/${name}`, text);
    const argvs = [
      ["up"],
      ["start"],
      ["stop"],
      ["stop", "--force"],
      ["restart"],
      ["destroy", "--yes", "--with-home"],
    ];
    for (const argv of argvs) {
      const { code, err } = await bed.run(argv);
      expect(code).toBe(1);
      expect(err).toContain("E_FOREIGN_INSTANCE");
    }
    expect(bed.calls()).toEqual([]);
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(`${bed.instance}/${name}`, "utf8")).toBe(text);
  });

  it("a home disk that another instance names is kept, and destroy says so", async () => {
    await up();
    bed.env.DOUBLE_FAULT = "disk-referenced";
    const { code, err } = await bed.run(["destroy", "--yes", "--with-home"]);
    expect(code).toBe(1);
    expect(err).toContain("another Lima instance lists it");
    expect(existsSync(`${bed.home}/.lima/_disks/ascalon-home/datadisk`)).toBe(true);
  });
});

describe("a LIMA_HOME that is a symlink", () => {
  it("changes nothing", async () => {
    mkdirSync(`${bed.home}/elsewhere`);
    symlinkSync(`${bed.home}/elsewhere`, `${bed.home}/.lima`);
    expect(await up()).toMatchObject({ code: 0 });
    expect(await state()).toBe("ready");
    expect((await up()).err).toContain("nothing to do");
  });
});
