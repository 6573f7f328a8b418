import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quoteAll } from "../../src/cli/quote.ts";
import { frameKind, streamId } from "../../src/shared/bridge-frame.ts";
import { frame, hello } from "../support/ask-bridge.ts";
import { type BridgeBed, openBridgeBed, until } from "./bridge-bed.ts";

let bed: BridgeBed;

beforeAll(async () => {
  bed = await openBridgeBed();
});
afterAll(() => bed.close());

interface Terminal {
  type(text: string): void;
  shows(text: string): Promise<void>;
  screen(): string;
  kill(): void;
  /** Takes nothing from the screen for so long. */
  hold(ms: number): void;
  readonly ended: Promise<number | null>;
}

/** Runs a shell line of the guest on a terminal of its own. */
function onTerminal(line: string, shell = "sh", size = "stty rows 24 cols 80"): Terminal {
  const command = quoteAll([shell, "-c", `${size}; ${line}`]);
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: bed.project,
    env: {
      PATH: `${bed.shims}:/usr/bin:/bin`,
      HOME: bed.root,
      TERM: "xterm-256color",
      SHELL: "/bin/sh",
      ASCALON_BRIDGE_SOCKET: bed.socket,
    },
    stdio: "pipe",
  });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
  });
  return {
    type: (text) => void child.stdin.write(text),
    shows: (text) =>
      until(() => screen.includes(text)).catch(() => {
        throw new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(screen)}`);
      }),
    screen: () => screen,
    kill: () => child.kill("SIGKILL"),
    hold: (ms) => {
      child.stdout.pause();
      setTimeout(() => child.stdout.resume(), ms);
    },
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
}

/** An interactive shell with job control, at its first prompt. */
async function shellOnTerminal(): Promise<Terminal> {
  writeFileSync(`${bed.project}/rc`, "PS1='ready> '\n");
  const terminal = onTerminal("exec bash --rcfile rc -i", "bash");
  await terminal.shows("ready> ");
  return terminal;
}

/** A call that has the keyboard, stopped by Ctrl-Z. */
async function stoppedJob(): Promise<Terminal> {
  const terminal = await shellOnTerminal();
  terminal.type("op item edit x\r");
  await terminal.shows("size 80x24");
  terminal.type("\x1a");
  await terminal.shows("Stopped");
  return terminal;
}

/** Brings the job back, which is named once more than `times`, and ends it and the shell. */
async function endsInFront(terminal: Terminal, times: number): Promise<void> {
  terminal.type("fg\r");
  // The shell names the job that it brings back, as it named it before.
  await until(() => terminal.screen().split("op item edit x").length > times + 1);
  await interrupted(terminal);
}

/** Interrupts the job in front, and ends the shell. */
async function interrupted(terminal: Terminal): Promise<void> {
  terminal.type("\x03");
  await terminal.shows("interrupted");
  // What is typed before the shell has the keyboard again would be the call's.
  await until(() => terminal.screen().split("interrupted")[1]?.includes("ready> ") === true);
  terminal.type("exit 3\r");
  expect(await terminal.ended).toBe(3);
}

const runs = (): Promise<void> => until(async () => (await bed.status()).running === 1);

describe.skipIf(process.platform !== "linux")("op on a terminal", () => {
  test("has one on the host too, of the same size and kind", async () => {
    const terminal = onTerminal("op whoami > seen; op whoami", "sh", "stty rows 33 cols 77");
    expect(await terminal.ended).toBe(0);
    const text = terminal.screen();
    const whole = JSON.parse(text.slice(text.indexOf("{")));
    expect(whole).toMatchObject({ stdin: true, stdout: true, stderr: true, size: [77, 33] });
    expect(whole.env.TERM).toBe("xterm-256color");
    const piped = JSON.parse(readFileSync(`${bed.project}/seen`, "utf8"));
    expect(piped).toMatchObject({ stdin: true, stdout: false, stderr: true });
  });

  test("calls of one terminal share one on the host; another terminal has another", async () => {
    const terminal = onTerminal("op whoami >a; op whoami >b; (op whoami) >c");
    await terminal.ended;
    await onTerminal("op whoami >d").ended;
    const [a, b, c, d] = ["a", "b", "c", "d"].map(
      (name) => JSON.parse(readFileSync(`${bed.project}/${name}`, "utf8")).ppid,
    );
    expect([b, c]).toEqual([a, a]);
    expect(d).not.toBe(a);
  });

  test("colours arrive as they are", async () => {
    const terminal = onTerminal("op item get Mail");
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).toBe("\x1b[32mTitle:\x1b[0m Mail\r\n");
  });

  test("a password is asked for on the terminal while stdout is captured, and never shown", async () => {
    const terminal = onTerminal('eval "$(op signin)"; printenv OP_SESSION_double; op read op://locked/i/f');
    await terminal.shows("Enter the password for mia@example.com: ");
    terminal.type("correct horse\r");
    await terminal.shows("t".repeat(43));
    await terminal.shows("secret-of-locked/i/f");
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).not.toContain("correct");
  });

  test("a wrong password fails with op's own code", async () => {
    const terminal = onTerminal("op signin");
    await terminal.shows("Enter the password");
    terminal.type("wrong\r");
    expect(await terminal.ended).toBe(6);
    expect(terminal.screen()).not.toContain("wrong");
  });

  test("a question in full view is echoed once", async () => {
    const terminal = onTerminal("op account get");
    await terminal.shows("Account? ");
    terminal.type("second\r");
    await terminal.shows("chosen second");
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen().match(/second/g)).toHaveLength(2);
  });

  test("a resize reaches the program", async () => {
    const shown = `${bed.project}/size-shown`;
    const resize = `until [ -e ${shown} ]; do sleep 0.05; done; stty rows 40 cols 99 </dev/tty`;
    const terminal = onTerminal(`(${resize}) & op item edit x`);
    await terminal.shows("size 80x24");
    writeFileSync(shown, "");
    await terminal.shows("size 99x40");
    terminal.type("\x03");
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).toContain("interrupted");
  });

  test("Ctrl-C interrupts the program before it has said anything, and the shell lives on", async () => {
    const terminal = onTerminal('trap : INT; op read op://v/i/f --encoding=delay-20000; echo "code $?"');
    await runs();
    terminal.type("\x03");
    await terminal.shows("code 130");
    await terminal.ended;
    await until(async () => (await bed.status()).running === 0);
  });

  test("Ctrl-Z stops the job in the guest's shell, fg continues it", async () => {
    const terminal = await stoppedJob();
    terminal.type("echo in''between\r");
    await terminal.shows("inbetween");
    // As it was typed, and when it was stopped.
    await endsInFront(terminal, 2);
  });

  test("a resize while the job is stopped reaches its program when it goes on", async () => {
    const terminal = await stoppedJob();
    terminal.type("stty rows 40 cols 99\r");
    terminal.type("fg\r");
    await terminal.shows("size 99x40");
    await interrupted(terminal);
  });

  test("a job in the background shows what it has to say, and is not stopped for it", async () => {
    const terminal = await shellOnTerminal();
    terminal.type("op read op://v/i/f &\r");
    await terminal.shows("secret-of-v/i/f");
    terminal.type("wait; jobs; exit 3\r");
    expect(await terminal.ended).toBe(3);
    expect(terminal.screen()).not.toContain("Stopped");
  });

  test("bg lets a stopped job go on, fg gives it the keyboard", async () => {
    const terminal = await stoppedJob();
    terminal.type("bg; sleep 1; jobs; echo in''between\r");
    await terminal.shows("inbetween");
    expect(terminal.screen()).toMatch(/Running +op item edit x/);
    // As it was typed, when it was stopped, by bg, and by jobs.
    await endsInFront(terminal, 4);
  });

  test("a job that bg let go on ends in the background, and leaves the terminal to what is in front", async () => {
    const isSet = `${bed.root}/is-set`;
    const isOver = `${bed.root}/is-over`;
    const terminal = await shellOnTerminal();
    terminal.type("tty; op read op://v/i/f --encoding=held\r");
    await runs();
    // A call that says nothing takes the keyboard after a moment.
    const [device = ""] = /\/dev\/pts\/\d+/.exec(terminal.screen()) ?? [];
    await until(() => spawnSync("stty", ["-F", device, "-a"]).stdout.includes("-icanon"));
    terminal.type("\x1a");
    await terminal.shows("Stopped");
    const front = `stty -icanon; touch ${isSet}; until [ -e ${isOver} ]; do sleep 0.05; done; stty -a | grep -o '.icanon'; stty icanon`;
    terminal.type(`bg; sh -c "${front}"; jobs; echo in''between\r`);
    await until(() => existsSync(isSet));
    writeFileSync(`${bed.root}/may-read`, "");
    await terminal.shows("secret-of-v/i/f");
    await until(async () => (await bed.status()).running === 0);
    // Its client ends a moment later, and must do nothing to the terminal.
    await wait(500);
    writeFileSync(isOver, "");
    await terminal.shows("inbetween");
    const [, shown = ""] = terminal.screen().split("&\r\n");
    expect(shown).toContain("secret-of-v/i/f");
    expect(shown).toContain("-icanon\r\n");
    expect(shown).not.toContain("Stopped");
    terminal.type("exit 3\r");
    expect(await terminal.ended).toBe(3);
  });

  test("a pager behind it keeps the keyboard", async () => {
    const terminal = onTerminal("op item list --vault=200 | less -S; echo after");
    await terminal.shows("item 10");
    terminal.type("q");
    await terminal.shows("after");
    expect(await terminal.ended).toBe(0);
  });

  test("a pager that took the keyboard while the call ran keeps it after the end of the call", async () => {
    const terminal = onTerminal(
      "op read op://v/i/f --encoding=delay-2000 | (sleep 1; exec less -S); echo after",
    );
    await terminal.shows("secret-of-v/i/f");
    await until(async () => (await bed.status()).running === 0);
    await wait(300);
    terminal.type("q");
    await terminal.shows("after");
    expect(await terminal.ended).toBe(0);
  });

  test("many calls of one terminal at once are all answered", async () => {
    const terminal = onTerminal("for i in 1 2 3 4 5 6; do op read op://v/i/$i & done; wait; echo finished");
    await terminal.shows("finished");
    for (const index of [1, 2, 3, 4, 5, 6]) expect(terminal.screen()).toContain(`secret-of-v/i/${index}`);
  });

  test("the last bytes of a large output are there", async () => {
    const terminal = onTerminal("op item list --vault=20000");
    expect(await terminal.ended).toBe(0);
    const lines = terminal.screen().trim().split("\r\n");
    expect(lines).toHaveLength(20_000);
    expect(lines.at(-1)).toBe("item 19999");
  });

  test("a screen that stands still for a while loses nothing", async () => {
    const terminal = onTerminal(
      "op item list --vault=300000 | (sleep 2; wc -l); op item list --vault=300000",
    );
    terminal.hold(3_000);
    expect(await terminal.ended).toBe(0);
    const lines = terminal.screen().trim().split("\r\n");
    expect(lines[0]).toBe("300000");
    expect(lines).toHaveLength(300_001);
    expect(lines.at(-1)).toBe("item 299999");
  });

  test("a terminal that is closed ends the call", async () => {
    const terminal = onTerminal("op vault get x");
    await runs();
    terminal.kill();
    await until(async () => (await bed.status()).running === 0);
  });

  test("a terminal that is closed while Ctrl-S held its screen ends the call as well, and serves the next", async () => {
    // Not by the client, whose own terminal would hold Ctrl-S back; both calls share a terminal of the host.
    const call = (args: readonly string[]) => {
      const client = connect(bed.socket).on("error", () => {});
      let said = "";
      client.on("data", (bytes: Buffer) => {
        said += bytes.toString("latin1");
      });
      const streams = ["terminal", "terminal", "terminal"];
      const request = {
        command: "op",
        args,
        streams,
        env: [],
        session: "held",
        terminal: { columns: 80, rows: 24 },
      };
      client.write(hello);
      client.write(frame(frameKind.exec, JSON.stringify(request)));
      return { client, shows: (text: string) => until(() => said.includes(text)) };
    };
    const held = call(["item", "edit", "x"]);
    await held.shows("size 80x24");
    held.client.write(frame(frameKind.data, "\x13", streamId.terminal));
    // Not shown any more, but read: the keys are on their way as well.
    await wait(300);
    held.client.destroy();
    await until(async () => (await bed.status()).running === 0);
    const next = call(["read", "op://v/i/f"]);
    await next.shows("secret-of-v/i/f");
    next.client.destroy();
  });

  test("the host's terminals end with the bridge", async () => {
    await onTerminal("op whoami >last").ended;
    const { ppid } = JSON.parse(readFileSync(`${bed.project}/last`, "utf8"));
    expect(existsSync(`/proc/${ppid}`)).toBe(true);
    await bed.stopServer();
    await until(() => !existsSync(`/proc/${ppid}`));
    await bed.startServer();
  });
});
