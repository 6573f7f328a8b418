import { describe, expect, it } from "vitest";
import { fatalMessage, parseLogLine } from "../../../src/cli/adapters/lima/log-line.ts";
import { limactlFixture } from "../../support/limactl-fixture.ts";

describe("limactl's log lines", () => {
  it.each([
    ['time="2026" level=info msg="READY. Run `x`."', "info", "READY. Run `x`."],
    ['time="2026" level=info msg=Done', "info", "Done"],
    ['time="2026" level=warning msg="a \\"b\\" c" error="x"', "warning", 'a "b" c'],
    ['time="2026" level=fatal msg="one\\ntwo\\ttab"', "fatal", "one\ntwo\ttab"],
    // Go's %q knows escapes that JSON does not.
    ['time="2026" level=info msg="bell \\a and \\x00"', "info", "bell \\a and \\x00"],
    ['time="2026" level=info msg="ä 日本"', "info", "ä 日本"],
    ["qemu-system-x86_64: warning: nothing", "raw", "qemu-system-x86_64: warning: nothing"],
    ['time="2026" level=info', "raw", 'time="2026" level=info'],
    ["", "raw", ""],
  ])("%s", (line, level, message) => {
    expect(parseLogLine(line)).toEqual({ level, message });
  });

  it.each([
    ["start-nodisk", /^exiting, status=/],
    ["start-broken", /^errors inspecting instance/],
    ["list-missing", /^unmatched instances$/],
  ])("%s ends with", (name, message) => {
    expect(fatalMessage(limactlFixture(name).result.stderr)).toMatch(message);
  });

  it("without a fatal line the last error, without one the last line", () => {
    expect(fatalMessage('time="2026" level=error msg="no"\nand more\n')).toBe("no");
    expect(fatalMessage("panic: x\n\ngoroutine 1\n")).toBe("goroutine 1");
    expect(fatalMessage("")).toBe("");
  });
});
