import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { settingsSchema } from "../../src/cli/settings/schema.ts";
import type { Host } from "./support/host.ts";
import { describeWith, guest, nixEval, root } from "./support/nix.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ascalon-documents-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The examples of docs/nix.md below a heading. */
function examplesOf(heading: string): readonly string[] {
  const text = readFileSync(`${root}docs/nix.md`, "utf8");
  const [, section = ""] = text.split(`\n## ${heading}\n`);
  const end = section.indexOf("\n## ");
  return [...section.slice(0, end).matchAll(/```nix\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
}

function write(name: string, text: string | undefined): void {
  writeFileSync(join(folder, name), text ?? "");
}

describeWith(["nix-instantiate"], "the examples of docs/nix.md", () => {
  it("a flake of one's own makes a guest, with the module beside it", () => {
    const [flake, module] = examplesOf("Your own flake: the guest");
    write("flake.nix", flake);
    write("guest.nix", module);
    copyFileSync(`${root}nix/ascalon.json`, join(folder, "ascalon.json"));
    const { guests } = nixEval<{ guests: Record<string, { packages: readonly string[]; failed: unknown }> }>(
      `(import ${root}test/nix/lib/evaluate-flake.nix { own = ${folder}; }).own`,
    );
    expect(guests).toEqual({
      ascalon: { hostName: "ascalon", packages: expect.arrayContaining(["hello"]), failed: [] },
    });
    expect(guest(`changes = import ${folder}/guest.nix;`).config.programs).toHaveProperty("zsh.enable", true);
  });

  it.each([
    ["home-manager", "home", "homeConfigurations.mia"],
    ["nix-darwin", "darwin", "darwinConfigurations.mac"],
  ])("%s takes the module for the host", (manager, kind, output) => {
    write("flake.nix", examplesOf(`On the host: ${manager}`)[0]);
    const { failed, settings, config } = nixEval<Host>(`
      let
        flake = import ${folder}/flake.nix;
        made = flake.outputs {
          nixpkgs.legacyPackages.aarch64-darwin = { };
          home-manager.lib.homeManagerConfiguration = given: given;
          nix-darwin.lib.darwinSystem = given: given;
          ascalon.homeModules.default = { };
          ascalon.darwinModules.default = { };
        };
        # Ours, and the person's own.
        modules = made.${output}.modules;
      in import ${root}test/nix/lib/evaluate-host.nix {
        kind = "${kind}";
        changes = builtins.elemAt modules 1;
      }`);
    expect(failed).toEqual([]);
    expect(settingsSchema.safeParse(settings).success).toBe(true);
    expect(settings).toMatchObject({ system: { flake: "~/sysinit" } });
    const place = kind === "home" ? config.xdg : config.environment;
    expect(JSON.stringify(place)).toContain("ascalon/packages.json");
  });
});
