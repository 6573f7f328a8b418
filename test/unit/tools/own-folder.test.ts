import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOwnFolder, makeOwnFolder, removeOwnFolder } from "../../../tools/bed/own-folder.mjs";

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "own-"));
  folder = join(home, ".asc-t");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("a folder that is removed with all that is in it", () => {
  it("is made, emptied and removed when it is ours", async () => {
    await makeOwnFolder(folder);
    mkdirSync(join(folder, "l"));
    writeFileSync(join(folder, "l", "disk"), "");
    await makeOwnFolder(folder);
    expect(readdirSync(folder)).toEqual([".made-by-ascalon"]);
    await removeOwnFolder(folder);
    expect(readdirSync(home)).toEqual([]);
  });

  it.each([
    ["checked", checkOwnFolder],
    ["made", makeOwnFolder],
    ["removed", removeOwnFolder],
  ])("is refused when it is somebody else's and to be %s", async (_, use) => {
    mkdirSync(folder);
    writeFileSync(join(folder, "thesis"), "years of work");
    await expect(use(folder)).rejects.toThrow(`${folder} is not empty and was not made by ascalon`);
    expect(readFileSync(join(folder, "thesis"), "utf8")).toBe("years of work");
  });

  it("is taken when it is empty, and need not be there", async () => {
    await removeOwnFolder(folder);
    mkdirSync(folder);
    await makeOwnFolder(folder);
    expect(existsSync(join(folder, ".made-by-ascalon"))).toBe(true);
  });

  it("the machine tests' home is such a folder, with a name that is nobody's", () => {
    const setup = readFileSync(new URL("../../machine/global-setup.ts", import.meta.url), "utf8");
    expect(setup).toContain('process.env.ASCALON_BED ?? ".asc-t"');
    expect(setup).not.toMatch(/\brm\(/);
  });
});
