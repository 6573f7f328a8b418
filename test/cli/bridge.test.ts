import { describe, expect, test } from "vitest";
import { run } from "../../src/cli/app.ts";
import { frameHeader, frameKind } from "../../src/shared/bridge-frame.ts";
import { bridgeHello } from "../../src/shared/bridge-hello.ts";
import { fakeContext } from "../support/fake-context.ts";

const config = "/home/mia/.config/ascalon/ascalon.yaml";
const log = "/home/mia/.local/state/ascalon/log/bridge.log";

const answer = Buffer.from(
  JSON.stringify({ ascalon: "1", allow: ["op"], running: 1, asking: 3, calls: 7, refused: 2, malformed: 0 }),
);
const bytes = Buffer.concat([
  Buffer.from(bridgeHello(1)),
  frameHeader(frameKind.answer, 0, answer.length),
  answer,
]);

describe("ascalon bridge", () => {
  test("status says what is allowed and what the agent counted", async () => {
    const context = fakeContext({
      files: { "/usr/bin/notify-send": "x", [config]: "bridge: { allow: [op, notify] }\n" },
      sockets: { exchange: async () => ({ kind: "data", bytes, ended: true }) },
    });
    expect(await run(["bridge", "status"], context)).toBe(0);
    expect(context.out()).toContain("bridge   works\n");
    expect(context.out()).toContain("op       allowed, and the host has no program for it\n");
    expect(context.out()).toContain("pbpaste  not allowed\n");
    expect(context.out()).toContain(
      "calls    7, 1 now running, 3 waiting for your answer, 2 refused, 0 malformed\n",
    );
  });

  test("status --json is one document, also when nobody answers", async () => {
    const context = fakeContext();
    expect(await run(["bridge", "status", "--json"], context)).toBe(0);
    expect(JSON.parse(context.out())).toMatchObject({
      schema: 1,
      works: false,
      agent: null,
      commands: [{ command: "op", allowed: true, program: null, rule: null }, {}, {}, {}, {}],
    });
  });

  test("allow and deny change the settings and keep the rest", async () => {
    const context = fakeContext({ files: { [config]: "# mine\nbridge:\n  allow: [op] # only\n" } });
    expect(await run(["bridge", "allow", "pbpaste"], context)).toBe(0);
    expect(await context.files.readText(config)).toBe("# mine\nbridge:\n  allow: [ op, pbpaste ] # only\n");
    expect(await run(["bridge", "deny", "op"], context)).toBe(0);
    expect(await context.files.readText(config)).toContain("allow: [ pbpaste ]");
    expect(await run(["bridge", "deny", "pbpaste"], context)).toBe(0);
    expect(await context.files.readText(config)).toContain("allow: []");
  });

  test("allow refuses what the bridge does not know", async () => {
    const context = fakeContext();
    expect(await run(["bridge", "allow", "sh"], context)).toBe(2);
    expect(context.err()).toContain('the bridge has no command "sh"');
  });

  test("log shows the last lines of both files", async () => {
    const context = fakeContext({ files: { [`${log}.1`]: "a\nb\n", [log]: "c\nd\u009b31m\n" } });
    expect(await run(["bridge", "log", "--lines", "3"], context)).toBe(0);
    expect(context.out()).toBe("b\nc\nd 31m\n");
    expect(await run(["bridge", "log", "--lines", "x"], context)).toBe(2);
  });
});
