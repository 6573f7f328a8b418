import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostBlock } from "../../../src/cli/ssh/host-block.ts";
import { hasInclude, withInclude, withoutInclude } from "../../../src/cli/ssh/include-line.ts";

const file = "/home/mia/.local/state/ascalon/ssh_config";
/** Configs as people have them: any lines, with or without an end, with either line end. */
const config = fc
  .array(
    fc.constantFrom("Host *", "  User x", "# comment", "", "Include other", "\tPort 22\r", "caf\u00e9"),
    { maxLength: 8 },
  )
  .chain((lines) => fc.constantFrom("", "\n").map((end) => lines.join("\n") + end));

describe("the Include line", () => {
  test("is found again, whatever the file holds", () => {
    fc.assert(fc.property(config, (text) => hasInclude(withInclude(text, file)) && !hasInclude(text)));
  });

  test("taken away leaves every byte as it was", () => {
    fc.assert(
      fc.property(config, (text) => {
        expect(withoutInclude(withInclude(text, file))).toBe(text);
      }),
    );
  });

  test("put there twice is there once", () => {
    fc.assert(
      fc.property(config, (text) => {
        const once = withInclude(text, file);
        expect(withInclude(once, file)).toBe(once);
      }),
    );
  });

  test("of a file that ascalon made is taken away with the file", () => {
    expect(withoutInclude(withInclude(undefined, file))).toBeUndefined();
    expect(withoutInclude(`${withInclude(undefined, file)}Host mine\n`)).toBe("Host mine\n");
  });

  test("keeps a path in UTF-8, whatever the file's encoding is", () => {
    const bytes = Buffer.from(withInclude("", "/home/müa/ssh_config"), "latin1");
    expect(bytes.toString("utf8")).toContain('Include "/home/müa/ssh_config"');
  });

  test("is not mixed up with a file that has only its first half", () => {
    const half = withInclude("", file).split("\n")[0] ?? "";
    expect(withoutInclude(`${half}\nHost mine\n`)).toBe(`${half}\nHost mine\n`);
  });
});

test("the Host block holds no port, and doubles what ssh would expand", () => {
  const block = hostBlock({
    user: "dev",
    identityFile: "/a b/100%/user",
    limaConfigFile: "/a b/100%/ssh.config",
  });
  expect(block).toMatch(/^Host ascalon\n/);
  expect(block).not.toMatch(/^\s*Port/m);
  expect(block).toContain('IdentityFile "/a b/100%%/user"');
  expect(block).toContain("'/a b/100%%/ssh.config' 22");
});
