import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nixosLimaImages } from "../../src/cli/projections/nixos-image.ts";
import { hostContext, runApp } from "../support/run-app.ts";
import { describeWith, nixEval, root } from "./support/nix.ts";

interface Flake {
  readonly inputs: Record<string, string>;
  readonly own: {
    readonly inputs: Record<string, { readonly url: string; readonly inputs?: unknown }>;
    readonly guests: Record<
      string,
      { readonly hostName: string; readonly packages: readonly string[]; readonly failed: readonly string[] }
    >;
  };
  readonly follows: string;
  readonly names: readonly string[];
  readonly perSystem: Record<string, Record<string, readonly string[]> | readonly string[]>;
  readonly modules: readonly (readonly string[])[];
  readonly guests: Record<string, { hostPlatform: string; package: string; failed: readonly string[] }>;
  readonly mine: { stateVersion: string; hostPlatform: string; failed: readonly string[] };
  readonly ephemeral: readonly string[];
  readonly template: string;
}

const everywhere = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"];

describeWith(["nix-instantiate"], "the flake", () => {
  const flake = nixEval<Flake>(`removeAttrs (import ${root}test/nix/lib/evaluate-flake.nix { }) [ "own" ]`);

  it("has the outputs that the documents promise", () => {
    expect(flake.names).toEqual([
      "checks",
      "darwinModules",
      "devShells",
      "formatter",
      "homeModules",
      "lib",
      "nixosConfigurations",
      "nixosModules",
      "packages",
      "templates",
    ]);
    expect(flake.modules).toEqual([["default"], ["default"], ["default"]]);
    for (const output of ["packages", "devShells"])
      expect(Object.keys(flake.perSystem[output] ?? {})).toEqual(everywhere);
    expect(Object.values(flake.perSystem.packages ?? {})).toEqual(everywhere.map(() => ["default", "guest"]));
    expect(flake.perSystem.checks).toEqual({
      "aarch64-linux": ["guest", "package"],
      "x86_64-linux": ["guest", "home-disk", "package", "wezterm-daemon"],
    });
  });

  it("has no output that nixpkgs refuses, where its release is one without Macs with an Intel processor", () => {
    const { perSystem } = nixEval<Pick<Flake, "perSystem">>(
      `{ inherit (import ${root}test/nix/lib/evaluate-flake.nix { release = "26.11"; }) perSystem; }`,
    );
    expect(Object.keys(perSystem.packages ?? {})).toEqual(
      everywhere.filter((name) => name !== "x86_64-darwin"),
    );
  });

  it("why #20: has two inputs, by names that stay, and one nixpkgs for both", () => {
    expect(Object.keys(flake.inputs)).toEqual(["nixos-lima", "nixpkgs"]);
    expect(flake.follows).toBe("nixpkgs");
  });

  it("why #1: takes nixos-lima at the tag of the image that `ascalon up` starts from", () => {
    const tag = flake.inputs["nixos-lima"]?.split("/").at(-1);
    expect(tag).toMatch(/^v\d+\.\d+(\.\d+)?$/);
    for (const image of nixosLimaImages) expect(image.location).toContain(`/${tag}/`);
  });

  it("has the guest for a Mac and for a PC, with the guest's own package, and neither breaks a rule", () => {
    const built = (hostPlatform: string) => ({
      hostPlatform,
      package: expect.stringMatching(/-guest-package$/),
      failed: [],
    });
    expect(flake.guests).toEqual({
      ascalon: built("aarch64-linux"),
      "ascalon-x86_64": built("x86_64-linux"),
    });
  });

  it("makes a guest of one's own from a settings file, modules, and what they and their imports ask for", () => {
    expect(flake.mine).toEqual({ stateVersion: "26.11", hostPlatform: "aarch64-linux", failed: [] });
  });

  it("gives an ephemeral machine the tools and the managers, and no language", () => {
    expect(flake.ephemeral).toEqual(expect.arrayContaining(["git", "gnumake", "uv"]));
    for (const name of ["nodejs", "go", "colima", "strace"]) expect(flake.ephemeral).not.toContain(name);
  });

  it("has a template that uses nothing but what the flake has", () => {
    expect(existsSync(`${flake.template}/guest.nix`)).toBe(true);
    const text = readFileSync(`${flake.template}/flake.nix`, "utf8");
    expect(text).toContain("ascalon.lib.mkSystem");
    expect(text).toContain("settings = ./ascalon.json;");
    const value = nixEval<{ asked: readonly string[]; given: readonly string[] }>(`
      let
        flake = import ${flake.template}/flake.nix;
        made = flake.outputs { self = null; ascalon.lib.mkSystem = arguments: arguments; };
      in { asked = builtins.attrNames flake.inputs; given = builtins.attrNames made.nixosConfigurations.ascalon; }`);
    expect(value).toEqual({ asked: ["ascalon", "nixpkgs"], given: ["modules", "settings"] });
  });

  it("makes a guest of what `ascalon init` writes, whose nixpkgs can be updated by its name", async () => {
    const yaml = "/home/mia/.config/ascalon/ascalon.yaml";
    const context = hostContext({ files: { [yaml]: "system: { host: devbox }\n" } });
    await runApp(["init", "/home/mia/flake"], context);
    const folder = mkdtempSync(join(tmpdir(), "ascalon-flake-"));
    try {
      for (const name of ["flake.nix", "guest.nix"])
        writeFileSync(join(folder, name), context.files.text(`/home/mia/flake/${name}`) ?? "");
      copyFileSync(`${root}nix/ascalon.json`, join(folder, "ascalon.json"));
      const { inputs, guests } = nixEval<Flake["own"]>(
        `(import ${root}test/nix/lib/evaluate-flake.nix { own = ${folder}; }).own`,
      );
      expect(inputs.nixpkgs?.url).toBe(flake.inputs.nixpkgs);
      expect(inputs.ascalon?.inputs).toEqual({ nixpkgs: { follows: "nixpkgs" } });
      // Named after the settings; the guest's name itself is in ascalon.json.
      expect(guests).toEqual({
        devbox: { hostName: "ascalon", packages: expect.arrayContaining(["hello", "git"]), failed: [] },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
