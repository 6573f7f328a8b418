import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandSpec } from "../../../src/cli/command.ts";
import { commandTable } from "../../../src/cli/commands/table.ts";
import { type Parsed, parseCommandLine } from "../../../src/cli/parser.ts";
import { renderHelp } from "../../../src/cli/present/help.ts";
import { quickParse } from "../../../src/cli/quick-parse.ts";

/** The table's commands with their full path, subcommands too. */
function* everySpec(
  specs: readonly CommandSpec[],
  path: readonly string[] = [],
): Generator<readonly [readonly string[], CommandSpec]> {
  for (const spec of specs) {
    yield [[...path, spec.name], spec];
    yield* everySpec(spec.subcommands ?? [], [...path, spec.name]);
  }
}

const specs = [...everySpec(commandTable)];

/** Words of one option as a person may type it: short, long, with `=`, with and without its value. */
function optionWords(spec: CommandSpec): fc.Arbitrary<readonly string[]> {
  const forms = (spec.options ?? []).flatMap(({ flags }) => {
    const names = flags.replace(/ [<[].*/, "").split(", ");
    const takesValue = /[<[]/.test(flags);
    return names.flatMap((name) =>
      takesValue ? [[name, "value"], [`${name}=value`], [name]] : [[name], [`${name}=value`]],
    );
  });
  return fc.constantFrom(...forms, ["--help"], ["-h"], ["--jsn"], ["--"], ["-"], ["--config", "f"]);
}

const loose = fc.constantFrom("x", "", "--", "-x", "--json", "sh", "-c", "a b", "up", "--no-cwd", "é");

/** Command lines of the table's words, in any order and number, many of them as people type them: a word or two. */
const anyLine: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.constantFrom(...specs), fc.boolean())
  .chain(([[path, spec], isShort]) =>
    fc
      .tuple(
        fc.array(optionWords(spec), { maxLength: isShort ? 1 : 4 }),
        fc.array(loose, { maxLength: isShort ? 0 : 3 }),
        isShort ? fc.constant(false) : fc.boolean(),
      )
      .map(([options, rest, apart]) => [...path, ...options.flat(), ...(apart ? ["--"] : []), ...rest]),
  );

const plain = (parsed: Parsed | undefined) => parsed && { ...parsed };

describe("the two parsers", () => {
  it("agree on every line that the quick one takes", () => {
    let taken = 0;
    fc.assert(
      fc.property(anyLine, (argv) => {
        const quick = quickParse(argv, commandTable);
        if (!quick) return;
        taken += 1;
        expect(plain(quick)).toEqual(plain(parseCommandLine(argv, commandTable)));
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  it.each([
    ["up"],
    ["status", "--json"],
    ["shell"],
    ["shell", "--", "make", "--json"],
    ["plan"],
    ["stop", "--force"],
  ])("the quick one takes ascalon %s %s", (...argv) => {
    expect(quickParse(argv, commandTable)?.kind).toBe("run");
  });

  it.each([
    [["help", "stauts"], "unknown command 'stauts' (Did you mean status?)", "ascalon --help"],
    [["config", "help", "ste"], "unknown command 'ste' (Did you mean set?)", "ascalon config --help"],
    [["help", "zzzzzz"], "unknown command 'zzzzzz'", "ascalon --help"],
    [["--config", "f", "shell", "--bad"], "unknown option '--bad'", "ascalon shell --help"],
  ])("%j names the mistake", (argv, what, run) => {
    expect(parseCommandLine(argv, commandTable)).toEqual({ kind: "usage", what, run });
  });

  it("any line at all is parsed, and never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(loose, fc.string()), { maxLength: 5 }), (argv) => {
        expect(["run", "text", "usage"]).toContain(parseCommandLine(argv, commandTable).kind);
      }),
      { numRuns: 500 },
    );
  });

  it("what shell runs reaches it as typed", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(loose, fc.string())), (words) => {
        const argv = ["shell", "--", ...words];
        expect(parseCommandLine(argv, commandTable)).toMatchObject({ kind: "run", args: words });
      }),
    );
  });
});

it.each([
  ["up", true],
  ["up --wait", true],
  ["start --no-wait", false],
  ["restart --no-wait --wait", true],
  ["up --wait --no-wait", false],
  ["up --timeout 5m --wait", true],
])("%s waits: %s", (line, wait) => {
  expect(parseCommandLine(line.split(" "), commandTable)).toMatchObject({ kind: "run", flags: { wait } });
  const quick = quickParse(line.split(" "), commandTable);
  if (quick) expect(quick).toMatchObject({ kind: "run", flags: { wait } });
});

describe("help", () => {
  it.each(specs.map(([path, spec]) => [path.join(" "), spec] as const))(
    "ascalon %s --help",
    async (path, spec) => {
      const parsed = parseCommandLine([...path.split(" "), "--help"], commandTable);
      expect(parsed).toMatchObject({ kind: "text", exit: 0, text: renderHelp(spec, `ascalon ${path}`) });
      if (parsed.kind !== "text") return;
      const name = path.replaceAll(" ", "-");
      await expect(parsed.text).toMatchFileSnapshot(`../../golden/cli/help/${name}.txt`);
    },
  );

  it("gives each example a line for itself, to be copied as a whole", () => {
    for (const [path, spec] of specs) {
      const lines = renderHelp(spec, `ascalon ${path.join(" ")}`).split("\n");
      for (const [command] of spec.examples) expect(lines).toContain(`  ${command}`);
    }
  });

  it.each([[[]], [["help"]], [["--help"]], [["-h"]]])("ascalon %j shows every command", async (argv) => {
    const parsed = parseCommandLine(argv, commandTable);
    expect(parsed).toMatchObject({ kind: "text", exit: 0 });
    if (parsed.kind === "text")
      await expect(parsed.text).toMatchFileSnapshot("../../golden/cli/help/ascalon.txt");
  });

  it.each(specs.map(([path]) => [path.join(" "), path] as const))(
    "ascalon help %s is its --help",
    (_, path) => {
      const own = parseCommandLine([...path, "--help"], commandTable);
      expect(parseCommandLine(["help", ...path], commandTable)).toEqual(own);
      const [group = "", ...rest] = path;
      if (rest.length > 0) expect(parseCommandLine([group, "help", ...rest], commandTable)).toEqual(own);
    },
  );

  it("help of a key is that of the command that takes it, and a program of that name is run", () => {
    const ofSet = parseCommandLine(["config", "set", "--help"], commandTable);
    expect(parseCommandLine(["help", "config", "set", "vm.cpus"], commandTable)).toEqual(ofSet);
    expect(parseCommandLine(["shell", "help"], commandTable)).toMatchObject({ kind: "run", args: ["help"] });
    expect(parseCommandLine(["config", "get", "help"], commandTable)).toMatchObject({ args: ["help"] });
  });

  it("a command that only groups others shows its help, as an error", () => {
    expect(parseCommandLine(["config"], commandTable)).toMatchObject({ kind: "text", exit: 2 });
  });

  it.each(specs.map(([path, spec]) => [path.join(" "), spec] as const))(
    "the examples of ascalon %s are command lines that it understands",
    (path, spec) => {
      for (const [line] of spec.examples) {
        // What the shell would do with pipes, redirections and quotes.
        const command = line.replace(/^.*\| (?=ascalon)/, "").replace(/ [|>].*$/, "");
        const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
          ([, quoted, bare]) => quoted ?? bare ?? "",
        );
        if (words[0] !== "ascalon") continue;
        expect(parseCommandLine(words.slice(1), commandTable), line).toMatchObject({ kind: "run" });
      }
      expect(spec.examples.length, path).toBeGreaterThan(0);
    },
  );
});

describe("lines that are not understood", () => {
  it.each<[string[], string, string]>([
    [["upp"], "unknown command 'upp' (Did you mean up?)", "ascalon --help"],
    [["status", "--jsn"], "unknown option '--jsn' (Did you mean --json?)", "ascalon status --help"],
    [["config", "gte"], "unknown command 'gte' (Did you mean get?)", "ascalon config --help"],
    [["config", "set", "vm.cpus"], "missing required argument 'value'", "ascalon config set --help"],
    [["up", "now"], "too many arguments for 'up'. Expected 0 arguments but got 1", "ascalon up --help"],
    [["up", "--timeout"], "option '--timeout <time>' argument missing", "ascalon up --help"],
    [
      ["up", "--progress", "loud"],
      "option '--progress <kind>' argument 'loud' is invalid. Allowed choices are auto, plain, json, quiet",
      "ascalon up --help",
    ],
  ])("%j", (argv, what, run) => {
    const parsed = parseCommandLine(argv, commandTable);
    expect(parsed).toMatchObject({ kind: "usage", run });
    if (parsed.kind === "usage") expect(parsed.what).toContain(what);
  });
});
