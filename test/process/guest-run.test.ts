import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLong } from "../../src/cli/adapters/process.ts";
import { createGuest } from "../../src/cli/shell/guest-run.ts";
import { hasSshd, type LoopbackGuest, startLoopbackGuest } from "../support/loopback-guest.ts";
import { realContext } from "../support/real-context.ts";

describe.skipIf(!hasSshd())("commands of ascalon's own in the guest, over a real sshd", () => {
  let guest: LoopbackGuest;
  const port = () =>
    createGuest(
      realContext({ home: guest.root, env: { LIMA_HOME: `${guest.root}/lima` } }).context,
      startLong,
    );
  beforeAll(async () => {
    guest = await startLoopbackGuest();
  });
  afterAll(() => guest.close());

  test.each([0, 1, 127, 255])("a command's code %i is the command's own", async (code) => {
    const result = await port().run(["sh", "-c", `echo out; echo err >&2; exit ${code}`]);
    expect(result).toMatchObject({ kind: "ended", code, stdout: "out\n" });
  });

  test("input arrives byte for byte, and lines of stderr as they come", async () => {
    const lines: string[] = [];
    const input = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    const result = await port().run(["sh", "-c", "echo a >&2; sha256sum | cut -c1-8; echo b >&2"], {
      input,
      onLine: (line) => lines.push(line),
    });
    const { createHash } = await import("node:crypto");
    const digest = createHash("sha256").update(input).digest("hex").slice(0, 8);
    expect(result).toMatchObject({ code: 0, stdout: `${digest}\n` });
    expect(lines).toEqual(["a", "b"]);
  });

  test("words arrive as they are", async () => {
    const words = ["a b", "'", '"', "$HOME", "\\", "", "*", "ü\n"];
    const result = await port().run(["printf", "%s|", ...words]);
    expect(result).toMatchObject({ stdout: `${words.join("|")}|` });
  });

  test("many at a time do not mix their logs up", async () => {
    const results = await Promise.all(
      [3, 255, 4].map((code) => port().run(["sh", "-c", `sleep 0.2; exit ${code}`])),
    );
    expect(results.map((result) => (result.kind === "ended" ? result.code : result.why))).toEqual([
      3, 255, 4,
    ]);
  });

  test("a command that takes too long, and a connection that is cut, are told apart from an end", async () => {
    expect(await port().run(["sleep", "30"], { timeoutMs: 500 })).toEqual({
      kind: "unreachable",
      why: expect.stringContaining("no answer within"),
    });
    const lines: string[] = [];
    const script = "echo on >&2; exec sleep 30";
    const running = port().run(["sh", "-c", script], { onLine: (line) => lines.push(line) });
    await expect.poll(() => lines, { timeout: 20_000 }).toEqual(["on"]);
    for (const pid of guest.connectionPids()) process.kill(pid, "SIGKILL");
    expect(await running).toMatchObject({ kind: "unreachable" });
  });

  test("follow gives each line until the signal", async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    await port().follow(
      ["sh", "-c", "echo one; echo two; exec sleep 60"],
      (line) => {
        lines.push(line);
        if (lines.length === 2) stop.abort();
      },
      stop.signal,
    );
    expect(lines).toEqual(["one", "two"]);
  });

  test("a guest that does not listen is unreachable, and says so", async () => {
    await guest.stopListening();
    expect(await port().run(["true"])).toEqual({
      kind: "unreachable",
      why: expect.stringContaining("nothing listens on the VM's ssh port"),
    });
    await guest.startListening();
  });
});
