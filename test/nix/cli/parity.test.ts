import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bornOut, readGuestPrograms } from "../../../src/cli/nixos/installed-programs.ts";
import { compareParity, type PackageManifest, parseManifest } from "../../../src/cli/nixos/parity.ts";
import { host } from "../support/host.ts";
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

it("parity: what does not exist for a side's platform is meant to be missing, what a nixpkgs lacks is not", () => {
  const lacking = (name: string, why: "platform" | "release") => ({ ...entry("dev-tools", name, null), why });
  const mac = manifest(lacking("strace", "platform"), lacking("gh", "release"), lacking("old", "platform"));
  const there = manifest(
    entry("dev-tools", "strace", "6.1"),
    entry("dev-tools", "gh", "2.0"),
    lacking("old", "release"),
  );
  const verdicts = (one: PackageManifest, other: PackageManifest) =>
    compareParity(one, other).map(({ name, verdict }) => [name, verdict]);
  expect(verdicts(mac, there)).toEqual([
    ["gh", "guest-only"],
    ["old", "by-design"],
    ["strace", "by-design"],
  ]);
  expect(verdicts(there, mac)).toEqual([
    ["gh", "host-only"],
    ["old", "by-design"],
    ["strace", "by-design"],
  ]);
});

it("parity says of a side why a version is what it is, in members that were not there before", () => {
  const mac = manifest({ ...entry("dev-tools", "strace", null), why: "platform" });
  const [row] = compareParity(mac, manifest(entry("dev-tools", "strace", "6.1")));
  expect(row).toEqual({
    category: "dev-tools",
    name: "strace",
    host: null,
    guest: "6.1",
    hostWhy: "platform",
    verdict: "by-design",
  });
});

const store = (name: string): string => `/nix/store/00000000000000000000000000000000-${name}`;

describe("a list and the profile", () => {
  const listed = (name: string, program: string, version = "1.0") => ({
    ...entry("cli-tools", name, version),
    path: store(`${name}-${version}`),
    program,
  });
  const list: PackageManifest = {
    ...manifest(
      listed("ripgrep", "rg"),
      listed("neovim", "nvim"),
      listed("git", "git"),
      entry("cli-tools", "less", "1.0"),
      listed("jq", "jq"),
      entry("cli-tools", "strace", null),
    ),
    profile: "/p",
  };
  const file = `${store("ripgrep-1.0")}/bin/rg`;

  it("agree, or the list gives way: a program that is missing, and one of another package", () => {
    const seen = [
      { found: file, meant: file },
      { found: `${store("neovim-0.11.2-wrapped")}/bin/nvim`, meant: `${store("neovim-1.0")}/bin/nvim` },
      { found: undefined, meant: `${store("git-1.0")}/bin/git` },
      // A program's name that is wrong in nixpkgs.
      { found: undefined, meant: undefined },
    ];
    expect(bornOut(list, seen).packages.map(({ name, version, why }) => [name, version, why])).toEqual([
      ["ripgrep", "1.0", undefined],
      ["neovim", "0.11.2-wrapped", "other-package"],
      ["git", null, "not-installed"],
      ["less", "1.0", undefined],
      ["jq", "1.0", undefined],
      ["strace", null, undefined],
    ]);
  });

  it.each([
    ["python3-3.12.4/bin/python3.12", "3.12.4"],
    ["git-2.49.0-bin/bin/git", "2.49.0"],
    // Of `python3.withPackages`.
    ["python3-3.12.4-env/bin/python3.12", "3.12.4"],
    ["yq-go-4.45/bin/yq", "4.45"],
    ["my-wrapper/bin/rg", "1.0"],
  ])("the version of another package is that of its folder, %s", (path, version) => {
    const [rg] = list.packages;
    const one = { ...list, packages: rg ? [rg] : [] };
    const found = `/nix/store/00000000000000000000000000000000-${path}`;
    expect(bornOut(one, [{ found, meant: file }]).packages[0]).toMatchObject({
      version,
      why: "other-package",
    });
  });

  it("of an earlier version, which names no profile, is taken as it is", async () => {
    const { profile: _, ...earlier } = list;
    const silent = { run: () => Promise.reject(new Error("asked")), follow: async () => {} };
    expect(await readGuestPrograms(silent, earlier)).toEqual([]);
    expect(bornOut(earlier, [])).toEqual(earlier);
  });
});

it("the guest tells which programs of its profile are those of the packages", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ascalon-parity-"));
  try {
    const add = (name: string, program: string) => {
      mkdirSync(join(folder, name, "bin"), { recursive: true });
      writeFileSync(join(folder, name, "bin", program), "");
    };
    for (const [name, program] of [
      ["rg-1", "rg"],
      ["nvim-1", "nvim"],
      ["mine-2", "nvim"],
      ["git-1", "git"],
    ] as const) {
      add(name, program);
    }
    // A profile, by a link, whose programs are links.
    mkdirSync(join(folder, "generation/bin"), { recursive: true });
    symlinkSync("generation", join(folder, "profile"));
    symlinkSync(join(folder, "rg-1/bin/rg"), join(folder, "generation/bin/rg"));
    symlinkSync(join(folder, "mine-2/bin/nvim"), join(folder, "generation/bin/nvim"));
    const of = (name: string, program: string) => ({
      ...entry("cli-tools", name, "1"),
      program,
      path: join(folder, `${name}-1`),
    });
    const packages = [of("rg", "rg"), of("nvim", "nvim"), of("git", "git"), of("gone", "gone")];
    const ask = (args: readonly string[], input: string) =>
      spawnSync(args[0] ?? "", args.slice(1), { input, encoding: "utf8" });
    const seen = await readGuestPrograms(
      {
        run: async (argv, options) => {
          const { status, stdout, stderr } = ask(argv, String(options?.input));
          return { kind: "ended", code: status ?? -1, stdout, stderr };
        },
        follow: async () => {},
      },
      { schema: 1, profile: join(folder, "profile"), packages },
    );
    expect(seen).toEqual([
      { found: join(folder, "rg-1/bin/rg"), meant: join(folder, "rg-1/bin/rg") },
      { found: join(folder, "mine-2/bin/nvim"), meant: join(folder, "nvim-1/bin/nvim") },
      { found: undefined, meant: join(folder, "git-1/bin/git") },
      { found: undefined, meant: undefined },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
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
    const read = parseManifest(files["ascalon/packages.json"] ?? "");
    expect("packages" in read && read.packages).toContainEqual({
      category: "language-runtimes",
      name: "bun",
      version: null,
      why: "release",
    });
    expect(packages).not.toContain("bun");
  });

  it("a package that this release calls broken or insecure does not break the build either", () => {
    const { files, packages } = guest('refused = [ "pipx" ];');
    const read = parseManifest(files["ascalon/packages.json"] ?? "");
    expect("packages" in read && read.packages).toContainEqual({
      category: "language-managers",
      name: "pipx",
      version: null,
      why: "release",
    });
    expect(packages).not.toContain("pipx");
  });

  const read = (text: string): PackageManifest => {
    const manifest = parseManifest(text);
    if ("refusal" in manifest) throw new Error(manifest.refusal);
    return manifest;
  };

  it.each([
    ["home-manager", "home", "/Users/dev/.nix-profile"],
    ["nix-darwin", "darwin", "/run/current-system/sw"],
  ])(
    "a Mac whose profile has all it can have differs in nothing that is not meant to: %s",
    (_by, kind, profile) => {
      const { config } = host(
        `kind = "${kind}"; changes.programs.ascalon = { enable = true; packages.enable = true; };`,
      );
      const files = (kind === "home" ? config.xdg : config.environment) as Record<
        "configFile" | "etc",
        Record<string, { text: string }>
      >;
      const text = files[kind === "home" ? "configFile" : "etc"]["ascalon/packages.json"]?.text ?? "";
      const mac = read(text);
      expect(mac.profile).toBe(profile);
      const rows = compareParity(mac, read(guest().files["ascalon/packages.json"] ?? ""));
      const verdicts = new Map(rows.map(({ name, verdict }) => [name, verdict]));
      expect(verdicts.get("strace")).toBe("by-design");
      expect(verdicts.get("colima")).toBe("by-design");
      expect(new Set(verdicts.values())).toEqual(new Set(["same", "by-design"]));
    },
  );

  it("names the folder of each package and its main program, where it has one", () => {
    const { profile, packages } = read(guest().files["ascalon/packages.json"] ?? "");
    expect(profile).toBe("/run/current-system/sw");
    expect(packages).toContainEqual({
      category: "cli-tools",
      name: "ripgrep",
      version: "1.0",
      path: store("ripgrep"),
      program: "rg",
    });
    expect(packages.find(({ name }) => name === "bat")).not.toHaveProperty("program");
  });
});
