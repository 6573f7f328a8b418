import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeWith, type Guest, guest, root } from "./support/nix.ts";

type Kind = "bool" | "int" | "string" | "strings" | "ints" | "packages" | "package" | "scalar";

/** Paths of NixOS options, `*` for one name of one's own, with what NixOS takes there. */
const allowed = JSON.parse(readFileSync(`${root}test/nix/nixos-options.json`, "utf8")) as Record<
  string,
  Kind
>;

const kinds: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  bool: (value) => typeof value === "boolean",
  int: (value) => Number.isInteger(value),
  string: (value) => typeof value === "string",
  strings: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  ints: (value) => Array.isArray(value) && value.every((one) => Number.isInteger(one)),
  packages: (value) => Array.isArray(value) && value.every((one) => String(one).startsWith("/nix/store/")),
  package: (value) => String(value).startsWith("/nix/store/"),
  scalar: (value) => ["boolean", "number", "string"].includes(typeof value) || kinds.strings(value),
};

type Leaf = readonly [path: readonly string[], value: unknown];

function leaves(value: unknown, path: readonly string[] = []): readonly Leaf[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

const patterns = Object.entries(allowed).map(([text, kind]) => ({ text, parts: text.split("."), kind }));

const matching = (path: readonly string[]) =>
  patterns.find(
    ({ parts }) =>
      parts.length === path.length && parts.every((part, index) => part === "*" || part === path[index]),
  );

/** What the modules set, beside their own options, the doubles' services and drivers and what NixOS has anyway. */
function optionsOf(of: Guest): readonly Leaf[] {
  const { ascalon: _, assertions: __, ...config } = of.config;
  return leaves(config).filter(
    ([path]) => !/^(systemd\.services\.lima-|boot\.initrd\.)/.test(path.join(".")),
  );
}

const problems = (of: Guest): readonly string[] =>
  optionsOf(of).flatMap(([path, value]) => {
    const found = matching(path);
    if (found === undefined) return [`${path.join(".")}: not in test/nix/nixos-options.json`];
    return kinds[found.kind](value) ? [] : [`${path.join(".")}: not ${found.kind}: ${JSON.stringify(value)}`];
  });

describeWith(["nix-instantiate"], "the NixOS options that are set", () => {
  const guests = [
    guest(),
    guest(`settings = ${root}test/golden/nix-json/mac.json;`),
    guest(`settings = ${root}test/golden/nix-json/pc.json;`),
    guest('changes.ascalon.user.shell = "fish";'),
    guest('changes.ascalon.user.shell = "zsh";'),
  ];

  it("are those of the checked-in list, each with a value of its kind", () => {
    expect(guests.flatMap(problems)).toEqual([]);
  });

  it("are all of the list: nothing there is left over from an earlier version", () => {
    const used = new Set(guests.flatMap(optionsOf).map(([path]) => matching(path)?.text));
    expect(patterns.map(({ text }) => text).filter((text) => !used.has(text))).toEqual([]);
  });

  it("outside the list are noticed by this very test", () => {
    const misspelt = guest("changes.services.opensh.enable = true;");
    expect(problems(misspelt)).toEqual(["services.opensh.enable: not in test/nix/nixos-options.json"]);
  });

  it("of another kind are noticed by this very test", () => {
    expect(problems(guest('changes = { lib, ... }: { boot.growPartition = lib.mkForce "yes"; };'))).toEqual([
      'boot.growPartition: not bool: "yes"',
    ]);
  });
});

describe("the checked-in list", () => {
  it("is sorted, so that a change is one line", () => {
    expect(Object.keys(allowed)).toEqual(Object.keys(allowed).toSorted());
  });
});
