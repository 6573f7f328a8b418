import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, it } from "vitest";

/**
 * Which folder may import which: a file may import its own layer and those below it. The order is that of
 * docs/architecture.md; a new folder has to be given its place here before anything can import it.
 */
const layers: readonly (readonly string[])[] = [
  ["src/shared"],
  // Words that everything else is written in: errors, ports, plain types. No I/O.
  [
    "src/cli/errors.ts",
    "src/cli/version.ts",
    "src/cli/carried-files.ts",
    "src/cli/command.ts",
    "src/cli/context.ts",
    "src/cli/paths.ts",
    "src/cli/find-program.ts",
    "src/cli/find-in-package.ts",
    "src/cli/lasting-path.ts",
    "src/cli/printable.ts",
    "src/cli/quote.ts",
    "src/cli/read-only.ts",
    "src/cli/same-settings.ts",
    "src/cli/ways-to-install.ts",
    "src/cli/nearest-existing.ts",
    "src/cli/access-error.ts",
    "src/cli/disk-full-error.ts",
    "src/cli/home-error.ts",
    "src/cli/in-the-way-error.ts",
    "src/cli/file-error.ts",
    "src/cli/machine",
    "src/cli/settings/settings.ts",
  ],
  ["src/cli/settings", "src/cli/mux"],
  ["src/cli/projections"],
  ["src/cli/adapters"],
  [
    "src/cli/lifecycle",
    "src/cli/links",
    "src/cli/shell",
    "src/cli/ssh",
    "src/cli/nixos",
    "src/cli/logs",
    "src/cli/wezterm",
    "src/cli/bridge",
  ],
  ["src/cli/agent", "src/cli/doctor"],
  ["src/cli/present"],
  ["src/cli/commands"],
  [
    "src/cli/parser.ts",
    "src/cli/quick-parse.ts",
    "src/cli/run-command.ts",
    "src/cli/app.ts",
    "src/cli/create-context.ts",
    "src/cli/generated-files.ts",
  ],
  ["src/cli/main.ts", "src/cli/main-status.ts", "src/cli/launcher.ts"],
];

/** Files that may pass 200 lines, each with its reason. */
const longWithReason = new Map([
  ["src/cli/adapters/process.ts", "the one file that starts programs, and every way to start one"],
  ["src/cli/errors.ts", "the one table of every failure"],
  ["src/cli/carried-files.ts", "generated: files that the CLI has to have with it"],
  ["src/cli/settings/schema.ts", "the one place with every key's name, type, default, text and effect"],
]);

const root = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;"']*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s+["']([^"']+)["']/g,
  );
  return [...statements].map(([, type, named, dynamic, bare]) => {
    const specifier = named ?? dynamic ?? bare ?? "";
    return {
      from: file,
      to: specifier.startsWith(".") ? join(dirname(file), specifier) : specifier,
      typeOnly: type !== undefined,
    };
  });
}

/** The longest entry that the path is, or lies in. */
function layerOf(path: string): number | undefined {
  const found = layers
    .flatMap((names, index) => names.map((name) => ({ name, index })))
    .filter(({ name }) => path === name || path.startsWith(`${name}/`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  return found?.index;
}

const cli = sources("src/cli");
const all = [...cli, ...sources("src/shared")];
const imports = all.flatMap(importsOf);
const isSource = (path: string): boolean => path.startsWith("src/");

describe("architecture", () => {
  it("every file of the CLI has a layer", () => {
    expect(all.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  it("every folder has its row in docs/architecture.md", () => {
    const text = readFileSync(join(root, "docs/architecture.md"), "utf8");
    const rows = [...text.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = ""]) => cell);
    // `src/cli/agent` `doctor`: a later name of a row is meant beside the first.
    const told = rows.flatMap((cell) => {
      const [first = "", ...more] = [...cell.matchAll(/`([^`]+?)\/?`/g)].map(([, name = ""]) => name);
      return [first, ...more, ...more.map((name) => join(dirname(first), name))];
    });
    const folders = ["src", "src/cli"].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${folder}/${entry.name}`),
    );
    expect(folders.filter((folder) => folder !== "src/cli" && !told.includes(folder))).toEqual([]);
  });

  it("no arrow points up", () => {
    const up = imports
      .filter(({ to }) => isSource(to))
      // Adapters implement ports and are reached through Context alone; their types may be named by it.
      .filter(
        ({ from, to, typeOnly }) =>
          !(typeOnly && from === "src/cli/context.ts" && to.startsWith("src/cli/adapters/")),
      )
      .filter(({ from, to }) => (layerOf(to) ?? 0) > (layerOf(from) ?? 0))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(up).toEqual([]);
  });

  it("adapters are reached through Context: nothing below the commands loads one", () => {
    const direct = imports
      .filter(
        ({ from, to, typeOnly }) =>
          !typeOnly && to.startsWith("src/cli/adapters/") && !from.startsWith("src/cli/adapters/"),
      )
      .filter(({ from }) => from !== "src/cli/create-context.ts")
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(direct).toEqual([]);
  });

  it("shared imports nothing outside itself, not even types", () => {
    const outside = imports
      .filter(({ from, to }) => from.startsWith("src/shared/") && !to.startsWith("src/shared/"))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(outside).toEqual([]);
  });

  it("programs are started in one file", () => {
    const starters = imports
      .filter(({ to }) => to === "execa" || to === "node:child_process")
      .map(({ from }) => from);
    expect([...new Set(starters)]).toEqual(["src/cli/adapters/process.ts"]);
  });

  it("files are read and written in the adapters only", () => {
    const touching = imports
      .filter(
        ({ from, to }) =>
          /^node:(fs|net|http|tls|dgram)/.test(to) &&
          from !== "src/cli/launcher.ts" &&
          !from.startsWith("src/cli/adapters/"),
      )
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(touching).toEqual([]);
  });

  it("the global process is touched in main and create-context only", () => {
    const allowed = new Set([
      "src/cli/main.ts",
      "src/cli/main-status.ts",
      "src/cli/launcher.ts",
      "src/cli/create-context.ts",
    ]);
    const touching = cli
      .filter((file) => !allowed.has(file) && !file.startsWith("src/cli/adapters/"))
      .filter((file) =>
        /\bprocess\.(env|argv|exit|exitCode|stdout|stderr|stdin|cwd|on|once)\b/.test(
          readFileSync(join(root, file), "utf8"),
        ),
      )
      .filter((file) => !/\bprocess\b.*MachineFacts|{ process,/.test(readFileSync(join(root, file), "utf8")));
    expect(touching).toEqual([]);
  });

  it("no file is named for what it is not", () => {
    const vague = all.filter((file) => /(^|\/)(utils?|helpers?|common|managers?|misc)(\.ts|\/)/.test(file));
    expect(vague).toEqual([]);
  });

  it("files stay short: half of them within 65 lines, none beyond 200", () => {
    const lengths = all
      .map((file) => readFileSync(join(root, file), "utf8").split("\n").length)
      .sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(65);
    const long = all
      .filter((file) => !longWithReason.has(file))
      .filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 200);
    expect(long).toEqual([]);
  });

  it("no test mocks a module for good, and none leaves its end to a file it shares: files share their modules", () => {
    const tests = sources("test").filter((file) => !file.startsWith("test/machine/"));
    const text = (file: string): string => readFileSync(join(root, file), "utf8");
    expect(tests.filter((file) => /^vi\.mock\(/m.test(text(file)))).toEqual([]);
    const parts = tests.filter((file) => !file.endsWith(".test.ts"));
    expect(parts.filter((file) => /^(before|after)(All|Each)\(/m.test(text(file)))).toEqual([]);
  });
});
