import { expect, it } from "vitest";
import { compareParity, type PackageManifest, parseManifest } from "../../../src/cli/nixos/parity.ts";
import { describeWith, guest, nixEval, root } from "../support/nix.ts";

const manifest = (...packages: PackageManifest["packages"]): PackageManifest => ({ schema: 1, packages });
const entry = (category: string, name: string, version: string | null) => ({ category, name, version });

it("parity compares what each side really has, name by name", () => {
  const host = manifest(
    entry("cli-tools", "bat", "1.0"),
    entry("cli-tools", "jq", "1.7"),
    entry("dev-tools", "strace", null),
    entry("dev-tools", "gh", "2.0"),
    entry("macos-tools", "colima", "0.8"),
  );
  const guestSide = manifest(
    entry("cli-tools", "bat", "1.0"),
    entry("cli-tools", "jq", "1.8"),
    entry("dev-tools", "strace", "6.1"),
    entry("dev-tools", "gone", null),
  );
  expect(compareParity(host, guestSide).map(({ name, verdict }) => [name, verdict])).toEqual([
    ["bat", "same"],
    ["jq", "differs"],
    ["gh", "host-only"],
    ["gone", "neither"],
    ["strace", "guest-only"],
    ["colima", "by-design"],
  ]);
});

it.each([
  ["", "it is not JSON"],
  ['{"schema":2,"packages":[]}', "it has form 2, and form 1 is known"],
  ['{"schema":1,"packages":[{"name":"x"}]}', "its list of packages has another form"],
])("a manifest of %j is refused", (text, refusal) => {
  expect(parseManifest(text)).toEqual({ refusal });
});

describeWith(["nix-instantiate"], "parity of the lists", () => {
  const lists = nixEval<Record<string, Record<string, readonly string[]>>>(
    `let packages = import ${root}nix/lib/packages.nix { lib = import ${root}test/nix/lib; }; in { inherit (packages) lists machines; }`,
  );

  it("is the table of the requirements: who takes which list", () => {
    const shared = ["cli-tools", "dev-tools", "language-managers"];
    expect(lists.machines).toEqual({
      macos: [...shared, "language-runtimes", "macos-tools"],
      ascalon: [...shared, "language-runtimes"],
      ephemeral: shared,
    });
  });

  it("lists are sorted, and no name is in two of them", () => {
    const all = Object.values(lists.lists ?? {});
    for (const list of all) expect(list).toEqual(list.toSorted());
    expect(new Set(all.flat()).size).toBe(all.flat().length);
  });

  it("the guest writes a manifest that the comparison reads", () => {
    const read = parseManifest(guest().files["ascalon/packages.json"] ?? "");
    expect(read).toMatchObject({ schema: 1 });
    expect("packages" in read && read.packages.length).toBe(
      (lists.machines?.ascalon ?? []).flatMap((name) => lists.lists?.[name] ?? []).length,
    );
  });

  it("a package that this release lacks is a null in the manifest and does not break the build", () => {
    const { files, packages } = guest('missing = [ "bun" ];');
    expect(files["ascalon/packages.json"]).toContain(
      '{"category":"language-runtimes","name":"bun","version":null}',
    );
    expect(packages).not.toContain("bun");
  });
});
