import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeWith, nixEval, root } from "./support/nix.ts";

interface Closure {
  readonly package: {
    readonly devDependencies: Record<string, string>;
    readonly dependencies: Record<string, string>;
  };
  readonly packages: Record<string, { readonly integrity?: string; readonly optionalDependencies?: object }>;
}

const closure = (platform: string, arch: string): Closure =>
  nixEval<Closure>(`
    let lib = import ${root}test/nix/lib; in import ${root}nix/lib/npm-closure.nix {
      inherit lib;
      package = lib.importJSON ${root}package.json;
      lock = lib.importJSON ${root}package-lock.json;
      tools = [ "esbuild" ];
      node = { platform = "${platform}"; arch = "${arch}"; };
    }`);

/** Packages that a file imports, without Node's own and the project's files. */
const imports = (file: string): readonly string[] =>
  [
    ...readFileSync(`${root}${file}`, "utf8").matchAll(
      /(?:from |import\()"((?:@[^/"]+\/)?[^./"][^/":]*)(?:\/[^"]*)?"/g,
    ),
  ]
    .map((match) => match[1] ?? "")
    // Template text of a build script is no import.
    .filter((name) => name !== "" && !name.includes("$"));

describeWith(["nix-instantiate"], "the package for Nix", () => {
  const linux = closure("linux", "arm64");

  it("takes every package by the digest that the lockfile has", () => {
    for (const [path, module] of Object.entries(linux.packages))
      expect(module.integrity, path).toMatch(/^sha512-/);
  });

  it("has all that the build's own script imports", () => {
    expect(readFileSync(`${root}nix/package.nix`, "utf8")).toContain('tools = [ "esbuild" ];');
    for (const name of imports("tools/build.mjs"))
      expect(Object.keys(linux.packages)).toContain(`node_modules/${name}`);
  });

  it("has every dependency of the command line", () => {
    const names = Object.keys(linux.package.dependencies).map((name) => `node_modules/${name}`);
    expect(Object.keys(linux.packages)).toEqual(expect.arrayContaining(names));
  });

  it("takes of the packages that exist once a platform only its own", () => {
    const binaries = (of: Closure) =>
      Object.keys(of.packages).filter((path) => path.startsWith("node_modules/@esbuild/"));
    expect(binaries(linux)).toEqual(["node_modules/@esbuild/linux-arm64"]);
    expect(binaries(closure("darwin", "arm64"))).toEqual(["node_modules/@esbuild/darwin-arm64"]);
    expect(linux.packages["node_modules/esbuild"]?.optionalDependencies).toEqual({
      "@esbuild/linux-arm64": expect.any(String),
    });
  });

  it("leaves test tools out", () => {
    expect(Object.keys(linux.package.devDependencies)).toEqual(["esbuild"]);
    for (const name of ["vitest", "typescript"])
      expect(linux.packages).not.toHaveProperty([`node_modules/${name}`]);
  });

  it("finds a dependency beside the package that wants it before one further out, as Node does", () => {
    const found = nixEval<Record<string, unknown>>(`
      let lib = import ${root}test/nix/lib; in (import ${root}nix/lib/npm-closure.nix {
        inherit lib;
        tools = [ ];
        node = { platform = "linux"; arch = "x64"; };
        package.dependencies.a = "1";
        lock.packages = {
          "" = { };
          "node_modules/a" = { dependencies = { b = "1"; c = "1"; }; };
          "node_modules/a/node_modules/b" = { dependencies.c = "1"; };
          "node_modules/b" = { };
          "node_modules/c" = { };
          "node_modules/unused" = { };
        };
      }).packages`);
    expect(Object.keys(found)).toEqual(["node_modules/a", "node_modules/a/node_modules/b", "node_modules/c"]);
  });

  it("gives npm each package as a file that was fetched by name and held against the lockfile's digest", () => {
    const made = nixEval<{
      lock: { packages: Record<string, { resolved?: string }> };
      source: readonly string[];
      install: string;
    }>(`
      let
        lib = import ${root}test/nix/lib // {
          fileset = { toSource = set: set.fileset; unions = paths: map toString paths; };
        };
        derivation = attributes: attributes // { type = "derivation"; outPath = "/nix/store/x-" + attributes.name; };
        package = import ${root}nix/package.nix {
          inherit lib;
          stdenvNoCC = {
            hostPlatform.node = { platform = "linux"; arch = "arm64"; };
            mkDerivation = derivation;
          };
          buildNpmPackage = attributes: attributes;
          importNpmLock.npmConfigHook = "hook";
          cacert = "/nix/store/x-cacert";
          nodejs = "/nix/store/x-nodejs";
          linkFarm = _: files: files;
          writeText = _: text: text;
        };
      in {
        lock = builtins.fromJSON package.npmDeps."package-lock.json";
        source = package.src;
        install = package.installPhase;
      }`);
    const { "": own, ...others } = made.lock.packages;
    expect(own).toMatchObject({ name: "ascalon" });
    for (const [path, module] of Object.entries(others))
      expect(module.resolved, path).toMatch(/^file:\/nix\/store\/x-.+\.tgz$/);
    expect(made.source.filter((path) => !existsSync(path))).toEqual([]);
    // What npm's package has, this one has too: the palette opens the documents, and errors name them. But for what is
    // for Nix, which takes that from the flake.
    const { files } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { files: string[] };
    const copied = /^\s*cp -r (.+) \$out\/lib\/ascalon\/$/m.exec(made.install)?.[1]?.split(" ") ?? [];
    expect(copied.toSorted()).toEqual(
      [...files.filter((name) => !["nix", "flake.nix"].includes(name)), "package.json"].toSorted(),
    );
    for (const name of copied.filter((name) => name !== "dist"))
      expect(made.source).toContain(`${root}${name}`);
  });
});
