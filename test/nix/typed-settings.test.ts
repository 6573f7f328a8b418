import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { settingsSchema } from "../../src/cli/settings/schema.ts";
import { aboutOf, leafPaths, schemaAt } from "../../src/cli/settings/schema-walk.ts";
import { describeWith, nixEval, root } from "./support/nix.ts";

interface Asked {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** `{ vm: { cpus: 4 } }` of vm.cpus and 4. */
const nested = ({ path, value }: Asked): unknown =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

/** Right for one key or another, or nearly so. */
const values: readonly unknown[] = [
  true,
  false,
  -1,
  0,
  1,
  2,
  9,
  10,
  512,
  513,
  3600,
  3601,
  65535,
  65536,
  100_000,
  100_001,
  2.5,
  "",
  "6",
  "true",
  "auto",
  "off",
  "none",
  "login",
  "vz",
  "QEMU",
  "key",
  "startup",
  "nixos-lima",
  // Sizes
  "12GiB",
  "0GiB",
  "1.5GiB",
  "012GiB",
  "12",
  "12 GiB",
  "2 GB",
  "2GB",
  "1MiB",
  "63MiB",
  "64MiB",
  "255MiB",
  "256MiB",
  "1023MiB",
  "1024MiB",
  "4096GiB",
  "4097GiB",
  "65536GiB",
  "65537GiB",
  "67108864MiB",
  "67108865MiB",
  "999999999999999999999999GiB",
  " 12GiB",
  "12GiB\n",
  // Paths
  "/",
  "~",
  "~/",
  "~mia/x",
  "relative/x",
  "/opt/data",
  "~/Projects",
  "~/Übung 1",
  "/with:colon",
  "/with,comma",
  '/with"quote',
  "/with'quote",
  "/with\\backslash",
  "/with{{brace",
  "/with{brace",
  "/with\ttab",
  "/with\nline",
  `/${"x".repeat(106)}`,
  `/${"x".repeat(107)}`,
  "/a//b",
  "/a/",
  // Names
  "mia",
  "Mia",
  "_mia",
  "9box",
  "a.b",
  "a-b",
  "a_b",
  "-a",
  "a-",
  "a",
  "x".repeat(31),
  "x".repeat(32),
  "x".repeat(63),
  "x".repeat(64),
  // Chords
  "CMD|SHIFT+A",
  "SHIFT|CMD+A",
  "SHIFT+A",
  "A",
  "CMD+",
  "CMD++",
  "CMD+ ",
  "CMD|CMD+A",
  "CMD|SHIFT|CMD+A",
  "cmd+a",
  "CMD+PageUp",
  "CMD+pageUp",
  "CMD+phys:A",
  "CMD+mapped:A",
  "CMD+raw:A",
  "CMD+ä",
  "CMD+ää",
  "CMD+€",
  "HYPER+A",
  "CMD|+A",
  "LEADER|SHIFT+F12",
  // Lists
  [],
  [0],
  [1, 65535],
  [65536],
  ["5432"],
  ["op", "open", "pbcopy", "pbpaste", "notify"],
  ["rm"],
  ["docker version"],
  [""],
  ["x".repeat(1000)],
  ["x".repeat(1001)],
  [{}],
  [{ host: "~/Projects" }],
  [{ host: "~/Projects", writable: true }],
  [{ host: "~/Projects", writable: "yes" }],
  [{ host: "Projects" }],
  [{ host: "~/Projects", mode: "9p" }],
  [{ writable: true }],
  [{ name: "pg", host: "~/pg.sock", guest: "/run/ascalon/pg.sock" }],
  [{ name: "pg", host: "~/pg.sock", guest: "/run/ascalon/pg.sock", direction: "host-to-guest" }],
  [{ name: "pg", host: "~/pg.sock", guest: "/run/ascalon/pg.sock", direction: "guest-to-host" }],
  [{ name: "pg", host: "~/pg.sock", guest: "/run/ascalon/pg.sock", direction: "both" }],
  [{ name: "PG", host: "~/pg.sock", guest: "/run/ascalon/pg.sock" }],
  [{ name: "pg", host: "~", guest: "/run/ascalon/pg.sock" }],
  [{ name: "pg", host: "~/pg.sock", guest: "~/pg.sock" }],
  [{ name: "pg", host: "~/pg.sock", guest: "/run/pg sock" }],
  [{ name: "pg", host: "~/pg.sock", guest: `/${"x".repeat(106)}` }],
  [{ name: "pg", host: "~/pg.sock", guest: `/${"x".repeat(107)}` }],
  [{ name: "pg", host: "~/pg.sock", guest: `/${"ä".repeat(54)}` }],
  [{ name: "pg", host: "~/pg.sock" }],
  [{ command: "op" }],
  [{ command: "rm" }],
  [{ confirm: true }],
  [{ command: "op", program: "/opt/op" }],
  [{ command: "op", program: "op" }],
  [{ command: "op", confirm: true, subcommands: ["read", "item get"] }],
  [{ command: "op", subcommands: ["read  x"] }],
  [{ command: "op", subcommands: ["Read"] }],
  [{ command: "open", applications: ["Safari", "Visual Studio Code"] }],
  [{ command: "open", applications: ["-a"] }],
  [{ command: "open", applications: ["a/b"] }],
  [{ command: "open", applications: [""] }],
  [{ command: "open", applications: ["x".repeat(101)] }],
  [{ command: "open", applications: ["x".repeat(102)] }],
  // Sections
  { cpus: 4 },
];

describeWith(["nix-instantiate"], "the typed settings", () => {
  // Every value for every key: what is right for one is mostly wrong for the others.
  const asked = leafPaths().flatMap((path): readonly Asked[] => {
    const { example } = aboutOf(schemaAt(path) as never);
    return [...values, example].map((value) => ({ path, value }));
  });

  const answers = ((): readonly unknown[] => {
    const folder = mkdtempSync(join(tmpdir(), "ascalon-nix-"));
    try {
      const file = join(folder, "asked.json");
      writeFileSync(file, JSON.stringify(asked));
      return nixEval<readonly unknown[]>(
        `import ${root}test/nix/lib/verdicts.nix { asked = builtins.readFile ${file}; }`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  })();

  it.each(leafPaths().map((path) => path.join(".")))("of %s are those that the command line takes", (key) => {
    const rows = asked.flatMap((one, index) =>
      one.path.join(".") === key ? [{ one, answer: answers[index] }] : [],
    );
    const verdicts = rows.map(({ one, answer }) => ({ value: one.value, isTaken: answer !== null }));
    const expected = rows.map(({ one }) => ({
      value: one.value,
      isTaken: settingsSchema.safeParse(nested(one)).success,
    }));
    expect(verdicts).toEqual(expected);
    // One of each at least, or nothing was compared.
    expect(new Set(verdicts.map(({ isTaken }) => isTaken))).toEqual(new Set([true, false]));
  });

  it("reach ascalon.yaml as they were written", () => {
    const taken = asked.flatMap((one, index) =>
      answers[index] === null ? [] : [{ one, is: answers[index] }],
    );
    expect(taken.map(({ is }) => is)).toEqual(taken.map(({ one }) => nested(one)));
  });
});
