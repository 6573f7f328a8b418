import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtCli, runCli } from "../support/built-cli.ts";
import { hardArguments } from "../support/hard-arguments.ts";
import { hasSshd, type LoopbackGuest, startLoopbackGuest } from "../support/loopback-guest.ts";

const cli = builtCli();
let guest: LoopbackGuest;

const shell = (
  args: readonly string[],
  call: { cwd?: string; input?: Buffer; env?: Record<string, string> } = {},
) => {
  const { status, stdout, stderr } = runCli(cli, ["shell", ...args], {
    ...call,
    env: { ...guest.env, ...call.env },
  });
  return { code: status, out: stdout.toString(), err: stderr.toString(), bytes: stdout };
};

describe.skipIf(!hasSshd())("ascalon shell, through a real ssh master", () => {
  beforeAll(async () => {
    guest = await startLoopbackGuest();
    guest.startMaster();
  });
  afterAll(() => guest.close());

  test.each([0, 1, 7, 126, 127, 255])("ends with the program's code %i, and says nothing", (code) => {
    expect(shell(["--", "sh", "-c", `exit ${code}`])).toMatchObject({ code, out: "", err: "" });
  });

  test.each([
    ["TERM", 143],
    ["KILL", 137],
    ["SEGV", 139],
  ])("ends with 128+n when the program dies by SIG%s", (signal, code) => {
    expect(shell(["--", "sh", "-c", `kill -${signal} $$`]).code).toBe(code);
  });

  test("ends with 127 when the guest has no such program, and names it", () => {
    const { code, err } = shell(["--", "no-such-program", "x"]);
    expect(code).toBe(127);
    expect(err).toBe("ascalon: the guest has no program no-such-program\n");
  });

  test("ends with 126 when the file cannot be executed", () => {
    const { code, err } = shell(["--", "/etc/passwd"]);
    expect(code).toBe(126);
    expect(err).toContain("/etc/passwd: Permission denied");
  });

  test("refuses bytes that are no text, which Node would replace, and takes a typed U+FFFD", () => {
    expect(shell(["--", "printf", "%s", "\uFFFD"]).out).toBe("\uFFFD");
    const words = [process.execPath, cli, "shell", "--", "printf", "%s"].map((word) => `'${word}'`).join(" ");
    const { status, stdout, stderr } = spawnSync("sh", ["-c", `exec ${words} "$(printf '\\377')"`], {
      env: { PATH: process.env.PATH, ...guest.env },
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([125, ""]);
    expect(stderr).toContain("an argument is not UTF-8");
  });

  test("brings every argument to the program exactly as typed", () => {
    const print = "process.stdout.write(JSON.stringify(process.argv.slice(1)))";
    const { out, err } = shell(["--", process.execPath, "-e", print, "--", ...hardArguments]);
    expect(err).toBe("");
    expect(JSON.parse(out)).toEqual(hardArguments);
  });

  test("runs programs, not what a shell has built in: echo keeps its backslashes", () => {
    expect(shell(["--", "echo", "a\\nb", "-e"]).out).toBe("a\\nb -e\n");
  });

  test("needs no -- before a program, and leaves the program's options alone", () => {
    expect(shell(["printf", "%s|", "-C", "--no-cwd", "--", "-x"]).out).toBe("-C|--no-cwd|--|-x|");
  });

  test("why #15: has the environment of a login shell", () => {
    expect(shell(["--", "printenv", "FROM_PROFILE"]).out).toBe("yes\n");
  });

  test("passes stdin and stdout byte for byte", () => {
    const input = randomBytes(3 * 1024 * 1024);
    const { bytes, code } = shell(["--", "cat"], { input });
    expect(code).toBe(0);
    expect(bytes.equals(input)).toBe(true);
  });

  test("passes 40 MB of output without a loss", () => {
    const { bytes } = shell(["--", "head", "-c", "40000000", "/dev/zero"]);
    expect(bytes.length).toBe(40_000_000);
  });

  test.each([
    ["the program's last", "echo data", 0],
    ["not the last", "echo data; sleep 1; echo more; exit 3", 141],
  ])("output that cannot be written here, %s: what the help says", (_, script, code) => {
    const full = openSync("/dev/full", "w");
    const env = { ...process.env, ...guest.env };
    const argv = [cli, "shell", "--", "sh", "-c", script];
    const { status } = spawnSync(process.execPath, argv, { stdio: ["ignore", full, "pipe"], env });
    closeSync(full);
    expect(status).toBe(code);
  });

  test("keeps stdout and stderr apart", () => {
    expect(shell(["--", "sh", "-c", "echo data; echo talk >&2"])).toMatchObject({
      out: "data\n",
      err: "talk\n",
    });
  });

  test("gives the program an end of input", () => {
    expect(shell(["--", "cat"])).toMatchObject({ code: 0, out: "" });
  });

  test("why #15: without a command reads a script from stdin in a login shell", () => {
    const { code, out } = shell([], { input: Buffer.from("echo from $0\nexit 3\n") });
    expect(code).toBe(3);
    expect(out).toMatch(/^from /);
  });

  test("refuses a command that no ssh can carry, with a way out", () => {
    const { code, err } = shell(["--", "echo", "x".repeat(110_000), "y".repeat(110_000)]);
    expect(code).toBe(125);
    expect(err).toContain("longer than 128 KiB");
  });

  test("leaves no log behind, and removes those of calls that were killed", () => {
    mkdirSync(`${guest.stateDir}/shell`, { recursive: true });
    // A pid that no system gives out.
    writeFileSync(`${guest.stateDir}/shell/ascalon-shell-4194999-x.log`, "");
    shell(["--", "true"]);
    shell(["--", "sh", "-c", "exit 255"]);
    expect(readdirSync(`${guest.stateDir}/shell`)).toEqual([]);
  });

  describe("the folder", () => {
    const project = () => `${realpathSync(guest.root)}/work/project`;
    beforeAll(() => {
      mkdirSync(`${project()}/deep er/it's`, { recursive: true });
      mkdirSync(`${guest.root}/elsewhere`);
      symlinkSync(project(), `${guest.root}/link`);
      symlinkSync("/usr", `${project()}/out`);
      guest.setMounts([{ host: project(), writable: true }]);
    });

    test("below a mount is the current one in the guest too", () => {
      const cwd = `${project()}/deep er/it's`;
      expect(shell(["--", "pwd"], { cwd }).out).toBe(`${cwd}\n`);
    });

    test("outside the mounts is the guest's home", () => {
      expect(shell(["--", "pwd"], { cwd: `${guest.root}/elsewhere` }).out).toBe(`${guest.startFolder}\n`);
    });

    test("that a symlink leads out of the mount is not believed, although the guest has one of that name", () => {
      const { out } = shell(["--", "pwd"], { cwd: `${project()}/out`, env: { PWD: `${project()}/out` } });
      expect(out).toBe(`${guest.startFolder}\n`);
    });

    test("is found when the settings name a symlink to it", () => {
      guest.setMounts([{ host: `${guest.root}/link`, writable: true }]);
      const { out } = shell(["--", "sh", "-c", "pwd -L"], { cwd: `${project()}/deep er` });
      guest.setMounts([{ host: project(), writable: true }]);
      expect(out).toBe(`${guest.root}/link/deep er\n`);
    });

    test("is the guest's home with --no-cwd", () => {
      expect(shell(["--no-cwd", "--", "pwd"], { cwd: project() }).out).toBe(`${guest.startFolder}\n`);
    });

    test("is the one -C names: absolute, relative to a mounted folder, or below the guest's home", () => {
      expect(shell(["-C", "/usr/lib", "--", "pwd"]).out).toBe("/usr/lib\n");
      expect(shell(["-C", "deep er", "--", "pwd"], { cwd: project() }).out).toBe(`${project()}/deep er\n`);
      expect(shell(["-C", "~", "--", "pwd"]).out).toBe(`${guest.guestHome}\n`);
    });

    test("ends with 125 and one sentence when -C names none", () => {
      expect(shell(["-C", "/no/such", "--", "pwd"])).toMatchObject({
        code: 125,
        out: "",
        err: "ascalon: the guest has no folder /no/such\n",
      });
    });
  });
});
