import { spawn, spawnSync } from "node:child_process";
import { EventEmitter } from "node:events";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { watchInterrupts } from "../../src/cli/adapters/interrupts.ts";
import { systemProcesses } from "../../src/cli/adapters/process.ts";
import { builtCli } from "../support/built-cli.ts";

const isRoot = process.getuid?.() === 0;
/** CI tries what only root can, and fails where it is not root. */
const triesAsRoot = isRoot || Boolean(process.env.CI);
const nobody = 65_534;

const cli = builtCli();
let home: string;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/ascalon-home-`);
  if (isRoot) spawnSync("chown", [`${nobody}:${nobody}`, home]);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const asPerson = isRoot ? { uid: nobody, gid: nobody } : {};
const env = (more: Record<string, string> = {}) => ({ HOME: home, PATH: process.env.PATH ?? "", ...more });

/** By a shell, because it is about pipes. */
const inShell = (line: string, more: Record<string, string> = {}) =>
  spawnSync("bash", ["-c", `set -o pipefail; ascalon() { "${process.execPath}" "${cli}" "$@"; }; ${line}`], {
    env: env(more),
    cwd: "/",
    timeout: 100_000,
    encoding: "utf8",
    ...asPerson,
  });

describe("compiled code", () => {
  it("is kept where nobody else can write, and not in /tmp", () => {
    mkdirSync(`${home}/tmp`, { mode: 0o777 });
    if (isRoot) spawnSync("chown", [`${nobody}:${nobody}`, `${home}/tmp`]);
    expect(inShell("ascalon status", { TMPDIR: `${home}/tmp` }).status).toBe(0);
    expect(readdirSync(`${home}/tmp`)).toEqual([]);
    const cache = `${home}/.cache/ascalon`;
    expect(readdirSync(cache)).not.toEqual([]);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
  });

  it("is not kept below a HOME that is no absolute path, and nothing else is made there", () => {
    for (const wrong of ["rel", "."]) {
      const { status, stderr } = inShell(
        "cd ~; HOME=$WRONG ascalon status; HOME=$WRONG ascalon config path",
        {
          WRONG: wrong,
        },
      );
      expect(status).toBe(1);
      expect(stderr.match(/E_HOME/g)).toHaveLength(2);
      expect(readdirSync(home)).toEqual([]);
    }
  });

  it("of a folder that others can write nothing is taken, and nothing is put there", () => {
    inShell("mkdir -p ~/.cache/ascalon/node && chmod 777 ~/.cache/ascalon ~/.cache/ascalon/node");
    expect(inShell("ascalon status").status).toBe(0);
    expect(readdirSync(`${home}/.cache/ascalon`)).toEqual(["node"]);
    expect(readdirSync(`${home}/.cache/ascalon/node`)).toEqual([]);
  });
});

it("what could not be written whole leaves no part of it", () => {
  // As on a full disk: files can be made, and no byte of them written. The signal of that would end Node.
  writeFileSync(`${home}/go-on.cjs`, 'process.on("SIGXFSZ", () => {});');
  const { stderr } = inShell("ulimit -f 0; ascalon init; ascalon up --no-wait; ascalon status", {
    NODE_OPTIONS: `--require=${home}/go-on.cjs`,
  });
  expect(stderr).toContain("EFBIG");
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files.map(({ parentPath, name }) => `${parentPath}/${name}`);
  // From 22.8 on Node keeps compiled code itself, and leaves the empty beginnings of it there.
  const ours = paths.filter((path) => !path.startsWith(`${home}/.cache/ascalon/node/`));
  expect(ours).toEqual([`${home}/go-on.cjs`]);
});

it.skipIf(!existsSync("/dev/full"))(
  "an agent whose log cannot be written, as on a full disk, goes on",
  () => {
    const { stdout } = inShell(`
    state=~/.local/state/ascalon
    ( exec "${process.execPath}" "${cli}" agent run 2>/dev/full ) & agent=$!
    while kill -0 $agent && [ ! -s $state/status.json ]; do sleep 0.1; done
    echo wish >$state/heal
    while kill -0 $agent && [ -e $state/heal ]; do sleep 0.1; done
    sleep 0.5
    kill $agent && echo it lived
    wait $agent; echo "ended with $?"`);
    expect(stdout).toBe("it lived\nended with 0\n");
  },
);

it.runIf(triesAsRoot)("root leaves nothing in a person's home", () => {
  const { status } = spawnSync(process.execPath, [cli, "status"], { env: env(), cwd: "/" });
  expect(status).toBe(0);
  expect(readdirSync(home)).toEqual([]);
});

describe("whoever reads goes away", () => {
  it.each([
    ["logs -f", "ascalon logs agent -f | head -n 1"],
    ["status --watch", "ascalon status --watch --json | head -c 1"],
  ])("%s ends and says nothing", async (_name, line) => {
    inShell(
      "mkdir -p ~/.local/state/ascalon/log && echo 2026-01-02T03:04:05.000Z x > ~/.local/state/ascalon/log/agent.log",
    );
    const child = spawn(
      "bash",
      ["-c", `set -o pipefail; ascalon() { "${process.execPath}" "${cli}" "$@"; }; ${line}`],
      { env: env(), cwd: "/", ...asPerson },
    );
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    const ended = new Promise<number | null>((resolve) => void child.once("close", resolve));
    // Something new to say, because only who writes hears that nobody reads.
    const log = `${home}/.local/state/ascalon/log/agent.log`;
    const speaking = setInterval(() => {
      writeFileSync(log, "2026-01-02T03:04:05.000Z more\n", { flag: "a" });
      mkdirSync(`${home}/.lima/ascalon`, { recursive: true });
      const isThere = existsSync(`${home}/.lima/ascalon/lima.yaml`);
      if (isThere) rmSync(`${home}/.lima/ascalon/lima.yaml`);
      else writeFileSync(`${home}/.lima/ascalon/lima.yaml`, "cpus: 1\n");
    }, 700);
    try {
      expect(await ended).toBe(0);
      expect(
        err.replace("The guest's journal is left out: the VM is not running, or does not answer.\n", ""),
      ).toBe("");
    } finally {
      clearInterval(speaking);
      child.kill("SIGKILL");
    }
  });
});

/** The FIFO's other end, once somebody reads: before, it cannot be opened without waiting. */
async function openedByReader(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe("an interrupt ends what does not watch for it", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("%s, in the middle of a read that never ends", async (name) => {
    spawnSync("mkfifo", [`${home}/settings.yaml`]);
    if (isRoot) spawnSync("chown", [`${nobody}:${nobody}`, `${home}/settings.yaml`]);
    const child = spawn(process.execPath, [cli, "--config", `${home}/settings.yaml`, "status"], {
      env: env(),
      cwd: "/",
      ...asPerson,
    });
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    const ended = new Promise(
      (resolve) => void child.once("close", (code, signal) => resolve([code, signal])),
    );
    const writer = await openedByReader(`${home}/settings.yaml`);
    const began = Date.now();
    child.kill(name);
    expect(await ended).toEqual([null, name]);
    expect(Date.now() - began).toBeLessThan(6_000);
    expect(err).toBe("ascalon: interrupted [E_INTERRUPTED]\n");
    closeSync(writer);
  });
});

it("a read that is under way is known without Node, which tells of none from 26 on", async () => {
  const path = `${home}/waiting`;
  spawnSync("mkfifo", [path]);
  const calls: string[] = [];
  const fake = Object.assign(new EventEmitter(), {
    pid: 1,
    stderr: { write: () => true },
    getActiveResourcesInfo: () => [],
    exit: (code: number) => void calls.push(`exit ${code}`),
    kill: (_pid: number, name: string) => void calls.push(name),
  });
  const twice = (): void => {
    const { interrupt } = watchInterrupts(fake as unknown as NodeJS.Process);
    interrupt("SIGTERM");
    interrupt("SIGTERM");
  };
  const reading = systemFiles.readText(path);
  const writer = await openedByReader(path);
  twice();
  expect(calls).toEqual(["SIGTERM"]);
  closeSync(writer);
  await reading;
  twice();
  expect(calls.slice(1, 2)).toEqual(["exit 130"]);
});

describe("the environment", () => {
  it("an empty HOME is none, and a relative one is refused", () => {
    expect(inShell("HOME= ascalon config path").stdout).toMatch(/^\//);
    const refusal = `ascalon: HOME is "x", which is not an absolute path [E_HOME]
  why: the settings and the VM's files are found through it
  run: unset HOME
       (or set it to your home folder)
`;
    for (const command of ["status", "status --json", "plan", "config get"]) {
      const { status, stderr } = inShell(`HOME=x ascalon ${command}`);
      expect(status).toBe(1);
      if (command.includes("--json")) expect(JSON.parse(stderr)).toMatchObject({ error: { code: "E_HOME" } });
      else expect(stderr).toBe(refusal);
    }
    expect(inShell("HOME=x ascalon shell -- true").status).toBe(125);
    expect(inShell("HOME=x ascalon --help").status).toBe(0);
  });

  it("a HOME that is not set or empty is set for what ascalon starts: limactl ends without one", () => {
    inShell(
      "mkdir ~/bin && printf '#!/bin/sh\\necho \"home: $HOME\" >&2; exit 1\\n' >~/bin/limactl && chmod 755 ~/bin/limactl",
    );
    const { stdout } = inShell("getent passwd $(id -u) | cut -d: -f6");
    const places = ["CONFIG", "STATE", "CACHE"].map((name) => `XDG_${name}_HOME=${home}`).join(" ");
    for (const without of ["export HOME=", "unset HOME"]) {
      const { stderr } = inShell(
        `${without}; export PATH=${home}/bin:$PATH LIMA_HOME=${home}/lima ${places}; ascalon up`,
      );
      expect(stderr).toContain(`home: ${stdout}`);
    }
  });

  it.each([
    ["was removed", "rmdir $PWD"],
    ["cannot be entered", "chmod 000 ."],
  ])("programs are started from a folder that %s", (_, spoil) => {
    const bin = `${home}/bin`;
    inShell(
      `mkdir ${bin} && printf '#!/bin/sh\\necho limactl version 9.9.9\\n' >${bin}/limactl && chmod 755 ${bin}/*`,
    );
    const { status, stdout, stderr } = inShell(
      `mkdir ~/here; cd ~/here; ${spoil}; export PATH=${bin}:$PATH; ascalon version --json; chmod 755 ~/here 2>/dev/null; true`,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ limactl: "9.9.9" });
  });

  it("programs are started by a command whose folder was removed while it ran", async () => {
    const cwd = vi.spyOn(process, "cwd").mockReturnValue(`${home}/removed`);
    try {
      expect(await systemProcesses.run("pwd", [])).toMatchObject({ exitCode: 0, stdout: "/\n" });
    } finally {
      cwd.mockRestore();
    }
  });

  it.runIf(triesAsRoot)("a user whom the system does not know, without HOME, is told so", () => {
    for (const command of ["status", "plan"]) {
      const { status, stderr } = spawnSync(process.execPath, [cli, command], {
        env: { PATH: process.env.PATH ?? "" },
        cwd: "/",
        encoding: "utf8",
        uid: 54_321,
        gid: 54_321,
      });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `ascalon: HOME is not set, and the system knows no home folder for this user [E_HOME]
  why: the settings and the VM's files are found through it
  run: export HOME=/home/you
       (a folder of yours)
`,
      });
    }
  });

  it.skipIf(process.platform !== "linux")("a terminal gets no control character beyond ASCII either", () => {
    const line = `"${process.execPath}" "${cli}" config path`;
    const named = { ASCALON_CONFIG: "/x/\u009b31m.yaml" };
    expect(inShell(`script -qec '${line}' /dev/null < /dev/null`, named).stdout).toContain(
      "/x/\ufffd31m.yaml",
    );
    expect(inShell(`${line} | cat`, named).stdout).toContain("/x/\u009b31m.yaml");
  });

  it.skipIf(process.platform !== "linux")(
    "what is said after Ctrl-D at a question has a line of its own",
    () => {
      inShell("mkdir -p ~/.lima/_disks/ascalon-home && truncate -s 1M ~/.lima/_disks/ascalon-home/datadisk");
      const line = `"${process.execPath}" "${cli}" destroy --with-home`;
      // Nobody types before the question: what comes early is the terminal's end, or lost.
      const shown = (text: string) => `until grep -q '${text}' ~/shown || [ -e ~/ended ]; do sleep 0.1; done`;
      const keys = `touch ~/shown; ${shown("to delete it: ")}; printf '\\004'; ${shown("was not typed")}`;
      const { stdout } = inShell(`{ ${keys}; } | { script -qfec '${line}' ~/shown; touch ~/ended; }`);
      expect(stdout).toContain("the name was not typed");
      expect(stdout).toMatch(/to delete it: [^\n]*\n[^\n]*the name was not typed/);
    },
  );

  it("an empty FORCE_COLOR forces nothing", () => {
    expect(inShell("ascalon status", { FORCE_COLOR: "" }).stdout).not.toContain("\u001b");
    expect(inShell("ascalon status", { FORCE_COLOR: "1" }).stdout).toContain("\u001b");
  });
});
