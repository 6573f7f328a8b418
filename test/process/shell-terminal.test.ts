import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { quoteAll } from "../../src/cli/quote.ts";
import { builtCli, runCli } from "../support/built-cli.ts";
import { hasSshd, type LoopbackGuest, startLoopbackGuest } from "../support/loopback-guest.ts";

const cli = builtCli();
let guest: LoopbackGuest;

interface Terminal {
  type(text: string): void;
  until(text: string): Promise<void>;
  readonly ended: Promise<{ code: number | null; screen: string }>;
}

/** ascalon on a terminal of its own, by util-linux's `script`. */
function onTerminal(args: readonly string[], cwd: string): Terminal {
  const command = quoteAll([process.execPath, cli, "shell", ...args]);
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd, env: guest.env, stdio: "pipe" });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
  });
  return {
    type: (text) => child.stdin.write(text),
    until: async (text) => {
      for (let tries = 0; tries < 400 && !screen.includes(text); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      if (!screen.includes(text)) throw new Error(`no "${text}" on the screen: ${screen}`);
    },
    ended: new Promise((resolve) => {
      child.once("close", (code) => resolve({ code, screen }));
    }),
  };
}

const appears = (path: string): Promise<void> =>
  vi.waitFor(() => expect(existsSync(path)).toBe(true), { timeout: 20_000 });

describe.skipIf(!hasSshd() || process.platform !== "linux")("ascalon shell on a terminal", () => {
  let project: string;
  beforeAll(async () => {
    guest = await startLoopbackGuest();
    guest.startMaster();
    project = `${realpathSync(guest.root)}/project`;
    mkdirSync(project);
    guest.setMounts([{ host: project, writable: true }]);
  });
  afterAll(() => guest.close());

  test("is a login shell in the mapped folder, and ends with its code", async () => {
    const terminal = onTerminal([], project);
    terminal.type("echo in-$(pwd)-$FROM_PROFILE; tty\nexit 5\n");
    const { code, screen } = await terminal.ended;
    expect(screen).toContain(`in-${project}-yes`);
    expect(screen).toContain("/dev/pts/");
    expect(screen).not.toContain("Shared connection");
    expect(code).toBe(5);
  });

  test("hands Ctrl-C to what runs in the guest, and the shell there lives on", async () => {
    const terminal = onTerminal([], project);
    // Said by the program that is in front: a Ctrl-C between two commands is bash's, and bash may take it for the next one's.
    terminal.type(`sh -c "echo rea'dy'; exec sleep 30"\n`);
    await terminal.until("ready");
    terminal.type("\x03");
    terminal.type("echo ali've'; exit 0\n");
    const { code, screen } = await terminal.ended;
    expect(screen).toContain("alive");
    expect(code).toBe(0);
  });

  test("ends with 130 when Ctrl-C ends the command", async () => {
    const terminal = onTerminal(["--", "sh", "-c", "echo up; exec sleep 30"], project);
    await terminal.until("up");
    terminal.type("\x03");
    expect((await terminal.ended).code).toBe(130);
  });

  test("ends by the hangup itself when its window is closed, and takes the command along", async () => {
    const told = `${guest.root}/code`;
    const call = quoteAll([
      process.execPath,
      cli,
      "shell",
      "--",
      "sh",
      "-c",
      "echo $$ >~/pid; exec sleep 60",
    ]);
    // The session's leader alone hears the hangup, and hands it on as a person's shell does.
    const tell = `echo $? >${told}.new; mv ${told}.new ${told}`;
    const line = `${call} </dev/tty & p=$!; trap 'kill -HUP $p' HUP; wait $p; wait $p; ${tell}`;
    const window = spawn("script", ["-qec", line, "/dev/null"], { cwd: project, env: guest.env });
    await appears(`${guest.guestHome}/pid`);
    window.kill("SIGKILL");
    await appears(told);
    expect(readFileSync(told, "utf8").trim()).toBe("129");
    await vi.waitFor(() => {
      const pid = Number(readFileSync(`${guest.guestHome}/pid`, "utf8"));
      expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    }, 10_000);
  });

  test("tells 255 of a command from a failure of ssh there too", async () => {
    const terminal = onTerminal(["--", "sh", "-c", "exit 255"], project);
    const { code, screen } = await terminal.ended;
    expect({ code, screen }).toEqual({ code: 255, screen: "" });
  });

  test("has none in a pipe unless -t asks for it", () => {
    const tty = (...options: string[]) =>
      runCli(cli, ["shell", ...options, "--", "sh", "-c", "tty || true"], {
        env: guest.env,
      }).stdout.toString();
    expect(tty()).toBe("not a tty\n");
    expect(tty("-t")).toMatch(/^\/dev\/pts\/\d+\r?\n$/);
  });

  test("has none when -T refuses it", async () => {
    const { screen } = await onTerminal(["-T", "--", "sh", "-c", "tty; test -t 0 || echo none"], project)
      .ended;
    expect(screen).toContain("none");
  });

  test("does not start a stopped VM with --no-start", async () => {
    rmSync(`${guest.instanceDir}/ha.pid`);
    const { code, screen } = await onTerminal(["--no-start", "--", "true"], project).ended;
    writeFileSync(`${guest.instanceDir}/ha.pid`, `${process.pid}\n`);
    expect(code).toBe(125);
    expect(screen).toContain("E_VM_STOPPED");
  });
});
