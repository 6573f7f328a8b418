import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDiskImage } from "../../src/cli/adapters/lima/disk-image.ts";
import { observeInstance } from "../../src/cli/adapters/lima/observe-instance.ts";
import { dropReusedPids, runsUnnamed } from "../../src/cli/adapters/lima/observe-processes.ts";
import { readPidFile } from "../../src/cli/adapters/lima/pid-file.ts";
import { vmStatusOf } from "../../src/cli/agent/vm-status.ts";
import { headlineOf, type MachineFacts } from "../../src/cli/machine/facts.ts";
import { pathsOf } from "../../src/cli/paths.ts";
import { deadPid, endAll, impostor, zombie } from "../support/impostors.ts";
import { limactlFile } from "../support/limactl-fixture.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { realContext } from "../support/real-context.ts";

let home: string;
let instance: string;
const servers: Server[] = [];

beforeEach(() => {
  home = realpathSync(mkdtempSync(`${tmpdir()}/observe-`));
  instance = `${home}/.lima/ascalon`;
});

afterEach(async () => {
  endAll();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const write = (name: string, text: string): void => writeFileSync(`${instance}/${name}`, text);

const bootLog = limactlFile("ha.stdout.log");
const booting = `${bootLog.split("\n")[0]}\n`;

/** An instance of ours as Lima leaves it after stop. */
function makeInstance(): void {
  mkdirSync(instance, { recursive: true });
  write("lima.yaml", "cpus: 2\nparam:\n  ascalon: '1'\n");
  write("ascalon-applied.yaml", JSON.stringify(settingsOf()));
  write("lima-version", "2.2.0\n");
  write("ha.stdout.log", `${bootLog}{"status":{"exiting":true}}\n`);
  write("ssh.config", "Host lima-ascalon\n  Port 1\n");
}

/** Whoever says nothing is waited for all the time; whoever speaks may be late on a busy machine. */
const silentMs = 200;
async function observe(env: Record<string, string> = {}, sshWaitMs = 10_000): Promise<MachineFacts> {
  const { context } = realContext({ home, env });
  return await observeInstance(context, pathsOf(context), sshWaitMs);
}

const hostAgent = (folder = instance): Promise<number> =>
  impostor(`limactl hostagent --pidfile ${folder}/ha.pid --socket ${folder}/ha.sock ascalon`);
const qemu = (folder = instance): Promise<number> =>
  impostor(`qemu-system-x86_64 -m 1024 -pidfile ${folder}/qemu.pid`);

async function runProcesses(log: string): Promise<void> {
  write("ha.pid", `${await hostAgent()}\n`);
  write("qemu.pid", `${await qemu()}\n`);
  write("ha.stdout.log", log);
}

/** An ssh server as far as its first line; says nothing when it is given none. */
async function sshPort(banner: string | undefined): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (banner !== undefined) socket.write(banner);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  write("ssh.config", `Host lima-ascalon\n  Port ${address.port}\n`);
}

describe("what is observed of the instance", () => {
  it("nothing: absent", async () => {
    expect(await observe()).toMatchObject({ exists: "absent", process: "stopped", homeDisk: undefined });
  });

  it("a folder without lima.yaml is not ours", async () => {
    mkdirSync(instance, { recursive: true });
    const facts = await observe();
    expect(facts.exists).toBe("foreign-half");
    expect(headlineOf(facts)).toBe("foreign");
  });

  it("unless a create of ours began to fill it", async () => {
    mkdirSync(instance, { recursive: true });
    mkdirSync(`${home}/.local/state/ascalon`, { recursive: true });
    writeFileSync(`${home}/.local/state/ascalon/instance-folder`, instance);
    expect((await observe()).exists).toBe("half");
  });

  it.each([
    ["no param at all", "cpus: 2\n"],
    ["another param", "param:\n  other: '1'\n"],
    ["the word somewhere else", "env:\n  ascalon: '1'\n"],
    ["a param that only begins like ours", "param:\n  ascalon2: '1'\n"],
    ["the param below another", "param:\n  other: |\n    ascalon: '1'\n"],
    ["a param of another section", "param:\n  other: '1'\nenv:\n  ascalon: '1'\n"],
  ])("an instance with %s is foreign", async (_name, yaml) => {
    makeInstance();
    write("lima.yaml", yaml);
    expect((await observe()).exists).toBe("foreign");
  });

  it.each([
    ["ends of lines of another system", "cpus: 2\r\nparam:\r\n  ascalon: '1'\r\n"],
    ["a deeper indent", "cpus: 2\nparam:\n      # ours\n\n      ascalon: '1'\n"],
    ["quotes", 'cpus: 2\nparam: # ours\n  "ascalon": "1"\n'],
    ["braces", "cpus: 2\nparam: {other: '1', ascalon: '1'}\n"],
  ])("an editor that gave it %s leaves it ours", async (_name, yaml) => {
    makeInstance();
    write("lima.yaml", yaml);
    expect((await observe()).exists).toBe("ours");
  });

  it.each(["", " \n"])("an empty lima.yaml, %j, is like none", async (yaml) => {
    makeInstance();
    write("lima.yaml", yaml);
    expect((await observe()).exists).toBe("foreign-half");
  });

  describe("a VM that lost its lima.yaml", () => {
    beforeEach(() => {
      makeInstance();
      write("disk", "the system");
      mkdirSync(`${home}/.local/state/ascalon`, { recursive: true });
      writeFileSync(`${home}/.local/state/ascalon/instance-folder`, instance);
    });

    it.each([undefined, "", "cpus: 2\nmem"])("to %j is whole but for that", async (yaml) => {
      if (yaml === undefined) rmSync(`${instance}/lima.yaml`);
      else write("lima.yaml", yaml);
      expect(await observe()).toMatchObject({ exists: "ours", description: "lost" });
    });

    it.each(["disk", "ascalon-applied.yaml"])("and its %s is half of one", async (name) => {
      rmSync(`${instance}/lima.yaml`);
      rmSync(`${instance}/${name}`);
      expect((await observe()).exists).toBe("half");
    });

    it("and its record is whole when the copy of lima.yaml is there, and is ours", async () => {
      rmSync(`${instance}/lima.yaml`);
      rmSync(`${instance}/ascalon-applied.yaml`);
      write("ascalon-lima.yaml", "cpus: 2\nparam:\n  ascalon: '1'\n");
      expect(await observe()).toMatchObject({ exists: "ours", description: "lost", applied: undefined });
      write("ascalon-lima.yaml", "cpus: 2\n");
      expect((await observe()).exists).toBe("half");
    });

    it("in a folder that somebody else filled is theirs", async () => {
      rmSync(`${instance}/lima.yaml`);
      writeFileSync(`${home}/.local/state/ascalon/instance-folder`, "/elsewhere");
      expect((await observe()).exists).toBe("foreign-half");
    });
  });

  it("lima.yaml is compared with what ascalon wrote, when that is known", async () => {
    makeInstance();
    expect((await observe()).description).toBeUndefined();
    write("ascalon-lima.yaml", "cpus: 2\nparam:\n  ascalon: '1'\n");
    expect((await observe()).description).toBe("as-written");
    write("lima.yaml", "cpus: 1\nparam:\n  ascalon: '1'\n");
    expect((await observe()).description).toBe("edited");
  });

  it("a create that never ended is incomplete", async () => {
    mkdirSync(instance, { recursive: true });
    write("lima.yaml", "param:\n  x: 'y'\n  ascalon: '1'\n");
    expect(await observe()).toMatchObject({ exists: "incomplete", process: "stopped" });
  });

  it("an instance that was started is never taken for an unfinished one, whatever file it lost", async () => {
    makeInstance();
    rmSync(`${instance}/ascalon-applied.yaml`);
    expect(await observe()).toMatchObject({ exists: "ours", applied: undefined });
  });

  it.each(["{", "null", "[]", '"x"', '{"cpus":1}'])(
    "a damaged record of settings, %s, is none",
    async (text) => {
      makeInstance();
      write("ascalon-applied.yaml", text);
      expect(await observe()).toMatchObject({ exists: "ours", applied: undefined });
    },
  );

  it.each([
    [undefined, undefined],
    ["{", undefined],
    ['"x"', undefined],
    ["null", null],
    ['{"schema":1}', { schema: 1 }],
  ])("what the guest's system was told: %j", async (text, told) => {
    makeInstance();
    if (text !== undefined) write("ascalon-told.json", text);
    expect((await observe()).told).toEqual(told);
  });

  it("stopped", async () => {
    makeInstance();
    expect(await observe()).toMatchObject({
      exists: "ours",
      process: "stopped",
      ready: false,
      ssh: { state: "unknown", port: undefined },
      applied: settingsOf(),
      limaVersion: "2.2.0",
    });
  });

  it("starting", async () => {
    makeInstance();
    await runProcesses(booting);
    expect(await observe()).toMatchObject({ process: "starting", ready: false, ssh: { state: "refused" } });
  });

  it("starting, before QEMU is there", async () => {
    makeInstance();
    write("ha.pid", `${await hostAgent()}\n`);
    write("ha.stdout.log", "");
    expect((await observe()).process).toBe("starting");
  });

  it("running and ready", async () => {
    makeInstance();
    await runProcesses(bootLog);
    await sshPort("SSH-2.0-OpenSSH_9.2\r\n");
    const facts = await observe();
    expect(facts).toMatchObject({ process: "running", ready: true, ssh: { state: "up" } });
    expect(facts.startedAt).toBeGreaterThan(Date.now() - 60_000);
    expect(headlineOf(facts)).toBe("ready");
  });

  const begun = '{"level":"info","msg":"Waiting for the essential requirement 1 of 3: `ssh`"}\n';
  const finished = `${begun}{"level":"info","msg":"The final requirement 1 of 1 is satisfied"}\n`;
  const later = '{"level":"debug","msg":"Time sync: drift 50ms within threshold"}\n';
  it.each([
    ["emptied", "", finished, 0, "ready"],
    ["emptied, in a boot", "", begun, 3600, "starting"],
    ["emptied as well as the other one", "", "", 3600, "ready"],
    ["emptied as well as the other one, which went on", "", `\0\0\0${later}`, 3600, "ready"],
    ["empty as well as the other one, at the begin", "", "", 0, "starting"],
    ["removed", undefined, finished, 0, "ready"],
    ["removed, in a boot", undefined, begun, 3600, "starting"],
    ["removed as well as the other one", undefined, undefined, 3600, "ready"],
    ["not there yet, nor the other one", undefined, undefined, 0, "starting"],
  ])("while it runs the host agent's log is %s", async (_name, events, progress, ageSeconds, headline) => {
    makeInstance();
    await runProcesses("");
    await sshPort("SSH-2.0-OpenSSH_9.2\r\n");
    const startedAt = Date.now() / 1000 - ageSeconds;
    utimesSync(`${instance}/ha.pid`, startedAt, startedAt);
    if (events === undefined) rmSync(`${instance}/ha.stdout.log`);
    if (progress !== undefined) write("ha.stderr.log", progress);
    expect(headlineOf(await observe())).toBe(headline);
  });

  it.each([
    ["nobody listens", "refused", undefined],
    ["nothing is said", "silent", ""],
    ["something else answers", "silent", "HTTP/1.1 400\r\n"],
  ])("unreachable: %s", async (_name, state, banner) => {
    makeInstance();
    await runProcesses(bootLog);
    if (banner !== undefined) await sshPort(banner === "" ? undefined : banner);
    const facts = await observe({}, silentMs);
    expect(facts).toMatchObject({ process: "running", ssh: { state } });
    expect(headlineOf(facts)).toBe("unreachable");
  });

  it("stopping", async () => {
    makeInstance();
    await runProcesses(`${bootLog}{"status":{"exiting":true}}\n`);
    expect((await observe()).process).toBe("stopping");
  });

  it("broken: the host agent is gone", async () => {
    makeInstance();
    await runProcesses(bootLog);
    write("ha.pid", `${await deadPid()}\n`);
    expect(await observe()).toMatchObject({
      process: "broken",
      brokenReason: "host-agent-gone",
      hostAgent: { state: "stale" },
    });
  });

  it("broken: QEMU is gone", async () => {
    makeInstance();
    await runProcesses(bootLog);
    write("qemu.pid", `${await deadPid()}\n`);
    expect(await observe()).toMatchObject({ process: "broken", brokenReason: "driver-gone" });
  });

  it("broken: both pid files are gone and the host agent listens; one whose socket is left is stopped", async () => {
    makeInstance();
    await runProcesses(bootLog);
    rmSync(`${instance}/ha.pid`);
    rmSync(`${instance}/qemu.pid`);
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.resume().end("HTTP/1.1 200 OK\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(`${instance}/ha.sock`, resolve));
    const facts = await observe();
    expect(facts).toMatchObject({ process: "broken", brokenReason: "pid-files-gone" });
    expect(vmStatusOf(facts).reason).toContain("or the files that name them");
    await new Promise((resolve) => server.close(resolve));
    write("ha.sock", "");
    expect((await observe()).process).toBe("stopped");
  });

  it("starting: a host agent that wrote its pid file after it was looked for is not one without", async () => {
    makeInstance();
    await runProcesses(booting);
    const pid = readFileSync(`${instance}/ha.pid`, "utf8");
    rmSync(`${instance}/ha.pid`);
    const { context } = realContext({ home });
    const exchange: typeof context.sockets.exchange = async (path) => {
      if (!path.endsWith("/ha.sock")) return { kind: "absent" };
      write("ha.pid", pid);
      return { kind: "silent" };
    };
    expect(await runsUnnamed({ ...context, sockets: { ...context.sockets, exchange } }, instance)).toBe(
      false,
    );
  });

  it("stopping: the host agent was told to end, although it goes on saying that the VM runs", async () => {
    makeInstance();
    await runProcesses(bootLog);
    write(
      "ha.stderr.log",
      `{"level":"info","msg":"Received SIGINT, shutting down the host agent"}
{"level":"info","msg":"Sending QMP system_powerdown command"}
`,
    );
    expect(await observe()).toMatchObject({ process: "stopping" });
  });

  it("leftover: both pids are another program's", async () => {
    makeInstance();
    const pid = await impostor("sleep");
    write("ha.pid", `${pid}\n`);
    write("qemu.pid", `${pid}\n`);
    const facts = await observe();
    expect(facts).toMatchObject({ process: "leftover", hostAgent: { pid, state: "reused" } });
    expect(headlineOf(facts)).toBe("broken");
  });

  it("the processes of an instance of that name in another LIMA_HOME are other programs", async () => {
    makeInstance();
    write("ha.pid", `${await hostAgent("/home/other/.lima/ascalon")}\n`);
    write("qemu.pid", `${await qemu("/home/other/.lima/ascalon")}\n`);
    expect((await observe()).process).toBe("leftover");
  });

  it("a LIMA_HOME that is a symlink: Lima's processes know the resolved path", async () => {
    makeInstance();
    await runProcesses(bootLog);
    symlinkSync(`${home}/.lima`, `${home}/link`);
    expect(await observe({ LIMA_HOME: `${home}/link` })).toMatchObject({
      exists: "ours",
      process: "running",
    });
  });

  it.each([
    ["as Lima spells it", `/.lima/ascalon`],
    ["resolved", `/volume/a b/ascalon`],
  ])("an instance folder that is a symlink, %s", async (_name, spelled) => {
    mkdirSync(`${home}/volume/a b/ascalon`, { recursive: true });
    mkdirSync(`${home}/.lima`);
    symlinkSync(`${home}/volume/a b/ascalon`, instance);
    makeInstance();
    write("ha.pid", `${await hostAgent(home + spelled)}\n`);
    write("qemu.pid", `${await qemu(home + spelled)}\n`);
    write("ha.stdout.log", bootLog);
    expect(await observe()).toMatchObject({ process: "running" });
    const { context } = realContext({ home });
    expect(await dropReusedPids(context, instance)).toEqual([]);
  });

  it("vz: the driver is the host agent's own process", async () => {
    makeInstance();
    const pid = await hostAgent();
    write("ha.pid", `${pid}\n`);
    write("vz.pid", `${pid}\n`);
    write("ha.stdout.log", bootLog);
    expect(await observe()).toMatchObject({ process: "running", driver: { pid, state: "alive" } });
  });

  it("vz: nobody but Lima can ask its guest agent, so whether it answers is not known", async () => {
    makeInstance();
    const pid = await hostAgent();
    write("ha.pid", `${pid}\n`);
    write("vz.pid", `${pid}\n`);
    write("ha.stdout.log", bootLog);
    await sshPort("SSH-2.0-OpenSSH_10.0\r\n");
    expect(await observe()).toMatchObject({ ssh: { state: "up" }, guestAgent: undefined });
  });

  it("degraded, in Lima's words", async () => {
    makeInstance();
    await runProcesses('{"status":{"running":true,"degraded":true,"errors":["no guest agent"]}}\n');
    expect(await observe()).toMatchObject({ process: "running", degraded: ["no guest agent"] });
  });
});

describe("pid files", () => {
  const ask = async (text: string | undefined, words: readonly string[] = ["sleep"]) => {
    const path = `${home}/x.pid`;
    if (text !== undefined) writeFileSync(path, text);
    return await readPidFile({ path, commandWords: words }, realContext({ home }).context);
  };

  it.each([
    ["absent", undefined, { pid: undefined, state: "absent" }],
    ["empty, between open and write", "", { pid: undefined, state: "stale" }],
    ["no number", "abc\n", { pid: undefined, state: "stale" }],
    ["zero, which would be a whole process group", "0\n", { pid: undefined, state: "stale" }],
    ["negative", "-1\n", { pid: undefined, state: "stale" }],
    ["beyond any pid", "99999999999999999999\n", { pid: undefined, state: "stale" }],
  ])("%s", async (_name, text, expected) => {
    expect(await ask(text)).toEqual(expected);
  });

  it("alive, stale, reused, zombie", async () => {
    const [living, dead, undead] = [await impostor("sleep"), await deadPid(), await zombie()];
    expect((await ask(`${living}\n`)).state).toBe("alive");
    expect((await ask(`${living}`, ["qemu"])).state).toBe("reused");
    expect((await ask(`${dead}\n`)).state).toBe("stale");
    expect((await ask(`${undead}\n`)).state).toBe("stale");
  });

  it("another user's process counts as one", async () => {
    expect((await ask("1\n", ["hostagent"])).state).toBe("reused");
  });
});

describe("disk images", () => {
  const image = async (...args: string[]) => {
    const path = `${home}/disk`;
    const made = spawnSync("qemu-img", ["create", ...args.slice(0, 2), path, ...args.slice(2)]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    return await readDiskImage(path, realContext({ home }).context.files);
  };

  it("a qcow2 of qemu-img has the virtual size", async () => {
    const fact = await image("-f", "qcow2", "5G");
    expect(fact?.sizeBytes).toBe(5 * 1024 ** 3);
    expect(fact?.allocatedBytes).toBeLessThan(1024 ** 2);
  });

  it("one with a size that is no power of two too", async () => {
    expect((await image("-f", "qcow2", "12345678K"))?.sizeBytes).toBe(12_345_678 * 1024);
  });

  it("a raw one is as large as its file, and takes what it holds", async () => {
    const fact = await image("-f", "raw", "3G");
    expect(fact?.sizeBytes).toBe(3 * 1024 ** 3);
    expect(fact?.allocatedBytes).toBeLessThan(1024 ** 2);
  });

  it("a short file is raw, a folder is none, a symlink is what it leads to", async () => {
    const { files } = realContext({ home }).context;
    writeFileSync(`${home}/short`, "QFI");
    symlinkSync(`${home}/short`, `${home}/link`);
    symlinkSync(`${home}/nowhere`, `${home}/dangling`);
    expect((await readDiskImage(`${home}/short`, files))?.sizeBytes).toBe(3);
    expect((await readDiskImage(`${home}/link`, files))?.sizeBytes).toBe(3);
    expect(await readDiskImage(`${home}/dangling`, files)).toBeUndefined();
    expect(await readDiskImage(home, files)).toBeUndefined();
  });
});
