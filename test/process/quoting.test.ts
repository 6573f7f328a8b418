import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { quoteAll } from "../../src/cli/shell/quote.ts";
import { remoteCommand } from "../../src/cli/shell/remote-command.ts";
import { hardArguments } from "../support/hard-arguments.ts";
import { findShell, loginShells } from "../support/login-shells.ts";

const echoArgv = [
  process.execPath,
  "-e",
  "process.stdout.write(JSON.stringify(process.argv.slice(1)))",
  "--",
];

/** What sshd does with the text it receives: the user's shell, not a login shell, reads it. */
const asSshd = (shell: string, text: string) =>
  spawnSync(shell, ["-c", text], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: "/tmp", SHELL: shell },
  });

describe.each(loginShells)("as the user's shell, %s", (name) => {
  const shell = findShell(name);

  test.skipIf(!shell)("reads every quoted argument back as it was", () => {
    const { stdout, stderr } = asSshd(shell ?? "", `${quoteAll([...echoArgv, ...hardArguments])}`);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(hardArguments);
  });

  test.skipIf(!shell)("brings every argument to the program through the whole chain", () => {
    const text = remoteCommand({
      id: "ascalon-shell-q",
      argv: [...echoArgv, ...hardArguments],
      folder: undefined,
    });
    const { stdout, stderr } = asSshd(shell ?? "", text);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(hardArguments);
  });
});
