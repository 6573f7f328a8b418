import { describe, expect, it } from "vitest";
import { fatalSince, parseEventLog, progressOf } from "../../../src/cli/adapters/lima/event-log.ts";
import { limactlFile } from "../../support/limactl-fixture.ts";

const recorded = limactlFile("ha.stdout.log").trimEnd().split("\n");

describe("the host agent's events", () => {
  it("a recorded boot becomes ready with its last event and not before", () => {
    const ready = recorded.map((_, index) => parseEventLog(recorded.slice(0, index + 1).join("\n"))?.ready);
    expect(ready).toEqual(recorded.map((_, index) => index === recorded.length - 1));
  });

  it.each<[string, string, object]>([
    ["a line cut in the middle of a write", `${recorded.at(-1)}\n{"time":"2026","sta`, { ready: true }],
    ["exiting", `${recorded.at(-1)}\n{"status":{"exiting":true}}\n`, { ready: false, exiting: true }],
    [
      "degraded",
      '{"status":{"running":true,"degraded":true,"errors":["guest agent","x"]}}\n',
      { ready: true, errors: ["guest agent", "x"] },
    ],
    ["errors of another form", '{"status":{"running":true,"errors":"x"}}', { ready: true, errors: [] }],
  ])("%s", (_name, tail, expected) => {
    expect(parseEventLog(tail)).toMatchObject(expected);
  });

  it.each([
    ["nothing yet", ""],
    ["text that is no event", "not json\n[]\nnull\n"],
  ])("%s tells nothing", (_name, tail) => {
    expect(parseEventLog(tail)).toBeUndefined();
  });

  it.each([
    ['{"level":"info","msg":"Waiting for the essential requirement 1 of 2: `ssh`"}', /Waiting for/],
    ['{"level":"debug","msg":"x"}', undefined],
    ['{"level":"info","msg":7}', undefined],
    ["broken {", undefined],
  ])("progress in %s", (line, expected) => {
    if (expected) expect(progressOf(line)).toMatch(expected);
    else expect(progressOf(line)).toBeUndefined();
  });

  it("the word it ended with is its last, and of this start", () => {
    const line = (level: string, msg: unknown, time: string) => JSON.stringify({ level, msg, time });
    const log = [
      line("fatal", "of an earlier start", "2026-11-28T10:00:00Z"),
      line("fatal", "mkdir /no: permission denied", "2026-11-28T12:00:00+01:00"),
      line("info", "shutting down", "2026-11-28T11:00:01Z"),
      line("fatal", 7, "2026-11-28T11:00:02Z"),
      "panic: not json",
      "null",
    ].join("\n");
    expect(fatalSince(log, Date.parse("2026-11-28T11:00:00.900Z"))).toBe("mkdir /no: permission denied");
    expect(fatalSince(log, Date.parse("2026-11-28T11:00:01Z"))).toBeUndefined();
    expect(fatalSince("", 0)).toBeUndefined();
    const caused = '{"level":"fatal","msg":"it failed","error":"no such disk","time":"2026-11-28T11:00:00Z"}';
    expect(fatalSince(caused, 0)).toBe("it failed: no such disk");
  });
});
