import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keptLoginIn, remoteCommand, signalCommand } from "../../src/cli/shell/remote-command.ts";
import { hasSshd, type LoopbackGuest, startLoopbackGuest } from "../support/loopback-guest.ts";

let guest: LoopbackGuest;
const id = "ascalon-shell-7-kept";

const sshArgs = (command: string): string[] => [
  "-F",
  `${guest.instanceDir}/ssh.config`,
  "--",
  "lima-ascalon",
  command,
];
const run = (argv: readonly string[], path = "", required = false) => {
  const folder = path === "" ? undefined : { path, required };
  const command = remoteCommand({ id, argv, folder, nowSeconds: 1000, runtimeFolder: `${guest.root}/run` });
  const { status, stdout, stderr } = spawnSync("ssh", sshArgs(command), { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
};
const begin = (script: string): Promise<ChildProcess> => {
  const argv = ["sh", "-c", script];
  const command = remoteCommand({
    id,
    argv,
    folder: undefined,
    nowSeconds: 1000,
    runtimeFolder: `${guest.root}/run`,
  });
  const child = spawn("ssh", sshArgs(command), { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve) => child.stdout.once("data", () => resolve(child)));
};

/** The same as through the login shell, which test/process/shell.test.ts goes through. */
describe.skipIf(!hasSshd())("a command in the kept login environment, over ssh", () => {
  beforeAll(async () => {
    guest = await startLoopbackGuest();
    guest.startMaster();
    run(["true"]);
    for (let tries = 0; tries < 2_000 && !existsSync(keptLoginIn(`${guest.root}/run`).file); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(existsSync(keptLoginIn(`${guest.root}/run`).file)).toBe(true);
  });
  afterAll(() => guest.close());

  test("has what the profile set", () => {
    expect(run(["printenv", "FROM_PROFILE"]).out).toBe("yes\n");
  });

  test.each([0, 7, 126, 127, 255])("ends with the program's code %i, and says nothing", (code) => {
    expect(run(["sh", "-c", `exit ${code}`])).toEqual({ code, out: "", err: "" });
  });

  test.each([
    ["TERM", 143],
    ["KILL", 137],
  ])("ends with 128+n when the program dies by SIG%s, without a shell's remark", (signal, code) => {
    expect(run(["sh", "-c", `echo talk >&2; kill -${signal} $$`])).toEqual({ code, out: "", err: "talk\n" });
  });

  test("says the same of programs and folders that are not there", () => {
    expect(run(["no-such-program"])).toEqual({
      code: 127,
      out: "",
      err: "ascalon: the guest has no program no-such-program\n",
    });
    expect(run(["/no/such"])).toMatchObject({
      code: 127,
      err: "ascalon: the guest has no program /no/such\n",
    });
    expect(run(["/etc/passwd"])).toMatchObject({
      code: 126,
      err: "ascalon: /etc/passwd: Permission denied\n",
    });
    expect(run(["/etc"])).toMatchObject({ code: 126, err: "ascalon: /etc: Is a directory\n" });
    expect(run(["pwd"], "/no/such", true)).toMatchObject({
      code: 125,
      err: "ascalon: the guest has no folder /no/such\n",
    });
  });

  test.each(["--", "-c", "-a"])("%s is a program's name, and no option of the shell on the way", (name) => {
    expect(run([name, "echo", "no"])).toEqual({
      code: 127,
      out: "",
      err: `ascalon: the guest has no program ${name}\n`,
    });
  });

  test("starts in the folder", () => {
    expect(run(["pwd"], "/usr/lib").out).toBe("/usr/lib\n");
    expect(run(["pwd"], "/no/such")).toMatchObject({ code: 0, out: `${guest.startFolder}\n` });
    expect(run(["pwd"], "~", true).out).toBe(`${guest.guestHome}\n`);
  });

  test.skipIf(process.platform !== "linux")("is found by its id, for signals", async () => {
    const child = await begin("trap 'exit 42' TERM; echo up; while :; do sleep 0.1; done");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    expect(spawnSync("ssh", sshArgs(signalCommand(id, "SIGTERM"))).status).toBe(0);
    expect(await ended).toBe(42);
    expect(spawnSync("ssh", sshArgs(signalCommand(id, "SIGTERM"))).status).toBe(3);
  });
});
