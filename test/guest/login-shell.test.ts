import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findShell, type LoginShell } from "../support/login-shells.ts";

const script = new URL("../../nix/guest/login-shell.sh", import.meta.url).pathname;
let folder: string;
let home: string;

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/login-`);
  home = `${folder}/home/dev`;
  mkdirSync(home, { recursive: true });
  mkdirSync(`${folder}/run`);
  mkdirSync(`${folder}/bin`);
  // Only root may become the user; whoever runs the tests as somebody else is that user.
  if (process.getuid?.() === 0) return;
  writeFileSync(`${folder}/bin/setpriv`, '#!/bin/sh\nshift 3\nexec "$@"\n');
  chmodSync(`${folder}/bin/setpriv`, 0o755);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(`${home}/${path}`), { recursive: true });
  writeFileSync(`${home}/${path}`, text);
};

/** What the boot reports of the user whose login shell that is. */
function boot(shell: LoginShell | "/bin/false" | "/nonexistent/bash", patience = "20"): string | undefined {
  const { uid, gid } = userInfo();
  const program = shell === "/bin/false" || shell === "/nonexistent/bash" ? shell : findShell(shell);
  writeFileSync(
    `${folder}/passwd`,
    `root:x:0:0::/root:/bin/sh\ndev:x:${uid}:${gid}:Mia of nowhere,,:${home}:${program}\n`,
  );
  writeFileSync(`${folder}/lima.env`, "LIMA_CIDATA_NAME=a=b\nLIMA_CIDATA_USER=dev\nLIMA_CIDATA_X=$(false)\n");
  const { status, stdout } = spawnSync("/bin/sh", [script], {
    encoding: "utf8",
    env: {
      PATH: `${folder}/bin:${process.env.PATH}`,
      ASCALON_LIMA_ENV: `${folder}/lima.env`,
      ASCALON_PASSWD: `${folder}/passwd`,
      ASCALON_RUN_DIR: `${folder}/run`,
      ASCALON_PATIENCE: patience,
      ASCALON_PAUSE: "0",
    },
  });
  expect([status, stdout]).toEqual([0, ""]);
  const left = readdirSync(`${folder}/run`);
  if (left.length === 0) return undefined;
  expect(left).toEqual(["ascalon-login"]);
  return readFileSync(`${folder}/run/ascalon-login`, "utf8");
}

const shells = [
  ["bash", ".bashrc", "exit 3"],
  ["zsh", ".zshenv", "exit 3"],
  // For fish 3.6 an exit there ends the file alone.
  ["fish", ".config/fish/config.fish", "exec sh -c 'exit 3'"],
] as const;

describe.each(shells)("%s as the login shell", (shell, file, fails) => {
  const only = it.skipIf(findShell(shell) === undefined);

  only(
    "without any file of the user's, and with one that prints and leaves a program behind: nothing is touched",
    () => {
      expect(boot(shell)).toBeUndefined();
      put(file, "echo hello\nsleep 2 &\n");
      expect(boot(shell)).toBeUndefined();
      expect(existsSync(`${home}/${file}`)).toBe(true);
    },
  );

  only("a file that exits with a failure is renamed, and not over one of before", () => {
    put(`${file}.aside-1`, "of before");
    put(file, `echo hello\n${fails}\n`);
    expect(boot(shell)).toBe(`renamed 3 ${home}/${file} ${home}/${file}.aside-2\n`);
    expect(readFileSync(`${home}/${file}.aside-2`, "utf8")).toBe(`echo hello\n${fails}\n`);
    expect(readFileSync(`${home}/${file}.aside-1`, "utf8")).toBe("of before");
    expect(existsSync(`${home}/${file}`)).toBe(false);
    // The next boot finds all well, and the report gone.
    expect(boot(shell)).toBeUndefined();
  });

  only("one that starts another program, which ends well, lets people in and is left alone", () => {
    put(file, "exec cat\n");
    expect(boot(shell)).toBe(`unheard ${home}/${file}\n`);
    expect(existsSync(`${home}/${file}`)).toBe(true);
  });
});

it("a file that never ends is renamed too", () => {
  put(".bashrc", "sleep 60\n");
  expect(boot("bash", "4")).toBe(`renamed 124 ${home}/.bashrc ${home}/.bashrc.aside-1\n`);
});

it("a shell that fails whatever the user's files are: nothing is touched", () => {
  put(".bashrc", "exit 1\n");
  expect(boot("/bin/false")).toBe("locked 1\n");
  expect(boot("/nonexistent/bash")).toBe("locked 127\n");
  expect(readdirSync(home)).toEqual([".bashrc"]);
});

it.skipIf(findShell("fish") === undefined)("a file beside it fails as well: it gets its name back", () => {
  put(".config/fish/config.fish", "exit 1\n");
  put(".config/fish/conf.d/a.fish", "exec false\n");
  expect(boot("fish")).toBe("locked 1\n");
  expect(readdirSync(`${home}/.config/fish`).sort()).toEqual(["conf.d", "config.fish"]);
});

it("once it fails and once it does not, as at a boot at which something is there late: nothing is touched", () => {
  put(".bashrc", `[ -e "${folder}/late" ] || { touch "${folder}/late"; exit 1; }\n`);
  expect(boot("bash")).toBeUndefined();
});

it("nobody of that name: nothing to do", () => {
  const { uid, gid } = userInfo();
  writeFileSync(`${folder}/lima.env`, "LIMA_CIDATA_USER=mia\n");
  writeFileSync(`${folder}/passwd`, `dev:x:${uid}:${gid}::${home}:/bin/false\n`);
  const env = {
    ASCALON_LIMA_ENV: `${folder}/lima.env`,
    ASCALON_PASSWD: `${folder}/passwd`,
    ASCALON_RUN_DIR: `${folder}/run`,
  };
  expect(spawnSync("/bin/sh", [script], { env }).status).toBe(0);
  expect(readdirSync(`${folder}/run`)).toEqual([]);
});
