import type { Unit } from "./nix.ts";

/** Lists of a unit that NixOS puts into its [Unit] section, by their names there. */
const dependencyNames: Readonly<Record<string, string>> = {
  after: "After",
  before: "Before",
  conflicts: "Conflicts",
  requires: "Requires",
  wants: "Wants",
};

/** The unit file that NixOS would write. Programs of the store do not exist here: each becomes /bin/true. */
export function unitText(unit: Unit): string {
  const dependencies = Object.entries(dependencyNames).flatMap(([from, to]) =>
    Array.isArray(unit[from]) ? [`${to}=${(unit[from] as string[]).join(" ")}`] : [],
  );
  const environment = Object.entries((unit.environment ?? {}) as Record<string, string>).map(
    ([name, value]) => `Environment="${name}=${value}"`,
  );
  const text = [
    "[Unit]",
    `Description=${String(unit.description)}`,
    ...dependencies,
    ...lines(unit.unitConfig),
    "[Service]",
    ...environment,
    ...lines(unit.serviceConfig),
    ...(Array.isArray(unit.wantedBy)
      ? ["[Install]", `WantedBy=${(unit.wantedBy as string[]).join(" ")}`]
      : []),
  ].join("\n");
  return `${text.replaceAll(/\/nix\/store\/[\w./-]+/g, "/bin/true")}\n`;
}

const lines = (section: unknown): string[] =>
  Object.entries((section ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}=${String(one)}`),
  );
