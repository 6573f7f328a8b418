import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const json = (name: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../${name}`, import.meta.url)), "utf8"));

/** npm from 12 on runs none that package.json does not allow, and names those of which it says nothing at each `npm ci`. */
test("package.json says of each dependency with a script of its own whether npm runs it: of none", () => {
  const { packages } = json("package-lock.json") as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const withScript = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.replace(/^.*node_modules\//, "")] : [],
  );
  expect(withScript).not.toEqual([]);
  const { allowScripts } = json("package.json") as { allowScripts: Record<string, boolean> };
  expect(allowScripts).toEqual(Object.fromEntries(withScript.map((name) => [name, false])));
});
