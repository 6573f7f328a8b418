import { nixEval, root } from "./nix.ts";

export interface Host {
  readonly config: {
    readonly [name: string]: unknown;
    readonly launchd?: {
      readonly agents?: Record<string, { config: Record<string, unknown> }>;
      readonly user?: {
        readonly agents: Record<string, { command: string; serviceConfig: Record<string, unknown> }>;
      };
    };
    readonly systemd?: { readonly user: { readonly services: Readonly<Record<string, HomeUnit>> } };
  };
  readonly failed: readonly string[];
  /** Of the packages that are installed, by their names: the lower number wins where two have one file. */
  readonly ranks: Readonly<Record<string, number>>;
  readonly settings: unknown;
}

/** A unit of home-manager's: sections of the file as they are. */
export type HomeUnit = Readonly<Record<string, Readonly<Record<string, Value | readonly Value[]>>>>;
type Value = string | number | boolean;

/** The module for the host, with Nix arguments of test/nix/lib/evaluate-host.nix. */
export const host = (passed: string): Host =>
  nixEval<Host>(`import ${root}test/nix/lib/evaluate-host.nix { ${passed} }`);

/** The file that home-manager writes of a unit: a list is its key several times. */
export const homeUnitText = (unit: HomeUnit): string =>
  Object.entries(unit)
    .flatMap(([section, keys]) => [
      `[${section}]`,
      ...Object.entries(keys).flatMap(([key, value]) => [value].flat().map((one) => `${key}=${String(one)}`)),
      "",
    ])
    .join("\n");
