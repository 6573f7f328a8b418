import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildGuest } from "../../tools/build.mjs";
import { describeWith, nixEval, root } from "./support/nix.ts";

interface Recipe {
  readonly inputs: readonly string[];
  /** Files and folders of the project, whole. */
  readonly source: readonly string[];
  readonly buildPhase: string;
  readonly installPhase: string;
}

const recipe = (): Recipe =>
  nixEval<Recipe>(`
    let
      lib = import ${root}test/nix/lib // {
        fileset = { toSource = set: set.fileset; unions = paths: map toString paths; };
      };
      made = import ${root}nix/guest-package.nix {
        inherit lib;
        esbuild = "esbuild";
        stdenvNoCC.mkDerivation = attributes: attributes;
      };
    in { inputs = made.nativeBuildInputs; source = made.src; inherit (made) buildPhase installPhase; }`);

describeWith(["nix-instantiate", "bash"], "the guest's file alone, as a package for Nix", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ascalon-guest-package-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is built by esbuild and nothing else, npm least of all", () => {
    expect(recipe().inputs).toEqual(["esbuild"]);
  });

  it("comes out of its own sources and its own command as the very file of `npm run build`, and runs", async () => {
    const { source, buildPhase, installPhase } = recipe();
    const [sources, out, built] = ["source", "out", "built"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const path of source) {
      const copy = join(sources, path.slice(root.length));
      mkdirSync(dirname(copy), { recursive: true });
      cpSync(path, copy, { recursive: true });
    }
    const made = spawnSync(
      "bash",
      ["--norc", "-euc", `runHook() { :; }\n${buildPhase}\n${installPhase}`],
      // nixpkgs' esbuild is the same program; a folder without node_modules, as in Nix's sandbox.
      {
        cwd: sources,
        encoding: "utf8",
        env: { PATH: `${root}node_modules/.bin:${process.env.PATH}`, out },
      },
    );
    expect(made).toMatchObject({ status: 0, stderr: "" });
    await buildGuest(built);
    const file = join(out, "lib/ascalon/dist/ascalon-guest.mjs");
    expect(readFileSync(file, "utf8")).toBe(readFileSync(join(built, "ascalon-guest.mjs"), "utf8"));
    expect(statSync(file).mode & 0o777).toBe(0o755);
    const ran = spawnSync(process.execPath, ["--", file, "--help"], { encoding: "utf8" });
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining("ascalon-guest COMMAND")]);
  });

  it("lies where the module looks for it", () => {
    expect(readFileSync(`${root}nix/modules/links.nix`, "utf8")).toContain(
      "lib/ascalon/dist/ascalon-guest.mjs",
    );
  });
});
