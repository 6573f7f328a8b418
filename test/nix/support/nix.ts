import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const library = `${root}test/nix/lib`;

/** Tools of the system that tests need. On CI they must be there; elsewhere the tests are skipped, and say so. */
export function describeWith(tools: readonly string[], title: string, body: () => void): void {
  const missing = tools.filter(
    (tool) => spawnSync("sh", ["-c", `command -v ${tool}`], { env: withSbin() }).status !== 0,
  );
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  describe(title, () => {
    it.skipIf(!process.env.CI)(`needs ${missing.join(", ")}`, () => {
      throw new Error(`${missing.join(", ")}: not installed, and on CI nothing of this is skipped`);
    });
  });
}

/** sshd and others are in folders that a normal user's PATH lacks on Debian. */
export const withSbin = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
});

/**
 * Nothing is built, and no channel is asked. The user's own settings are left out, and so is root's group of build
 * users, which Debian's package does not make and Nix would warn of.
 */
export const nixInstantiate = (...args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync("nix-instantiate", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NIX_PATH: "", NIX_USER_CONF_FILES: "", NIX_CONFIG: "build-users-group =" },
  });

/** A Nix expression's value. */
export function nixEval<T>(expression: string): T {
  const result = nixInstantiate("--eval", "--strict", "--json", "--expr", expression);
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error(result.stderr.trim());
  return JSON.parse(result.stdout) as T;
}

export interface Unit {
  readonly [section: string]: unknown;
}

interface FileSystem {
  readonly device: string;
  readonly fsType: string;
  readonly options: readonly string[];
}

export interface Guest {
  readonly config: {
    readonly [name: string]: unknown;
    readonly fileSystems: Readonly<Record<string, FileSystem>>;
    readonly systemd: {
      readonly services: Readonly<Record<string, Unit>>;
      readonly tmpfiles: { readonly settings: Record<string, Record<string, Record<string, TmpfilesRule>>> };
      readonly user: { readonly services: Readonly<Record<string, Unit>> };
    };
  };
  /** Sentences of the assertions that do not hold. */
  readonly failed: readonly string[];
  /** What NixOS alone has in the doubles. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
  readonly packages: readonly string[];
  /** Packages that the check of the mux server's configuration has while it runs. */
  readonly checkers: readonly string[];
  /** Of the packages, by their names: the lower number wins where two have one file. */
  readonly ranks: Readonly<Record<string, number>>;
}

export interface TmpfilesRule {
  readonly mode?: string;
  readonly user?: string;
  readonly group?: string;
  readonly argument?: string;
}

/** The guest of nix/ascalon.json, with Nix arguments of test/nix/lib/evaluate.nix such as `changes = { … };`. */
export const guest = (passed = ""): Guest => nixEval<Guest>(`import ${library}/evaluate.nix { ${passed} }`);

/** The default settings with members replaced: Nix code over `s`, such as `s // { host = "x"; }`. */
export const settingsWith = (change: string): string =>
  `settings = let s = builtins.fromJSON (builtins.readFile ${root}nix/ascalon.json); in ${change};`;

/** Every file of the project with one of the endings, as git knows it, new ones included. */
export function projectFiles(...patterns: readonly string[]): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...patterns], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\n").filter((line) => line !== "");
}
