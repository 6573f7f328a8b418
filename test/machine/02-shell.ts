import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ascalon, bed, guest, startAscalon, until } from "./bed.ts";

const shell = (...argv: readonly string[]) => ascalon(["shell", "--", ...argv]);

describe("shell", () => {
  it.each([
    ["spaces", ["a b", "  c  "]],
    ["quotes", [`it's`, `"double"`, "`back`", "$(date)", "$HOME"]],
    ["newlines and tabs", ["line one\nline two\n", "\t"]],
    ["empty strings", ["", "", "x", ""]],
    ["unicode", ["grüße", "日本語", "🙂"]],
    ["dashes", ["--", "-n", "--help", "-"]],
    ["globs and escapes", ["*", "?", "[a]", "\\n", "\\", "!x", "#c", "~", "a=b", ";", "&", "|", "<", ">"]],
    ["a long one", ["x".repeat(60_000)]],
  ])("delivers %s exactly as typed", async (_, argv) => {
    const { code, stdout } = await shell(
      "sh",
      "-c",
      'for a in "$@"; do printf "%s\\0" "$a"; done',
      "sh",
      ...argv,
    );
    expect(code).toBe(0);
    expect(stdout).toBe(argv.map((word) => `${word}\0`).join(""));
  });

  it.each([
    [0, "exit 0"],
    [1, "exit 1"],
    [7, "exit 7"],
    [255, "exit 255"],
    [137, "kill -9 $$"],
    [143, "kill -TERM $$"],
  ])("passes the guest's code %i", async (code, script) => {
    expect((await shell("sh", "-c", script)).code).toBe(code);
  });

  it("says 127 for a program that does not exist and 126 for one that may not run", async () => {
    expect((await shell("no-such-program")).code).toBe(127);
    expect((await shell("/etc/passwd")).code).toBe(126);
  });

  it("pipes bytes both ways unchanged", async () => {
    const bytes = randomBytes(4 * 1024 * 1024);
    const { code, stdout } = await ascalon(["shell", "--", "sha256sum"], { input: bytes });
    expect(code).toBe(0);
    expect(stdout.split(" ")[0]).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  it("starts in the folder you are in when the guest has it, else at home", async () => {
    expect((await ascalon(["shell", "--", "pwd"], { cwd: bed.projects })).stdout).toBe(`${bed.projects}\n`);
    expect((await ascalon(["shell", "--", "pwd"], { cwd: "/usr/lib" })).stdout).toBe("/home/dev\n");
    expect((await ascalon(["shell", "--no-cwd", "--", "pwd"], { cwd: bed.projects })).stdout).toBe(
      "/home/dev\n",
    );
    expect((await ascalon(["shell", "-C", "/var/log", "--", "pwd"])).stdout).toBe("/var/log\n");
    expect((await ascalon(["shell", "-C", "/nowhere", "--", "pwd"])).code).toBe(125);
  });

  it("hands SIGINT on to the program and ends with its code", async () => {
    const call = startAscalon([
      "shell",
      "--",
      "sh",
      "-c",
      'trap "echo got it; exit 42" INT; echo on; while :; do sleep 0.1; done',
    ]);
    await until(
      async () => call.stdout(),
      (said) => said === "on\n",
      120_000,
    );
    call.kill("SIGINT");
    const ended = await call.ended;
    expect(ended).toMatchObject({ code: 42, stdout: "on\ngot it\n" });
  });

  it("works without Lima's master connection, and when the master hangs", async () => {
    await guest("true");
    const master = await masterPid();
    process.kill(master, "SIGSTOP");
    try {
      expect((await shell("echo", "still here")).stdout).toBe("still here\n");
    } finally {
      process.kill(master, "SIGCONT");
    }
    process.kill(master, "SIGTERM");
    expect((await shell("echo", "again")).stdout).toBe("again\n");
    // Lima's own link to the guest agent went through the master; it makes a new one by itself.
    await until(
      () => shell("true"),
      ({ code }) => code === 0,
      120_000,
    );
  });
});

/** The ssh that holds Lima's control socket. */
async function masterPid(): Promise<number> {
  const { execFileSync } = await import("node:child_process");
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  const found = lines.find(
    (line) => line.includes(`${bed.limaHome}/ascalon/ssh.sock`) && line.includes("[mux]"),
  );
  if (!found) throw new Error("no master connection");
  return Number.parseInt(found, 10);
}
