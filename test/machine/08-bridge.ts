import { createHash } from "node:crypto";
import { chmod, copyFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ascalon,
  bed,
  type CallOptions,
  guest,
  killProcess,
  type Running,
  readSettings,
  startAscalon,
  until,
  writeSettings,
} from "./bed.ts";

/** Bytes of the pipe tests; by hand with 1024 for the figures of docs/bridge.md. */
const mebibytes = Number(process.env.ASCALON_BRIDGE_MIB ?? 32);

/** Under emulation a mebibyte takes a quarter of a second each way. */
const pipeMs = 240_000 + mebibytes * 6_000;

const double = `${bed.home}/op-double.cjs`;
let agent: Running;
let before: string;

interface BridgeDocument {
  readonly works: boolean;
  readonly agent: { readonly running: number; readonly calls: number } | null;
}

const bridge = async (): Promise<BridgeDocument> =>
  JSON.parse((await ascalon(["bridge", "status", "--json"])).stdout) as BridgeDocument;

/** A line for the guest's sh; its code and output. */
const inGuest = (line: string, options: CallOptions = {}) =>
  ascalon(["shell", "--no-cwd", "-T", "--", "sh", "-c", line], options);

async function startAgent(): Promise<void> {
  agent = startAscalon(["agent", "run"], { timeoutMs: 7_200_000 });
  await until(
    () => inGuest("ascalon-guest status"),
    ({ code }) => code === 0,
    180_000,
  );
}

/** 200 connections from one program of the guest, because 200 Nodes would take it minutes under emulation. */
const manyCalls = `
const { connect } = require("node:net");
let ended = 0, good = 0; const others = [];
function call(i) {
  const body = Buffer.from(JSON.stringify({ command: "op", args: ["read", "op://v/i/" + i], streams: ["none", "pipe", "pipe"], env: [] }));
  const head = Buffer.alloc(6); head[0] = 1; head.writeUInt32BE(body.length, 2);
  const socket = connect("/run/ascalon/bridge.sock"); let text = "", again = false;
  socket.on("connect", () => socket.write(Buffer.concat([Buffer.from("ascalon-bridge 1\\n"), head, body])));
  socket.on("error", (error) => { again = error.code === "EAGAIN"; });
  socket.on("data", (bytes) => { text += bytes.toString("latin1"); });
  socket.on("close", () => {
    if (again) { setTimeout(call, 20, i); return; }
    if (text.includes("secret-of-v/i/" + i + "\\n") && text.includes('{"code":0}')) good += 1;
    else others.push(text);
    ended += 1; if (ended === 200) console.log(JSON.stringify({ good, others }));
  });
}
for (let i = 0; i < 200; i += 1) call(i);
`;

describe("the bridge", () => {
  beforeAll(async () => {
    before = await readSettings();
    await copyFile(new URL("../doubles/op-double.cjs", import.meta.url), double);
    await chmod(double, 0o755);
    await writeSettings(`${before}bridge:\n  rules: [ { command: op, program: ${double} } ]\n`);
    await startAgent();
  });
  afterAll(async () => {
    agent.kill("SIGTERM");
    await agent.ended;
    await writeSettings(before);
  });

  it("status in the guest and on the host", async () => {
    expect((await inGuest("ascalon-guest status")).stdout).toContain("may be called: op, open, pbcopy");
    expect(await bridge()).toMatchObject({ works: true, agent: { running: 0 } });
  });

  it("op: output, exit code, stdin, and a refusal", async () => {
    expect(await inGuest("op read op://v/i/f")).toMatchObject({ code: 0, stdout: "secret-of-v/i/f\n" });
    expect(await inGuest("op read op://missing/i/f")).toMatchObject({ code: 1 });
    expect((await inGuest("echo 'p={{ op://v/i/f }}' | op inject")).stdout).toBe("p=secret-of-v/i/f\n");
    expect(await inGuest("op plugin run -- sh")).toMatchObject({
      code: 125,
      stderr: "op: the host refuses it: it runs other programs on the host\n",
    });
  });

  it("op run runs the program in the guest", async () => {
    const { stdout } = await inGuest("P=op://v/i/f op run -- sh -c 'echo \"$P\"; hostname'");
    expect(stdout.split("\n")[0]).toBe("<concealed by 1Password>");
    expect(stdout.split("\n")[1]).toBe(await guest("hostname"));
  });

  it(
    "pipes bytes both ways unchanged",
    async () => {
      const expected = createHash("sha256");
      for (let block = 0; block < mebibytes * 16; block += 1)
        expected.update(Buffer.alloc(65536, block & 255));
      const sha256 = expected.digest("hex");
      const options = { timeoutMs: pipeMs / 2 };
      const down = await inGuest(`op document get ${mebibytes} | sha256sum`, options);
      expect(down.stdout.split(" ")[0]).toBe(sha256);
      // Summed on its way, because the guest has no room for a gibibyte.
      const up = await inGuest(
        `mkfifo passing; sha256sum <passing >sum &
       head -c ${mebibytes}M /dev/urandom | tee passing | op document create -; wait; cat sum; rm passing sum`,
        options,
      );
      expect(up).toMatchObject({ code: 0, stderr: "" });
      const [answer = "{}", sent = ""] = up.stdout.split("\n");
      expect(JSON.parse(answer)).toMatchObject({
        sha256: sent.split(" ")[0],
        length: mebibytes * 1024 * 1024,
      });
      const rates = [down, up].map(({ ms }) => `${((mebibytes / ms) * 1000).toFixed(1)} MiB/s`);
      process.stdout.write(
        `${mebibytes} MiB: ${rates[0]} to the guest and ${rates[1]} to the host, summed on both sides\n`,
      );
    },
    pipeMs,
  );

  it("200 calls at once", async () => {
    const { stdout } = await inGuest("node -", { input: Buffer.from(manyCalls) });
    expect(JSON.parse(stdout)).toEqual({ good: 200, others: [] });
    // Under emulation the guest needs seconds for them: that is no dead connection.
    expect(agent.stderr()).not.toContain("seems dead");
  });

  /**
   * What a terminal of the guest shows of a program while these keys are typed, each when the screen has its text. The
   * program itself stands on the first line of script's record, so no text that is waited for stands in it whole.
   */
  async function onTerminal(program: string, keys: readonly (readonly [string, string])[]): Promise<string> {
    const screen = "/tmp/screen";
    const shown = `shown() { until grep -qF -- "$1" ${screen}; do sleep 0.1; done; }`;
    const typed = keys.map(([text, key]) => `shown '${text}'; printf '${key}'`).join("; ");
    const line = `rm -f ${screen}; ${shown}; (${typed}; shown 'it is over') | script -qefc "$0" ${screen}`;
    const all = `${program}; code=$?; echo 'it is' over; exit $code`;
    return (await ascalon(["shell", "--no-cwd", "-T", "--", "timeout", "600", "sh", "-c", line, all])).stdout;
  }

  it("a password on the guest's terminal, for a captured session", async () => {
    const prompt = "Enter the password for mia@example.com: ";
    const shown = await onTerminal('eval "$(op signin)"; op read op://locked/i/f', [
      [prompt, "correct horse\\r"],
    ]);
    expect(shown).toContain(prompt);
    expect(shown).toContain("secret-of-locked/i/f");
    expect(shown).not.toContain("correct");
  });

  it("colours and the size of the guest's terminal, a resize, and Ctrl-C", async () => {
    const resize = "until grep -q '8[0]x24' /tmp/screen; do sleep 0.1; done; stty rows 40 cols 99 </dev/tty";
    const program = `stty rows 24 cols 80; op item get Mail; (${resize}) & op item edit x`;
    const shown = await onTerminal(program, [["size 99x40", "\\003"]]);
    expect(shown).toContain("\x1b[32mTitle:\x1b[0m Mail");
    expect(shown).toContain("size 80x24");
    expect(shown).toContain("interrupted");
  });

  it("Ctrl-Z stops the job of the guest's shell, and fg continues it", async () => {
    const shown = await onTerminal("PS1='READ''Y: ' bash --norc -i", [
      ["READY: ", "op item edit x\\r"],
      ["size ", "\\032"],
      ["Stopped", 'echo in""between\\r'],
      ["inbetween", 'stty cols 77; PS1=BA""CK:; fg\\r'],
      // It says its size anew once it goes on.
      ["size 77x", "\\003"],
      // What is typed before the shell has the keyboard again would be the call's.
      ["BACK:", "exit 3\\r"],
    ]);
    expect(shown).toMatch(/inbetween.*interrupted/s);
  });

  it("a client killed -9 ends its program", async () => {
    // It says its pid once it runs on the host.
    const { stdout } = await inGuest(
      `op vault get stubborn >/tmp/stubborn & client=$!
       until [ -s /tmp/stubborn ]; do sleep 0.1; done; kill -KILL $client; cat /tmp/stubborn; rm /tmp/stubborn`,
    );
    expect(Number(stdout)).toBeGreaterThan(1);
    await until(bridge, (seen) => seen.agent?.running === 0, 60_000);
  });

  it("an agent killed -9 in the middle of a call ends it with a sentence, and the next agent serves on", async () => {
    const call = inGuest("op vault get x");
    await until(bridge, (seen) => seen.agent?.running === 1, 180_000);
    agent.kill("SIGKILL");
    expect(await call).toMatchObject({ code: 125, stderr: expect.stringContaining("was cut") });
    await agent.ended;
    await startAgent();
    expect((await inGuest("op read op://v/i/f")).code).toBe(0);
  });

  it("a link that is cut in the middle of a call is healed", async () => {
    const call = inGuest("op vault get x");
    await until(bridge, (seen) => seen.agent?.running === 1, 180_000);
    killProcess(await linksSsh(), "SIGKILL");
    expect(await call).toMatchObject({ code: 125 });
    await until(bridge, (seen) => seen.agent?.running === 0, 60_000);
    await until(
      () => inGuest("op read op://v/i/f"),
      ({ code }) => code === 0,
      180_000,
    );
  });

  it("the log on the host has a line for each call", async () => {
    const { stdout } = await ascalon(["bridge", "log", "--lines", "500"]);
    expect(stdout).toMatch(/op read: exit 0 after/);
    expect(stdout).toMatch(/op plugin: refused/);
    expect(stdout).not.toContain("op://");
  });
});

/** The ssh that carries the links of this bed's agent. */
async function linksSsh(): Promise<number> {
  const { execFileSync } = await import("node:child_process");
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  const found = lines.find(
    (line) => /^\s*\d+ ssh -F/.test(line) && line.includes(`${bed.home}/`) && line.includes("/bridge.sock:"),
  );
  if (!found) throw new Error("no ssh carries the links");
  return Number.parseInt(found, 10);
}
