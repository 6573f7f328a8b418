import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quoteAll } from "../../src/cli/quote.ts";
import { type BridgeBed, ended, openBridgeBed, until } from "./bridge-bed.ts";

let bed: BridgeBed;

beforeAll(async () => {
  bed = await openBridgeBed();
});
afterAll(() => bed.close());

const shown = "<concealed by 1Password>";
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}, input = "") =>
  bed.guest(["op", "run", ...args], { env, input, cwd: bed.project });

/** By the name that the guest's shells know. */
async function shimmed(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(`${bed.shims}/op`, args, {
    cwd: bed.project,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: `${bed.shims}:/usr/bin:/bin`, ASCALON_BRIDGE_SOCKET: bed.socket, ...env },
  });
  const { code, out, err } = await ended(child);
  return { code, out: out.toString(), err };
}

describe("op run", () => {
  test("runs the program here with the secrets in its environment, and conceals them in its output", async () => {
    const { code, out, err } = await run(
      ["--", "sh", "-c", 'echo "$PASSWORD $PLAIN"; echo "$PASSWORD" >&2; printf %s "$PASSWORD" | wc -c; pwd'],
      { PASSWORD: "op://v/i/password", PLAIN: "plain" },
    );
    expect({ code, err }).toEqual({ code: 0, err: `${shown}\n` });
    expect(out.toString()).toBe(`${shown} plain\n22\n${bed.project}\n`);
  });

  test("--no-masking shows them", async () => {
    const { out } = await run(["--no-masking", "--", "printenv", "P"], { P: "op://v/i/p" });
    expect(out.toString()).toBe("secret-of-v/i/p\n");
  });

  test("reads env files, later ones over earlier ones and over the environment", async () => {
    writeFileSync(`${bed.project}/a.env`, "VAULT=prod\nA=op://$VAULT/a/f\nB=from-a\n");
    writeFileSync(`${bed.project}/b.env`, "B=op://v/b/f\n");
    const { out } = await run(
      ["--env-file=a.env", "--env-file", "b.env", "--no-masking", "--", "sh", "-c", 'echo "$A $B $C"'],
      { B: "from-environment", C: "kept" },
    );
    expect(out.toString()).toBe("secret-of-prod/a/f secret-of-v/b/f kept\n");
    const missing = await run(["--env-file=none.env", "--", "true"]);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("none.env") });
  });

  test("a secret of several lines is one value", async () => {
    const { out } = await run(["--no-masking", "--", "printenv", "P"], { P: "op://lines/i/f" });
    expect(out.toString()).toBe("first line\nsecond line\n");
  });

  test("passes stdin, exit code and signal of the program", async () => {
    expect((await run(["--", "cat"], {}, "through")).out.toString()).toBe("through");
    expect((await run(["--", "sh", "-c", "exit 7"])).code).toBe(7);
    expect((await run(["--", "sh", "-c", "kill -9 $$"])).signal).toBe("SIGKILL");
    expect((await run(["--", "no-such-program"])).code).toBe(127);
    expect((await run(["--", "/etc/passwd"])).code).toBe(126);
  });

  test("when a secret cannot be read, nothing runs", async () => {
    const marker = `${bed.project}/ran`;
    const { code, err } = await run(["--", "touch", marker], { P: "op://missing/i/f" });
    expect(code).toBe(1);
    expect(err).toContain("could not find item");
    expect(readdirSync(bed.project)).not.toContain("ran");
  });

  test("a secret that no environment can hold is named by its variable, never shown", async () => {
    const { code, out, err } = await run(["--", "true"], { P: "op://nul/i/f" });
    expect({ code, out: out.toString(), err }).toEqual({
      code: 1,
      out: "",
      err: "op: the value of P has a NUL in it, which no environment can hold\n",
    });
  });

  test("--help is about this op run", async () => {
    const { code, out } = await run(["--help"], { ASCALON_BRIDGE_SOCKET: "/nowhere" });
    expect({ code, out: out.toString() }).toEqual({
      code: 0,
      out: expect.stringContaining("--env-file FILE"),
    });
  });

  test("takes op's own flags, and gives them to the op of the host", async () => {
    const args = ["--cache=false", "--no-color", "--format", "json", "--no-masking", "--", "printenv", "P"];
    const { code, out } = await run(args, { P: "op://v/i/f" });
    expect({ code, out: out.toString() }).toEqual({ code: 0, out: "secret-of-v/i/f\n" });
  });

  test("NODE_OPTIONS are the program's, and nothing that op heeds", async () => {
    const env = { P: "op://v/i/p", NODE_OPTIONS: "--require=./instrument.cjs" };
    writeFileSync(`${bed.project}/instrument.cjs`, "console.log(process.argv[1] ?? 'instrumented')");
    const show = ["-e", "console.log(process.env.NODE_OPTIONS, Object.keys(process.env).join())"];
    const { out, err, code } = await shimmed(["run", "--", process.execPath, ...show], env);
    const [first, second] = out.split("\n");
    expect({ first, second, err, code }).toMatchObject({
      first: "instrumented",
      second: expect.stringMatching(/^--require=.\/instrument.cjs (?!.*ASCALON_NODE_OPTIONS)/),
      err: "",
      code: 0,
    });
    const none = await shimmed(["run", "--", process.execPath, ...show], { P: "op://v/i/p" });
    expect(none.out).toMatch(/^undefined (?!.*NODE_OPTIONS)/);
    const plain = await shimmed(["read", "op://v/i/f"], { NODE_OPTIONS: "--no-such-option" });
    expect(plain).toEqual({ code: 0, out: "secret-of-v/i/f\n", err: "" });
  });

  test("needs no bridge when there is nothing to resolve", async () => {
    const { code } = await run(["--", "true"], { ASCALON_BRIDGE_SOCKET: "/nowhere" });
    expect(code).toBe(0);
    expect((await run(["--", "true"], { ASCALON_BRIDGE_SOCKET: "/nowhere", P: "op://v/i/f" })).code).toBe(
      125,
    );
  });

  test("the secret is in no command line and in no file", async () => {
    const child = bed.start(["op", "run", "--", "sleep", "27"], { env: { P: "op://v/i/hush" }, input: "" });
    await until(() => sleeps(27));
    // It is where it belongs, and nowhere else.
    expect(environmentOf(sleepLine(27))).toContain("P=secret-of-v/i/hush");
    expect(programs().filter((line) => line.includes("secret-of-v/i/hush"))).toEqual([]);
    for (const file of readdirSync(bed.root, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      expect(readFileSync(`${file.parentPath}/${file.name}`, "utf8")).not.toContain("secret-of-v/i/hush");
    }
    child.kill("SIGTERM");
    await until(() => !sleeps(27));
  });

  test("one Ctrl-C is one, also for a program that reads from a pipe", async () => {
    const program = `${bed.project}/count.mjs`;
    const source = [
      "let count = 0;",
      "const tell = () => { console.log('counted ' + count); process.exit(0); };",
      // A second one would come in the same moment as the first.
      "process.on('SIGINT', () => { count += 1; if (count === 1) setTimeout(tell, 2_000); });",
      "setTimeout(tell, 60_000);",
      "console.log('ready');",
    ];
    writeFileSync(program, source.join("\n"));
    const line = `trap : INT; sleep 60 | op run -- ${process.execPath} ${program}`;
    const child = onTerminal(line);
    let screen = "";
    child.stdout.on("data", (bytes: Buffer) => {
      const before = screen.includes("ready");
      screen += bytes.toString();
      if (!before && screen.includes("ready")) child.stdin.write("\x03");
    });
    await new Promise((resolve) => child.once("close", resolve));
    expect(screen).toContain("counted 1");
  });

  test("without a terminal it is passed on", async () => {
    // In a session of its own, because whoever runs the tests may have a terminal.
    const child = spawn(process.execPath, ["--", bed.client, "op", "run", "--", "sleep", "28"], {
      stdio: "ignore",
      detached: true,
    });
    await until(() => sleeps(28));
    child.kill("SIGINT");
    await until(() => !sleeps(28));
  });

  test("in the moment in which the program starts it is passed on, too", async () => {
    const standsStill = `${bed.root}/stands-still.cjs`;
    // What a busy machine does: the program runs, and the client does not come to the next line.
    writeFileSync(
      standsStill,
      `const processes = require("node:child_process");
       const { spawn } = processes;
       processes.spawn = (...words) => {
         const child = spawn(...words);
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
         return child;
       };
       require("node:module").syncBuiltinESMExports();`,
    );
    const words = ["--require", standsStill, "--", bed.client, "op", "run", "--", "sleep", "29"];
    const child = spawn(process.execPath, words, { stdio: "ignore", detached: true });
    await until(() => sleeps(29));
    child.kill("SIGINT");
    await until(() => !sleeps(29));
  });

  test("signs in on the terminal first where op asks for it", async () => {
    const line =
      'eval "$(op signin)"; P=op://locked/i/f op run -- sh -c \'echo "got $P"; test -t 0 && echo keys\'';
    const child = onTerminal(line);
    let screen = "";
    child.stdout.on("data", (bytes: Buffer) => {
      const before = screen.includes("password for");
      screen += bytes.toString();
      if (!before && screen.includes("password for")) child.stdin.write("correct horse\r");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(screen).toContain(`got ${shown}\r\nkeys`);
    expect(code).toBe(0);
  });
});

/** A shell line of the guest on a terminal of its own. */
const onTerminal = (line: string) =>
  spawn("script", ["-qec", quoteAll(["sh", "-c", line]), "/dev/null"], {
    env: {
      PATH: `${bed.shims}:/usr/bin:/bin`,
      HOME: bed.root,
      TERM: "xterm",
      ASCALON_BRIDGE_SOCKET: bed.socket,
    },
    stdio: "pipe",
  });

/** Whether somebody sleeps just so long: `sleep 285` is another's. */
const sleeps = (seconds: number): boolean => programs().includes(sleepLine(seconds));
const sleepLine = (seconds: number): string => `sleep\0${seconds}\0`;

/** Command lines of this machine's programs. */
const programs = (): readonly string[] => each("cmdline").map(([, line]) => line);

/** The variables of the programs with this command line. */
const environmentOf = (commandLine: string): readonly string[] => {
  const ids = each("cmdline").filter(([, line]) => line === commandLine);
  const of = new Map(each("environ"));
  return ids.flatMap(([id]) => of.get(id)?.split("\0") ?? []);
};

/** A file of /proc, for each program that has it. */
function each(file: "cmdline" | "environ"): (readonly [id: string, text: string])[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        return [[id, readFileSync(`/proc/${id}/${file}`, "latin1")] as const];
      } catch {
        return [];
      }
    });
}
