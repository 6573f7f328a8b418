import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { builtCli, runCli, startCli } from "../support/built-cli.ts";
import { hasSshd, type LoopbackGuest, startLoopbackGuest } from "../support/loopback-guest.ts";

const cli = builtCli();
let guest: LoopbackGuest;

const shell = (...args: string[]) => {
  const began = performance.now();
  const { status, stdout, stderr } = runCli(cli, ["shell", ...args], { env: guest.env });
  return { code: status, out: stdout.toString(), err: stderr.toString(), tookMs: performance.now() - began };
};
const start = (...args: string[]) => startCli(cli, ["shell", "--", ...args], { env: guest.env });
/** Until ssh's log of a call that runs holds the words. */
async function untilLogged(words: string): Promise<void> {
  const folder = `${guest.stateDir}/shell`;
  await expect
    .poll(
      () =>
        readdirSync(folder)
          .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
          .join(""),
      {
        timeout: 5000,
        interval: 20,
      },
    )
    .toContain(words);
}
const masterPid = (): number => {
  const pid = guest.masterPid();
  if (pid === undefined) throw new Error("no master runs");
  return pid;
};

describe.skipIf(!hasSshd())("ascalon shell", () => {
  beforeAll(async () => {
    guest = await startLoopbackGuest();
  });
  afterAll(() => guest.close());

  describe("when Lima's master", () => {
    test("is absent, makes one and works; the next call uses it", () => {
      guest.stopMaster();
      expect(shell("--", "echo", "hello")).toMatchObject({ code: 0, out: "hello\n", err: "" });
      expect(guest.masterPid()).toBeGreaterThan(0);
      expect(shell("--", "sh", "-c", "exit 255")).toMatchObject({ code: 255, err: "" });
    });

    test("was killed and left its socket file, works", async () => {
      guest.startMaster();
      process.kill(masterPid(), "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(existsSync(guest.controlPath)).toBe(true);
      expect(shell("--", "sh", "-c", "echo hello; exit 255")).toMatchObject({
        code: 255,
        out: "hello\n",
        err: "",
      });
    });

    test("accepts and never answers, is passed by within two seconds, stdin and exit code included", () => {
      guest.startMaster();
      const pid = masterPid();
      process.kill(pid, "SIGSTOP");
      try {
        const began = performance.now();
        const { status, stdout } = runCli(cli, ["shell", "--", "sh", "-c", "cat; exit 255"], {
          env: guest.env,
          input: Buffer.from("kept"),
        });
        expect({ code: status, out: stdout.toString() }).toEqual({ code: 255, out: "kept" });
        expect(performance.now() - began).toBeLessThan(2500);
      } finally {
        process.kill(pid, "SIGCONT");
      }
    });

    test("has a dead connection while the guest answers others, is replaced, and stdout is let go", () => {
      guest.stopMaster();
      guest.startMaster();
      const connection = guest.connectionPids();
      expect(connection.length).toBeGreaterThan(0);
      for (const pid of connection) process.kill(pid, "SIGSTOP");
      try {
        const { code, out, err, tookMs } = shell("--", "echo", "hello");
        expect({ code, out, err }).toEqual({ code: 0, out: "hello\n", err: "" });
        expect(tookMs).toBeLessThan(8000);
      } finally {
        for (const pid of connection) process.kill(pid, "SIGCONT");
      }
      expect(guest.masterPid()).toBeUndefined();
    });

    test("says hello and is stopped then, is ended: the command runs once and stdout is let go", async () => {
      guest.stopMaster();
      guest.startMaster();
      const pid = masterPid();
      const connection = guest.connectionPids();
      for (const one of connection) process.kill(one, "SIGSTOP");
      try {
        const run = start("sh", "-c", `echo ran >>${guest.root}/stopped-runs; echo hello`);
        await untilLogged("done pid = ");
        process.kill(pid, "SIGSTOP");
        for (const one of connection) process.kill(one, "SIGCONT");
        // Not later: the next test would wait for the stopped one.
        const late = new Promise((resolve) => setTimeout(() => resolve("hangs"), 20_000));
        const ended = await Promise.race([run.ended, late]);
        expect(ended).toMatchObject({ code: 0, out: "hello\n", err: "" });
        expect(readFileSync(`${guest.root}/stopped-runs`, "utf8")).toBe("ran\n");
      } finally {
        for (const one of [pid, ...connection]) {
          try {
            process.kill(one, "SIGCONT");
          } catch {
            // It ended with its master.
          }
        }
      }
    });

    test("is silent because the guest is so slow that a login takes seconds, keeps the sessions of others, and runs the command once", async () => {
      guest.startMaster();
      const other = start("sh", "-c", "echo begun; sleep 14; exit 7");
      await other.until("begun");
      const connection = guest.connectionPids();
      // The shell of the tests' user reads one of them for each command: zsh, or Debian's bash when sshd started it.
      const slow = [".bashrc", ".zshenv"].map((name) => `${guest.guestHome}/${name}`);
      for (const file of slow) writeFileSync(file, "sleep 3\n");
      for (const pid of connection) process.kill(pid, "SIGSTOP");
      try {
        const run = start("sh", "-c", `echo ran >>${guest.root}/runs`);
        await new Promise((resolve) => setTimeout(resolve, 7_500));
        for (const pid of connection) process.kill(pid, "SIGCONT");
        expect(await run.ended).toMatchObject({ code: 0, err: "" });
        expect(await other.ended).toMatchObject({ code: 7, out: "begun\n" });
        expect(readFileSync(`${guest.root}/runs`, "utf8")).toBe("ran\n");
      } finally {
        for (const file of slow) rmSync(file, { force: true });
      }
    });

    test("dies under a running program, says that the connection is lost, with 125", async () => {
      guest.startMaster();
      const run = start("sh", "-c", "echo begun; sleep 20");
      await run.until("begun");
      process.kill(masterPid(), "SIGKILL");
      const { code, err } = await run.ended;
      expect(code).toBe(125);
      expect(err).toContain("the connection to the guest ended before the program reported its exit code");
    });
  });

  // A master carries ten sessions, so the others are connections of their own, of which sshd drops what is too much.
  describe("called more often at once than a master has sessions", () => {
    let busy: LoopbackGuest;
    let folder: string;
    /** sshd asks it at each login which keys it takes. */
    const beforeLogin = (line: string) =>
      writeFileSync(`${folder}/keys`, `${line}\ncat ${busy.root}/lima/_config/user.pub\n`);
    beforeAll(async () => {
      folder = mkdtempSync(`${tmpdir()}/ascalon-login-`);
      const lines = [
        "MaxStartups 2:90:4",
        "AuthorizedKeysFile none",
        `AuthorizedKeysCommand /bin/sh ${folder}/keys`,
        `AuthorizedKeysCommandUser ${userInfo().username}`,
      ];
      busy = await startLoopbackGuest({ sshdLines: `${lines.join("\n")}\n` });
    });
    beforeEach(() => {
      beforeLogin(":");
      busy.stopMaster();
      busy.startMaster();
    });
    afterAll(async () => {
      await busy.close();
      rmSync(folder, { recursive: true });
    });

    test("leaves the running ones alone, however long a login of its own takes", async () => {
      const ten = Array.from({ length: 10 }, () =>
        startCli(cli, ["shell", "--", "sh", "-c", "echo begun; sleep 7; echo done"], { env: busy.env }),
      );
      await Promise.all(ten.map((run) => run.until("begun")));
      beforeLogin("sleep 3");
      const eleventh = startCli(cli, ["shell", "--", "echo", "hello"], { env: busy.env });
      expect(await eleventh.ended).toMatchObject({ code: 0, out: "hello\n", err: "" });
      for (const { ended } of ten)
        expect(await ended).toMatchObject({ code: 0, out: "begun\ndone\n", err: "" });
    });

    test("every call is made, once and with its own exit code", async () => {
      const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
      const runs = numbers.map(
        (number) =>
          startCli(cli, ["shell", "--", "sh", "-c", `sleep 1; echo ${number} >> ~/calls; exit ${number}`], {
            env: busy.env,
          }).ended,
      );
      const ended = await Promise.all(runs);
      expect(ended.map(({ code, err }) => [code, err])).toEqual(numbers.map((number) => [number, ""]));
      const calls = readFileSync(`${busy.guestHome}/calls`, "utf8").trim().split("\n").map(Number);
      expect(calls.toSorted((a, b) => a - b)).toEqual(numbers);
    });
  });

  // The program is looked for in /proc, which every guest has; a Mac in the place of one has not.
  describe.skipIf(process.platform !== "linux")("told to stop without a terminal", () => {
    beforeAll(() => guest.startMaster());

    test.each([
      ["SIGTERM", 143],
      ["SIGINT", 130],
      ["SIGHUP", 129],
      ["SIGUSR1", 138],
    ] as const)("by %s, stops the program in the guest and ends as it did", async (signal, code) => {
      const run = start("sh", "-c", "echo pid $$; exec sleep 20");
      await run.until("pid ");
      run.kill(signal);
      const ended = await run.ended;
      expect(ended.code).toBe(code);
      const pid = Number(/pid (\d+)/.exec(ended.out)?.[1]);
      expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    });

    test("lets a program that catches the signal end in its own way, its output complete", async () => {
      const run = start(
        "sh",
        "-c",
        "trap 'echo cleaning; sleep 0.3; echo clean; exit 42' TERM; echo up; while :; do sleep 0.1; done",
      );
      await run.until("up");
      run.kill("SIGTERM");
      expect(await run.ended).toMatchObject({ code: 42, out: "up\ncleaning\nclean\n" });
    });

    test("twice, tells the program twice and waits for it", async () => {
      const run = start(
        "sh",
        "-c",
        "n=0; trap 'n=$((n+1)); echo got $n; [ $n -lt 2 ] || exit 9' INT; echo up; while :; do sleep 0.1; done",
      );
      await run.until("up");
      run.kill("SIGINT");
      await run.until("got 1");
      run.kill("SIGINT");
      expect(await run.ended).toMatchObject({ code: 9, out: "up\ngot 1\ngot 2\n" });
    });

    test("reaches a program whose session's master nobody finds any more", async () => {
      guest.stopMaster();
      const run = start("sh", "-c", "echo up; exec sleep 20");
      await run.until("up");
      const master = masterPid();
      try {
        // The session goes on over the master that ssh made for it; a signal needs another way.
        rmSync(guest.controlPath);
        run.kill("SIGTERM");
        expect((await run.ended).code).toBe(143);
      } finally {
        // In order it would remove the socket of the master that the signal was sent by.
        process.kill(master, "SIGKILL");
      }
    });

    test("while the connection is lost, ends: with 125, or by the signal when that came after", async () => {
      const run = start("sh", "-c", "echo up; exec sleep 20");
      await run.until("up");
      guest.stopMaster();
      run.kill("SIGTERM");
      const { code, signal } = await run.ended;
      // 143: the signal was there first.
      expect([125, 143, "SIGTERM"]).toContain(signal ?? code);
    });
  });

  describe("when the guest cannot be reached", () => {
    beforeAll(() => guest.stopMaster());
    const reasons = () => readdirSync(`${guest.stateDir}/shell`);

    test("because nothing listens, says so with 125 and names the port", async () => {
      await guest.stopListening();
      const { code, err } = shell("--", "true");
      await guest.startListening();
      expect(code).toBe(125);
      expect(err).toContain(`nothing listens on the VM's ssh port ${guest.port}`);
      expect(err).toContain("run: ascalon up");
      expect(reasons()).toEqual([]);
    });

    test("because the key is refused, says whose and which", () => {
      guest.writeSshConfig({ identityFile: `${guest.root}/sshd/host` });
      const { code, err } = shell("--", "true");
      guest.writeSshConfig();
      expect(code).toBe(125);
      expect(err).toContain(`the guest refuses the key ${guest.root}/sshd/host`);
    });

    test("because the key is gone, or open to others, does not blame the guest", () => {
      guest.writeSshConfig({ identityFile: `${guest.root}/none` });
      const gone = shell("--", "true");
      const open = `${guest.root}/open key`;
      writeFileSync(open, readFileSync(`${guest.root}/lima/_config/user`), { mode: 0o644 });
      guest.writeSshConfig({ identityFile: open });
      const readable = shell("--", "true");
      guest.writeSshConfig();
      expect(gone.code).toBe(125);
      expect(gone.err).toContain(`the VM's key ${guest.root}/none is not there`);
      expect(readable.code).toBe(125);
      expect(readable.err).toContain(`ssh does not use the VM's key ${open}`);
      expect(readable.err).toContain(`run: chmod 600 '${open}'`);
    });

    test("because ssh is not installed, says so", () => {
      const { status, stderr } = runCli(cli, ["shell", "--", "true"], {
        env: { ...guest.env, PATH: "/nonexistent" },
      });
      expect(status).toBe(125);
      expect(stderr.toString()).toContain("`ssh` is not on PATH");
    });

    test("because the VM is stopped, fails at once, does not start it and names E_VM_STOPPED", () => {
      rmSync(`${guest.instanceDir}/ha.pid`);
      const { code, err } = shell("--", "true");
      writeFileSync(`${guest.instanceDir}/ha.pid`, `${process.pid}\n`);
      expect(code).toBe(125);
      expect(err).toContain("the VM is not running");
      expect(err).toContain("E_VM_STOPPED");
      expect(err).toContain("run: ascalon start");
    });

    test("because there is no VM, names E_VM_MISSING", () => {
      const { status, stderr } = runCli(cli, ["shell", "--", "true"], {
        env: { ...guest.env, LIMA_HOME: `${guest.root}/nothing` },
      });
      expect(status).toBe(125);
      expect(stderr.toString()).toContain("E_VM_MISSING");
    });

    test("because the instance is not ours, leaves it alone", () => {
      rmSync(`${guest.instanceDir}/ascalon-applied.yaml`);
      writeFileSync(`${guest.instanceDir}/lima.yaml`, "cpus: 2\n");
      const { code, err } = shell("--", "true");
      expect(code).toBe(125);
      expect(err).toContain("E_FOREIGN_INSTANCE");
    });
  });
});
