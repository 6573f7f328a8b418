import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { quote, quoteAll } from "../../src/cli/shell/quote.ts";
import { remoteCommand } from "../../src/cli/shell/remote-command.ts";
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
  const file = `${home}/run/ascalon/login`;
  mkdirSync(`${home}/run`, { recursive: true });
  mkdirSync(`${home}/.config/fish`, { recursive: true });

  /** What sshd does with the text it receives: the user's shell, not a login shell, reads it. */
  const asSshd = (text: string, runtime: string | undefined = `${home}/run`) => {
    const env = { PATH: process.env.PATH, HOME: home, SHELL: shell, XDG_RUNTIME_DIR: runtime };
    return spawnSync(shell, ["-c", text], { encoding: "utf8", env, timeout: 20_000 });
  };
  const command = (argv: readonly string[], nowSeconds: number): string =>
    remoteCommand({ id: "ascalon-shell-q", argv, folder: undefined, nowSeconds });
  /** The environment of the login at that time is kept in the background. */
  const kept = async (nowSeconds: number) => {
    const isKept = () => existsSync(file) && readFileSync(file, "utf8").startsWith(`# ${nowSeconds} `);
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
    for (const nowSeconds of [1000, 1001]) {
      const { stdout, stderr } = asSshd(command([...echoArgv, ...hardArguments], nowSeconds));
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual(hardArguments);
      await kept(1000);
    }
  });

  describe.skipIf(!shell)("the environment of its profile", () => {
    const profiles = {
      dash: ".profile",
      bash: ".profile",
      zsh: ".zprofile",
      fish: ".config/fish/config.fish",
    };
    const hard = "two words 'quoted\" \\ $HOME `x` äö";
    const write = (value: string): void => {
      const set = name === "fish" ? `set -gx MARK ${quote(value)}` : `export MARK=${quote(value)}`;
      const text = `${set}\necho x >> ${quote(`${home}/logins`)}\n`;
      writeFileSync(`${home}/${profiles[name]}`, name === "fish" ? `if status is-login\n${text}end\n` : text);
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

    test("is kept with the umask, without what belongs to one session, for the user's eyes only", () => {
      const text = readFileSync(file, "utf8");
      expect(text).toMatch(/^umask 0?0\d\d$/m);
      expect(text).not.toMatch(/export (PWD|OLDPWD|TERM|SSH_CONNECTION|_)\b/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });
  });

  test.skipIf(!shell)("starts the program although nothing can be kept", () => {
    const { stdout, stderr } = asSshd(command(["echo", "hello"], 1), "/proc/nowhere");
    expect({ stdout, stderr }).toEqual({ stdout: "hello\n", stderr: "" });
  });
});
