import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { userInfo } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { quote } from "../../src/cli/quote.ts";
import { hostBlock } from "../../src/cli/ssh/host-block.ts";
import { builtCli, runCli } from "../support/built-cli.ts";
import { deadPid } from "../support/impostors.ts";
import { freePort, hasSshd, type LoopbackGuest, startLoopbackGuest } from "../support/loopback-guest.ts";

const cli = builtCli();
let guest: LoopbackGuest;
let userConfig: string;
/** The tests' sshd knows no `dev`, whom the block names. */
const me = userInfo().username;

const ascalon = (...args: string[]) => {
  const { status, stdout, stderr } = runCli(cli, ["ssh-config", ...args], { env: guest.env });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
};
/** ssh takes its config from the user database's home, so the tests name it. */
const call = (program: string, args: readonly string[], extra: Record<string, string> = {}) =>
  spawnSync(program, [...args], { env: { ...guest.env, ...extra }, encoding: "utf8", timeout: 20_000 });
const ssh = (...args: string[]) => call("ssh", ["-F", userConfig, ...args]);

describe.skipIf(!hasSshd())("ascalon ssh-config", () => {
  beforeAll(async () => {
    guest = await startLoopbackGuest();
    userConfig = `${guest.root}/.ssh/config`;
  });
  afterAll(() => guest.close());

  describe("installed", () => {
    beforeEach(() => {
      rmSync(`${guest.root}/.ssh`, { recursive: true, force: true });
      expect(ascalon("--install").code).toBe(0);
      guest.writeSshConfig();
    });

    test("makes `ssh ascalon` work, and says nothing besides the program", () => {
      expect(ssh(`${me}@ascalon`, "echo hello; exit 7")).toMatchObject({
        status: 7,
        stdout: "hello\n",
        stderr: "",
      });
    });

    test("asks no agent of the person's own, which may want a fingerprint: the key is a file", async () => {
      const path = `${guest.root}/agent.sock`;
      let visits = 0;
      const agent = createServer((socket) => {
        visits += 1;
        socket.destroy();
      });
      await new Promise<void>((resolve) => agent.listen(path, resolve));
      try {
        writeFileSync(userConfig, `${readFileSync(userConfig, "utf8")}\nHost *\n  IdentityAgent "${path}"\n`);
        const child = spawn("ssh", ["-F", userConfig, `${me}@ascalon`, "true"], {
          env: { ...guest.env, SSH_AUTH_SOCK: path },
          stdio: "ignore",
        });
        expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
        expect(visits).toBe(0);
      } finally {
        await new Promise((resolve) => agent.close(resolve));
      }
    });

    test("lets scp copy there and back", () => {
      writeFileSync(`${guest.root}/sent`, "some bytes\n");
      const there = call("scp", [
        "-q",
        "-F",
        userConfig,
        `${guest.root}/sent`,
        `${me}@ascalon:${guest.root}/arrived`,
      ]);
      expect(there).toMatchObject({ status: 0, stderr: "" });
      const back = call("scp", [
        "-q",
        "-F",
        userConfig,
        `${me}@ascalon:${guest.root}/arrived`,
        `${guest.root}/back`,
      ]);
      expect(back).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(`${guest.root}/back`, "utf8")).toBe("some bytes\n");
    });

    test("lets git clone from the guest", () => {
      const git = (...args: string[]) =>
        call("git", args, { GIT_SSH_COMMAND: `ssh -F ${userConfig}`, GIT_CONFIG_GLOBAL: "/dev/null" });
      const repo = `${guest.root}/repo`;
      git("init", "-q", repo);
      git(
        "-C",
        repo,
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@t",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "first",
      );
      expect(git("clone", "-q", `${me}@ascalon:${repo}`, `${guest.root}/clone`)).toMatchObject({ status: 0 });
      expect(git("-C", `${guest.root}/clone`, "log", "--format=%s").stdout).toBe("first\n");
    });

    test("carries what an editor's remote mode does: a script on stdin beside a dynamic forward", async () => {
      const forward = String(await freePort());
      const { status, stdout } = spawnSync(
        "ssh",
        ["-F", userConfig, "-T", "-D", forward, `${me}@ascalon`, "sh"],
        {
          input: "echo remote-$((40+2))\n",
          encoding: "utf8",
          env: guest.env,
        },
      );
      expect({ status, stdout }).toEqual({ status: 0, stdout: "remote-42\n" });
    });

    test("why #2: follows the port of the next start by itself", () => {
      guest.writeSshConfig({ port: 1 });
      expect(ssh(`${me}@ascalon`, "true").status).toBe(255);
      guest.writeSshConfig();
      expect(ssh(`${me}@ascalon`, "true").status).toBe(0);
    });

    test("says in a sentence that the VM is stopped, and asks nobody at the port it had", async () => {
      const visits: string[] = [];
      const other = createServer((socket) => {
        visits.push("somebody");
        socket.destroy();
      });
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      guest.writeSshConfig({ port: (other.address() as AddressInfo).port });
      const pidFile = `${guest.instanceDir}/ha.pid`;
      const pid = readFileSync(pidFile);
      try {
        const dead = `${await deadPid()}\n`;
        for (const stop of [() => rmSync(pidFile), () => writeFileSync(pidFile, dead)]) {
          stop();
          const child = spawn("ssh", ["-F", userConfig, `${me}@ascalon`, "true"], { env: guest.env });
          let said = "";
          child.stderr.setEncoding("utf8").on("data", (text: string) => {
            said += text;
          });
          expect(await new Promise((resolve) => child.once("close", resolve))).toBe(255);
          expect(said).toContain("ascalon: the VM is stopped: ascalon up");
        }
      } finally {
        writeFileSync(pidFile, pid);
        await new Promise((resolve) => other.close(resolve));
      }
      expect(visits).toEqual([]);
    });

    test("works while one process of the VM lives, whatever became of the host agent", () => {
      const pid = readFileSync(`${guest.instanceDir}/ha.pid`, "utf8");
      rmSync(`${guest.instanceDir}/ha.pid`);
      writeFileSync(`${guest.instanceDir}/qemu.pid`, pid.trim());
      try {
        expect(ssh(`${me}@ascalon`, "true").status).toBe(0);
      } finally {
        rmSync(`${guest.instanceDir}/qemu.pid`);
        writeFileSync(`${guest.instanceDir}/ha.pid`, pid);
      }
    });

    test("says in a sentence that the VM was never started", () => {
      rmSync(`${guest.instanceDir}/ssh.config`);
      const { status, stderr } = ssh(`${me}@ascalon`, "true");
      expect(status).toBe(255);
      expect(stderr).toContain("ascalon: the VM is not running: ascalon start");
    });

    test("tells to run what is about the settings file that it was installed with, from any folder", () => {
      const name = "it's mine.yaml";
      writeFileSync(`${guest.root}/${name}`, "");
      expect(ascalon("--config", `~/${name}`, "--install").code).toBe(0);
      const pidFile = `${guest.instanceDir}/ha.pid`;
      const pid = readFileSync(pidFile);
      rmSync(pidFile);
      try {
        const { status, stderr } = ssh(`${me}@ascalon`, "true");
        expect(status).toBe(255);
        expect(stderr).toContain(
          `ascalon: the VM is stopped: ascalon --config ${quote(`${guest.root}/${name}`)} up`,
        );
      } finally {
        writeFileSync(pidFile, pid);
      }
    });
  });

  test("works where there is no nc", () => {
    const bin = `${guest.root}/bin`;
    mkdirSync(bin, { recursive: true });
    for (const program of ["ssh", "sed"]) {
      const path = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
      symlinkSync(path, `${bin}/${program}`);
    }
    writeFileSync(
      `${guest.root}/no-nc`,
      hostBlock({
        user: me,
        identityFile: `${guest.root}/lima/_config/user`,
        limaConfigFile: `${guest.instanceDir}/ssh.config`,
        guestPort: guest.port,
      }),
    );
    guest.writeSshConfig();
    const { status, stdout, stderr } = call("ssh", ["-F", `${guest.root}/no-nc`, "ascalon", "echo hello"], {
      PATH: bin,
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "hello\n", stderr: "" });
  });

  describe("changes ~/.ssh/config", () => {
    const theirs = Buffer.concat([
      Buffer.from("# mine\r\nHost *\n\tServerAliveInterval 7\n# caf"),
      Buffer.from([0xe9, 0x0a]),
      Buffer.from("Host other\n  User x"),
    ]);
    beforeEach(() => {
      rmSync(`${guest.root}/.ssh`, { recursive: true, force: true });
      rmSync(`${guest.root}/dotfiles`, { recursive: true, force: true });
    });
    const arrange = (bytes: Buffer, mode = 0o644) => {
      mkdirSync(`${guest.root}/.ssh`, { mode: 0o755 });
      writeFileSync(userConfig, bytes);
      chmodSync(userConfig, mode);
    };

    test("by one marked line at the top, and leaves every other byte and the modes", () => {
      arrange(theirs);
      expect(ascalon("--install").code).toBe(0);
      const after = readFileSync(userConfig);
      expect(after.subarray(after.length - theirs.length).equals(theirs)).toBe(true);
      expect(after.subarray(0, after.length - theirs.length).toString()).toBe(
        `# >>> ascalon ssh-config: taken away again by \`ascalon ssh-config --remove\`\nInclude "${guest.stateDir}/ssh_config"\n# <<< ascalon ssh-config\n`,
      );
      expect(statSync(userConfig).mode & 0o777).toBe(0o644);
      expect(statSync(`${guest.root}/.ssh`).mode & 0o777).toBe(0o755);
      expect(statSync(`${guest.stateDir}/ssh_config`).mode & 0o777).toBe(0o600);
    });

    test("never twice", () => {
      arrange(theirs);
      ascalon("--install");
      const once = readFileSync(userConfig);
      expect(ascalon("--install").err).toContain("already installed");
      expect(readFileSync(userConfig).equals(once)).toBe(true);
    });

    test("back to what it was", () => {
      arrange(theirs);
      ascalon("--install");
      expect(ascalon("--remove").code).toBe(0);
      expect(readFileSync(userConfig).equals(theirs)).toBe(true);
      expect(existsSync(`${guest.stateDir}/ssh_config`)).toBe(false);
      expect(ascalon("--remove").err).toContain("nothing changed");
    });

    test("makes it when it is missing, 0600 in a folder of 0700, and takes it away again", () => {
      ascalon("--install");
      expect(statSync(userConfig).mode & 0o777).toBe(0o600);
      expect(statSync(`${guest.root}/.ssh`).mode & 0o777).toBe(0o700);
      ascalon("--remove");
      expect(existsSync(userConfig)).toBe(false);
    });

    test("leaves an empty file that was there", () => {
      arrange(Buffer.alloc(0));
      ascalon("--install");
      ascalon("--remove");
      expect(readFileSync(userConfig).length).toBe(0);
    });

    test("through a symlink, which stays one", () => {
      mkdirSync(`${guest.root}/dotfiles`);
      writeFileSync(`${guest.root}/dotfiles/config`, theirs);
      mkdirSync(`${guest.root}/.ssh`);
      symlinkSync("../dotfiles/config", userConfig);
      ascalon("--install");
      expect(lstatSync(userConfig).isSymbolicLink()).toBe(true);
      expect(readlinkSync(userConfig)).toBe("../dotfiles/config");
      expect(readFileSync(`${guest.root}/dotfiles/config`, "latin1")).toContain("ascalon");
      ascalon("--remove");
      expect(readFileSync(`${guest.root}/dotfiles/config`).equals(theirs)).toBe(true);
    });

    test("in place, where a person has moved the line to", () => {
      arrange(theirs);
      ascalon("--install");
      const text = readFileSync(userConfig, "latin1");
      const block = text.slice(0, text.length - theirs.length);
      const moved = `Host first\n${block.replace("ssh_config", "old_place")}Host last\n`;
      writeFileSync(userConfig, moved, "latin1");
      ascalon("--install");
      expect(readFileSync(userConfig, "latin1")).toBe(`Host first\n${block}Host last\n`);
    });

    test("not at all when it cannot, and says why", () => {
      mkdirSync(userConfig, { recursive: true });
      const { code, err } = ascalon("--install");
      expect(code).toBe(1);
      expect(err).toContain("E_SSH_CONFIG");
    });
  });

  test("names the user that the VM was made with", () => {
    rmSync(`${guest.root}/.ssh`, { recursive: true, force: true });
    const applied = `${guest.instanceDir}/ascalon-applied.yaml`;
    const before = readFileSync(applied);
    try {
      writeFileSync(applied, JSON.stringify({ mounts: [], user: { name: "olden" } }));
      expect(ascalon().out).toContain("  User olden\n");
      // The block itself, with no user named on the command line.
      writeFileSync(applied, JSON.stringify({ mounts: [], user: { name: me } }));
      expect(ascalon("--install").code).toBe(0);
      expect(ssh("ascalon", "echo hello")).toMatchObject({ status: 0, stdout: "hello\n" });
    } finally {
      ascalon("--remove");
      writeFileSync(applied, before);
    }
  });

  test("prints the block and the facts without touching anything", () => {
    rmSync(`${guest.root}/.ssh`, { recursive: true, force: true });
    expect(ascalon().out).toContain("Host ascalon\n");
    expect(JSON.parse(ascalon("--json").out)).toMatchObject({ schema: 1, host: "ascalon", installed: false });
    expect(existsSync(`${guest.root}/.ssh`)).toBe(false);
  });
});
