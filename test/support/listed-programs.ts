import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { inject } from "vitest";

/** Debian's packages with the programs of one of nixpkgs. */
const debianNames: Readonly<Record<string, readonly string[]>> = {
  coreutils: ["coreutils"],
  diffutils: ["diffutils"],
  e2fsprogs: ["e2fsprogs"],
  findutils: ["findutils"],
  gawk: ["gawk", "mawk"],
  gnugrep: ["grep"],
  gnused: ["sed"],
  mount: ["mount"],
  shadow: ["passwd", "login"],
  systemd: ["systemd", "udev"],
  "util-linux": ["util-linux", "mount", "util-linux-extra"],
};

const modules = new URL("../../nix/modules/", import.meta.url).pathname;

/** What a module gives a script of nix/guest in PATH: `script "NAME" [ pkgs.A pkgs.B ] ../guest/FILE.sh`. */
function listedPackages(file: string): readonly string[] | undefined {
  const pattern = new RegExp(`script "[^"]+" \\[([^\\]]*)\\] ../guest/${file}\\.sh`);
  for (const module of readdirSync(modules)) {
    const [, list] = pattern.exec(readFileSync(join(modules, module), "utf8")) ?? [];
    if (list !== undefined) return [...list.matchAll(/pkgs\.([\w-]+)/g)].map(([, name]) => name ?? "");
  }
  return undefined;
}

const made = new Map<string, string>();

/**
 * A folder with the programs that the script has on NixOS and no others, as a PATH: with the host's, a package that is
 * missing in the module is not missed. undefined: no module lists any, or there is no dpkg to ask.
 */
export function listedPath(file: string): string | undefined {
  const packages = listedPackages(file);
  return packages ? pathWith(packages, file) : undefined;
}

/**
 * What Lima's boot service has: three packages by itself (nixos-lima v0.2.1, lima-init.nix), and those that each unit of
 * NixOS has (nixpkgs, nixos/lib/systemd-lib.nix).
 */
export const limaInitPath = (): string | undefined =>
  pathWith(
    ["shadow", "gawk", "mount", "coreutils", "findutils", "gnugrep", "gnused", "systemd"],
    "lima-init",
  );

function pathWith(packages: readonly string[], name: string): string | undefined {
  const known = made.get(name);
  if (known !== undefined) return known;
  if (!existsSync("/usr/bin/dpkg")) return undefined;
  const folder = mkdtempSync(join(inject("runFolder"), "listed-"));
  made.set(name, folder);
  for (const one of packages) {
    const debian = debianNames[one];
    if (!debian) throw new Error(`test/support/listed-programs.ts does not know ${one} of nixpkgs`);
    for (const path of programsOf(debian)) {
      if (!existsSync(join(folder, basename(path)))) symlinkSync(path, join(folder, basename(path)));
    }
  }
  return folder;
}

/** A package that this release does not have (util-linux-extra) has no files. */
function programsOf(packages: readonly string[]): readonly string[] {
  const { stdout } = spawnSync("dpkg", ["-L", ...packages], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((path) => /\/s?bin\/[^/]+$/.test(path) && existsSync(path) && statSync(path).isFile());
}
