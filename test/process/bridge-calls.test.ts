import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BridgeBed, ended, openBridgeBed, until } from "./bridge-bed.ts";

let bed: BridgeBed;

beforeAll(async () => {
  bed = await openBridgeBed();
});
afterAll(() => bed.close());

const mebibyte = 1024 * 1024;

describe("op through the bridge", () => {
  test("why #3: reads a secret, byte by byte the same", async () => {
    expect(await bed.guest(["op", "read", "op://v/i/f"])).toEqual({
      code: 0,
      signal: null,
      out: Buffer.from("secret-of-v/i/f\n"),
      err: "",
    });
    const { out } = await bed.guest(["op", "read", "-n", "op://v/i/ü"]);
    expect(out.toString()).toBe("secret-of-v/i/ü");
  });

  test("op read leaves the lines of a shell's loop to the loop", async () => {
    writeFileSync(`${bed.project}/references`, "op://v/i/one\nop://v/i/two\nop://v/i/three\n");
    const loop = 'while read -r reference; do op read "$reference"; done < references';
    const shell = spawn("sh", ["-c", loop], {
      cwd: bed.project,
      env: { PATH: `${bed.shims}:/usr/bin:/bin`, ASCALON_BRIDGE_SOCKET: bed.socket },
    });
    const { out, err } = await ended(shell);
    expect({ out: out.toString(), err }).toEqual({
      out: "secret-of-v/i/one\nsecret-of-v/i/two\nsecret-of-v/i/three\n",
      err: "",
    });
  });

  test.each([
    ["op read op://v/i/f", "op", 1],
    // A program that goes on writing, and is ended for it.
    ["op document get 4", "op", 141],
    ["pbpaste", "pbpaste", 1],
    ["P=op://v/i/p op run -- printenv P", "op", 1],
    ["op run -- sh -c 'echo; exit 7'", "op", 7],
  ])("a full disk is told, and no success: %s", async (command, name, code) => {
    writeFileSync(`${bed.root}/clipboard`, "copied");
    const shell = spawn("sh", ["-c", `${command} > /dev/full`], {
      env: { PATH: `${bed.shims}:/usr/bin:/bin`, ASCALON_BRIDGE_SOCKET: bed.socket },
    });
    const { err, ...end } = await ended(shell);
    expect({ code: end.code, err }).toEqual({ code, err: `${name}: stdout cannot be written: ENOSPC\n` });
  });

  test("passes the program's exit code and its words", async () => {
    const missing = await bed.guest(["op", "read", "op://missing/i/f"]);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("could not find item") });
    const killed = await bed.guest(["op", "vault", "list", "SIGKILL"]);
    expect(killed).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  test("gives it a host's environment with the guest's own settings of op, and nothing else", async () => {
    const env = {
      OP_FORMAT: "json",
      OP_SESSION_abc: "tokentokentoken",
      OP_CONNECT_HOST: "http://evil",
      OP_CONFIG_DIR: "/tmp/evil",
      LD_PRELOAD: "/tmp/evil.so",
      TERM: "../../etc/passwd",
      LANG: "de_DE.UTF-8",
      PATH: "/evil",
      HOME: "/evil",
    };
    const { out } = await bed.guest(["op", "whoami", "--account=mia"], { env });
    const seen = JSON.parse(out.toString());
    expect(seen.args).toEqual(["whoami", "--account=mia"].filter((word) => word !== "--"));
    expect(seen.cwd).toBe("/");
    expect(seen).toMatchObject({ stdin: false, stdout: false, stderr: false });
    expect(seen.env).toMatchObject({
      OP_FORMAT: "json",
      OP_SESSION_abc: "tokentokentoken",
      LANG: "de_DE.UTF-8",
      HOME: bed.root,
    });
    for (const name of ["OP_CONNECT_HOST", "OP_CONFIG_DIR", "LD_PRELOAD", "TERM", "OP_DEBUG"])
      expect(seen.env[name]).toBeUndefined();
    expect(seen.env.PATH).not.toContain("/evil");
  });

  test("carries 64 MiB in each direction unchanged", async () => {
    const content = randomBytes(64 * mebibyte);
    const up = await bed.guest(["op", "document", "create", "-", "--file-name=x"], { input: content });
    expect(JSON.parse(up.out.toString())).toEqual({
      length: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
      name: "x",
    });
    const down = await bed.guest(["op", "document", "get", "64"]);
    const expected = createHash("sha256");
    for (let block = 0; block < 64 * 16; block += 1) expected.update(Buffer.alloc(65536, block & 255));
    expect(down.out.length).toBe(64 * mebibyte);
    expect(createHash("sha256").update(down.out).digest("hex")).toBe(expected.digest("hex"));
  });

  test("carries both directions at once, all byte values", async () => {
    const content = randomBytes(16 * mebibyte);
    const { out, code } = await bed.guest(["op", "document", "edit", "x", "-"], { input: content });
    expect(code).toBe(0);
    expect(out.equals(content)).toBe(true);
  });

  test("a reader that goes away ends the program, as a pipe does", async () => {
    const child = bed.start(["op", "document", "get", "100000"], { input: "" });
    const end = ended(child);
    child.stdout?.once("data", () => child.stdout?.destroy());
    expect(await end).toMatchObject({ code: 141, signal: null, err: "" });
    await until(async () => (await bed.status()).running === 0);
  });

  test("files are the guest's: read here, written here", async () => {
    writeFileSync(`${bed.project}/template`, "password={{ op://v/i/password }}\n");
    const out = `${bed.project}/filled`;
    const injected = await bed.guest(["op", "inject", "-i", "template", "-o", "filled"], {
      cwd: bed.project,
    });
    expect(injected).toMatchObject({ code: 0, err: "" });
    expect(injected.out.toString()).toBe(`${out}\n`);
    expect(readFileSync(out, "utf8")).toBe("password=secret-of-v/i/password\n");
    const again = await bed.guest(["op", "inject", "-i", "template", "-o", "filled"], { cwd: bed.project });
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("--force") });
    const uploaded = await bed.guest(["op", "document", "create", "template"], { cwd: bed.project });
    expect(JSON.parse(uploaded.out.toString())).toMatchObject({ length: 33, name: "template" });
    const failed = await bed.guest(["op", "read", "op://missing/i/f", "-o", "nothing"], { cwd: bed.project });
    expect(failed.code).toBe(1);
    expect(() => readFileSync(`${bed.project}/nothing`)).toThrow("ENOENT");
  });

  test("hands signals on, and ends as the program does", async () => {
    const child = bed.start(["op", "vault", "get", "x"]);
    const end = ended(child);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  test("slow authorisation takes its time", async () => {
    const { out, code } = await bed.guest(["op", "read", "op://v/i/f", "--encoding=delay-1500"]);
    expect({ code, out: out.toString() }).toEqual({ code: 0, out: "secret-of-v/i/f\n" });
  });

  test("200 calls at once are 200 answers", async () => {
    const calls = Array.from({ length: 200 }, (_, index) =>
      import("../support/ask-bridge.ts").then(({ rawCall, hello, frame }) =>
        rawCall(
          bed.socket,
          hello,
          frame(
            1,
            JSON.stringify({
              command: "op",
              args: ["read", `op://v/i/${index}`],
              streams: ["none", "pipe", "pipe"],
              env: [],
            }),
          ),
        ),
      ),
    );
    const answers = await Promise.all(calls);
    for (const [index, frames] of answers.entries()) {
      const text = frames
        .filter(({ kind }) => kind === 3)
        .map(({ payload }) => payload.toString())
        .join("");
      expect(text).toBe(`secret-of-v/i/${index}\n`);
      expect(frames.at(-1)?.kind).toBe(17);
    }
  }, 60_000);
});

describe("the other commands", () => {
  test("open: an address, a path of a mount, and what is refused", async () => {
    const args = (): string => readFileSync(`${bed.root}/xdg-open.args`, "utf8");
    expect((await bed.guest(["open", "https://example.com/a?b=c"])).code).toBe(0);
    expect(args()).toBe("https://example.com/a?b=c\n");
    writeFileSync(`${bed.project}/notes.md`, "");
    expect((await bed.guest(["xdg-open", "notes.md"], { cwd: bed.project })).code).toBe(0);
    expect(args()).toBe(`${bed.project}/notes.md\n`);
    writeFileSync(`${bed.project}/evil.command`, "");
    expect((await bed.guest(["open", "evil.command"], { cwd: bed.project })).code).toBe(0);
    expect(args()).toBe(`${bed.project}\n`);
    const elsewhere = await bed.guest(["open", "/etc/passwd"]);
    expect(elsewhere).toMatchObject({ code: 125, err: expect.stringContaining("not below a mount") });
  });

  test("pbcopy and pbpaste carry bytes", async () => {
    const bytes = randomBytes(100_000);
    expect((await bed.guest(["pbcopy"], { input: bytes })).code).toBe(0);
    expect((await bed.guest(["pbpaste"])).out.equals(bytes)).toBe(true);
  });

  test("notify shows one bounded line", async () => {
    expect((await bed.guest(["notify", "--title", "done", `a\nb <b>${"x".repeat(900)}`])).code).toBe(0);
    const lines = readFileSync(`${bed.root}/notify-send.args`, "utf8").split("\n");
    expect(lines.slice(0, 3)).toEqual(["--app-name=ascalon", "--", "done"]);
    expect(lines[3]).toMatch(/^a b &lt;b&gt;x+…$/);
  });

  test("status says what is allowed", async () => {
    const { code, out } = await bed.guest(["status"]);
    expect(code).toBe(0);
    expect(out.toString()).toMatch(/^the bridge works \(ascalon .+\); may be called: op, open, /);
  });
});

describe("refusals", () => {
  test("why #3: are one sentence and 125, in the log too, and take effect with the next call", async () => {
    const before = bed.settings;
    bed.settings = { ...before, bridge: { ...before.bridge, allow: ["open"] } };
    const refused = await bed.guest(["op", "read", "op://v/i/hidden"]);
    expect(refused.code).toBe(125);
    expect(refused.err).toBe(
      "op: the host refuses it: bridge.allow does not list op (on the host: ascalon bridge allow op)\n",
    );
    bed.settings = before;
    expect((await bed.guest(["op", "read", "op://v/i/f"])).code).toBe(0);
    expect(await bed.log()).toMatch(/op: refused, bridge.allow does not list op/);
    expect(await bed.log()).not.toContain("hidden");
  });

  test("op plugin and files of the host never run", async () => {
    for (const args of [
      ["plugin", "run", "--", "gh"],
      ["item", "create", "x[file]=/etc/passwd"],
      ["update"],
    ]) {
      const { code, err } = await bed.guest(["op", ...args]);
      expect({ args, code, err }).toMatchObject({ code: 125, err: expect.stringContaining("refuses") });
    }
  });

  test("too much for the clipboard ends the call", async () => {
    const { code, err } = await bed.guest(["pbcopy"], { input: Buffer.alloc(65 * mebibyte) });
    expect({ code, err }).toEqual({
      code: 125,
      err: "pbcopy: the host refuses it: pbcopy takes at most 64 MiB on stdin\n",
    });
  });

  test("a template or an item without end does not fill the memory of the host's op", async () => {
    const child = bed.start(["op", "inject"]);
    const end = ended(child);
    const piece = Buffer.alloc(mebibyte, 0x20);
    let sent = 0;
    const more = (): void => {
      if (!child.stdin?.writable || sent > 512) return;
      sent += 1;
      child.stdin.write(piece, more);
    };
    more();
    const { code, err } = await end;
    expect({ code, err }).toEqual({
      code: 125,
      err: "op: the host refuses it: op inject takes at most 16 MiB on stdin\n",
    });
    // What waits in pipes and windows besides.
    expect(sent).toBeLessThan(32);
    await until(async () =>
      /op inject: refused, op inject takes at most 16 MiB on stdin, after \d+ ms/.test(await bed.log()),
    );
    expect(await bed.status()).toMatchObject({ running: 0 });
  });

  test("without a bridge each shim says so and ends with 125", async () => {
    for (const name of ["op", "open", "pbcopy", "pbpaste", "notify", "status"]) {
      const env = { ASCALON_BRIDGE_SOCKET: `${bed.root}/none.sock` };
      const { code, err } = await bed.guest([name, "x"], { env });
      expect({ name, code, lines: err.trim().split("\n").length }).toEqual({ name, code: 125, lines: 1 });
      expect(err).toContain("there is no bridge to the host");
    }
  });
});
