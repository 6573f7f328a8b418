import { describe, expect, test } from "vitest";
import { expandVariables, parseEnvFile } from "../../../src/guest/env-file.ts";
import { readRunLine } from "../../../src/guest/op-run-line.ts";
import { plainWords, takeFlag } from "../../../src/guest/op-words.ts";
import { openArguments } from "../../../src/guest/open.ts";
import { isReference, referenceTemplate } from "../../../src/guest/references.ts";
import { opFlagNamed, opFlagNames } from "../../../src/shared/bridge-op-flags.ts";

describe("env files", () => {
  test("a mark at the beginning is no part of the first name", () => {
    expect(Object.fromEntries(parseEnvFile("\uFEFFA=1\r\nB=2\r\n", {}))).toEqual({ A: "1", B: "2" });
  });
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
    [
      ["--cache=false", "--debug", "run", "--no-color", "--format", "json", "--account", "m", "--", "x"],
      {
        argv: ["x"],
        masks: true,
        envFiles: [],
        opFlags: ["--cache=false", "--debug=true", "--no-color=true", "--account=m"],
      },
    ],
    [["run", "env", "--", "x"], { argv: ["env", "--", "x"], masks: true, envFiles: [], opFlags: [] }],
    [["run", "--no-masking=false", "x"], { argv: ["x"], masks: true, envFiles: [], opFlags: [] }],
    [["run", "--help"], { help: true }],
    [["run", "-h", "--", "x"], { help: true }],
    [["run", "--", "x", "--help"], { argv: ["x", "--help"], masks: true, envFiles: [], opFlags: [] }],
    [["run", "--vault", "v", "--", "y"], { mistake: expect.stringContaining("--vault") }],
    [["run"], { mistake: expect.stringContaining("needs a program") }],
    [["run", "--environment", "x", "--", "y"], { mistake: expect.stringContaining("--environment") }],
  ])("%j", (args, expected) => expect(readRunLine(args, {})).toEqual(expected));

  test("OP_RUN_NO_MASKING", () =>
    expect(readRunLine(["run", "--", "x"], { OP_RUN_NO_MASKING: "true" })).toMatchObject({ masks: false }));

  test("the words of a line are told from the values of every flag that the bridge knows", () => {
    for (const name of opFlagNames) {
      const apart = opFlagNamed(name)?.kind === "value" ? [`--${name}`, "value"] : [`--${name}`];
      const words = plainWords(["item", ...apart, "create", `--${name}=value`, "word"]);
      expect(words.map(({ text }) => text)).toEqual(["item", "create", "word"]);
    }
  });

  test("words and flags", () => {
    expect(
      plainWords(["--account", "m", "item", "get", "-x", "y", "--", "z"]).map(({ text }) => text),
    ).toEqual(["item", "get", "y"]);
    expect(takeFlag(["a", "-o", "f", "-og", "--out-file=h", "--", "-o"], ["out-file"])).toEqual({
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
