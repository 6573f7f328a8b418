import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { quote, quoteAll } from "../../src/cli/quote.ts";
import { keptLoginIn, remoteCommand } from "../../src/cli/shell/remote-command.ts";
import { hardArguments } from "../support/hard-arguments.ts";
import { findShell, loginShells } from "../support/login-shells.ts";

const echoArgv = [
  process.execPath,
  "-e",
  "process.stdout.write(JSON.stringify(process.argv.slice(1)))",
  "--",
];
const folder = mkdtempSync(`${tmpdir()}/ascalon-quoting-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(loginShells)("as the user's shell, %s", (name) => {
  const shell = findShell(name) ?? "";
  const home = `${folder}/${name}`;
  const file = keptLoginIn(`${home}/run`).file;
  mkdirSync(`${home}/run`, { recursive: true });
  mkdirSync(`${home}/.config/fish`, { recursive: true });

  /** What sshd does with the text it receives: the user's shell, not a login shell, reads it. */
  const asSshd = (text: string) => {
    const env = { PATH: process.env.PATH, HOME: home, SHELL: shell };
    return spawnSync(shell, ["-c", text], { encoding: "utf8", env, timeout: 20_000 });
  };
  const command = (argv: readonly string[], nowSeconds: number, runtimeFolder = `${home}/run`): string =>
    remoteCommand({ id: "ascalon-shell-q", argv, folder: undefined, nowSeconds, runtimeFolder });
  /** The environment of the login at that time is kept in the background. */
  const kept = async (nowSeconds: number) => {
    const isKept = () => existsSync(file) && readFileSync(file, "utf8").includes(` -ge ${nowSeconds} ]`);
    for (let tries = 0; tries < 500 && !isKept(); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(isKept()).toBe(true);
  };

  test.skipIf(!shell)("reads every quoted argument back as it was", () => {
    const { stdout, stderr } = asSshd(quoteAll([...echoArgv, ...hardArguments]));
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(hardArguments);
  });

  test.skipIf(!shell)("brings every argument to the program, after a login and without one", async () => {
    // Long ones are not written twice, and so log in each time.
    const short = hardArguments.filter((argument) => argument.length < 10_000);
    for (const [nowSeconds, given] of [
      [1000, hardArguments],
      [1001, short],
    ] as const) {
      const { stdout, stderr } = asSshd(command([...echoArgv, ...given], nowSeconds));
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual(given);
      if (name !== "fish") await kept(1000);
    }
  });

  // fish reads no POSIX shell, and so logs in for each command.
  const logsInOnce = name === "fish" ? undefined : describe.skipIf(!shell);
  logsInOnce?.("the environment of its profile", () => {
    const hard = "two words 'quoted\" \\ $HOME `x` äö";
    const write = (value: string): void => {
      const text = `export MARK=${quote(value)}\necho x >> ${quote(`${home}/logins`)}\n`;
      writeFileSync(`${home}/${name === "zsh" ? ".zprofile" : ".profile"}`, text);
    };
    const logins = (): number => readFileSync(`${home}/logins`, "utf8").length / 2;
    const mark = (nowSeconds: number): string => asSshd(command(["printenv", "MARK"], nowSeconds)).stdout;

    test("is there at the first call, and at the next without a login", async () => {
      write(hard);
      expect(mark(2000)).toBe(`${hard}\n`);
      await kept(2000);
      expect(logins()).toBe(1);
      expect(mark(2001)).toBe(`${hard}\n`);
      expect(logins()).toBe(1);
    });

    test("is read again when the profile changes", async () => {
      write("changed");
      expect(mark(2002)).toBe("changed\n");
      await kept(2002);
      expect(logins()).toBe(2);
    });

    test("is read again after ten minutes, and when the clock went back", async () => {
      expect(mark(2002 + 599)).toBe("changed\n");
      expect(logins()).toBe(2);
      expect(mark(2002 + 600)).toBe("changed\n");
      await kept(2602);
      expect(logins()).toBe(3);
      expect(mark(2002)).toBe("changed\n");
      await kept(2002);
      expect(logins()).toBe(4);
    });

    test("is read again when a Nix profile leads elsewhere, whose files have no time", async () => {
      const before = logins();
      const link = `${home}/.nix-profile`;
      for (const [generation, nowSeconds] of [
        ["one", 3000],
        ["two", 3001],
      ] as const) {
        mkdirSync(`${home}/${generation}`);
        rmSync(link, { force: true });
        symlinkSync(`${home}/${generation}`, link);
        expect(mark(nowSeconds)).toBe("changed\n");
        await kept(nowSeconds);
        expect(asSshd(command(["pwd"], nowSeconds)).stdout).toBe(`${process.cwd()}\n`);
      }
      expect(logins()).toBe(before + 2);
    });

    test("is kept with the umask, without what belongs to one session, for the user's eyes only", () => {
      const text = readFileSync(file, "utf8");
      expect(text).toMatch(/^umask 0?0\d\d$/m);
      expect(text).not.toMatch(/export (PWD|OLDPWD|TERM|SSH_CONNECTION|_)\b/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });
  });

  const logsInAlways = name === "fish" ? test.skipIf(!shell) : undefined;
  logsInAlways?.("reads its configuration as a login shell, for each command", () => {
    for (const value of ["one", "two"]) {
      writeFileSync(`${home}/.config/fish/config.fish`, `status is-login; and set -gx MARK ${value}\n`);
      expect(asSshd(command(["printenv", "MARK"], 1)).stdout).toBe(`${value}\n`);
    }
  });

  test.skipIf(!shell)("starts the program although nothing can be kept", () => {
    const { stdout, stderr } = asSshd(command(["echo", "hello"], 1, "/proc/nowhere"));
    expect({ stdout, stderr }).toEqual({ stdout: "hello\n", stderr: "" });
  });
});
