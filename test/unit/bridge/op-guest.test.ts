import { describe, expect, test } from "vitest";
import { expandVariables, parseEnvFile } from "../../../src/guest/env-file.ts";
import { readRunLine } from "../../../src/guest/op-run.ts";
import { plainWords, takeFlag } from "../../../src/guest/op-words.ts";
import { openArguments } from "../../../src/guest/open.ts";
import { isReference, referenceTemplate } from "../../../src/guest/references.ts";

describe("env files", () => {
  test("the usual forms", () => {
    const text = [
      "# comment",
      "A=1",
      "export B = two words # comment",
      "C='$A # kept'",
      'D="x\\n$A"',
      "E=op://$VAULT/db/password",
      'F="a\nb"',
      "G=",
      "H=a#b",
      "not a line",
      `I=\${NONE:-fallback}`,
    ].join("\r\n");
    expect(Object.fromEntries(parseEnvFile(text, { VAULT: "prod" }))).toEqual({
      A: "1",
      B: "two words",
      C: "$A # kept",
      D: "x\n1",
      E: "op://prod/db/password",
      F: "a\nb",
      G: "",
      H: "a#b",
      I: "fallback",
    });
  });
  test("variables", () => {
    const env: Record<string, string> = { A: "1" };
    expect(expandVariables(`$A \${A} \${B:-x} $C $`, (name) => env[name])).toBe("1 1 x  $");
  });
});

describe("references", () => {
  test("what is one", () => {
    expect(["op://v/i/f", "op://v/i/s/f?attribute=otp", "op://v/my item/f"].every(isReference)).toBe(true);
    expect(["", "op://", "x op://v/i/f", "op://v/{{ x }}", "op://v/i\nf", "http://x"].some(isReference)).toBe(
      false,
    );
  });
  test("any value comes back whole", () => {
    const references = ["op://a/b/c", "op://d/e/f", "op://g/h/i"];
    const values = ["one", "two\nlines\n", "mark:1\n"];
    const template = referenceTemplate(references, "mark");
    const resolved = references.reduce(
      (text, reference, index) => text.replace(`{{ ${reference} }}`, () => values[index] ?? ""),
      template.text,
    );
    expect(template.read(resolved)).toEqual(values);
    expect(template.read("something else")).toBeUndefined();
    expect(referenceTemplate(references).text).not.toBe(referenceTemplate(references).text);
  });
});

describe("command lines", () => {
  test.each([
    [["run", "--", "env"], { argv: ["env"], masks: true, envFiles: [], opFlags: [] }],
    [
      ["run", "--env-file", "a", "--env-file=b", "--", "x", "--no-masking"],
      { argv: ["x", "--no-masking"], masks: true, envFiles: ["a", "b"], opFlags: [] },
    ],
    [
      ["--account", "m", "run", "--no-masking", "--", "x"],
      { argv: ["x"], masks: false, envFiles: [], opFlags: ["--account=m"] },
    ],
    [["run", "env", "-0"], { argv: ["env", "-0"], masks: true, envFiles: [], opFlags: [] }],
    [["run"], { mistake: expect.stringContaining("wants a program") }],
    [["run", "--environment", "x", "--", "y"], { mistake: expect.stringContaining("--environment") }],
  ])("%j", (args, expected) => expect(readRunLine(args, {})).toEqual(expected));

  test("OP_RUN_NO_MASKING", () =>
    expect(readRunLine(["run", "--", "x"], { OP_RUN_NO_MASKING: "true" })).toMatchObject({ masks: false }));

  test("words and flags", () => {
    expect(
      plainWords(["--account", "m", "item", "get", "-x", "y", "--", "z"]).map(({ text }) => text),
    ).toEqual(["item", "get", "y"]);
    expect(takeFlag(["a", "-o", "f", "-og", "--out-file=h", "--", "-o"], ["-o", "--out-file"])).toEqual({
      rest: ["a", "--", "-o"],
      values: ["f", "g", "h"],
    });
  });

  test("open makes paths absolute and leaves addresses, flags and names", () => {
    expect(openArguments(["-a", "Safari", "https://x", "/etc/hostname", "-g"])).toEqual([
      "-a",
      "Safari",
      "https://x",
      "/etc/hostname",
      "-g",
    ]);
    expect(openArguments(["none"])[0]).toBe(`${process.cwd()}/none`);
  });
});
