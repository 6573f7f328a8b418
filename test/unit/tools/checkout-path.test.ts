import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../../tools", import.meta.url));

it("a checkout may have a blank in its path, which an address has as %20", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".mjs"),
  );
  expect(files.length).toBeGreaterThan(20);
  const wrong = files.filter((name) =>
    /import\.meta\.url\)\.pathname/.test(readFileSync(`${folder}/${name}`, "utf8")),
  );
  expect(wrong).toEqual([]);
});
