import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pathOfRoot } from "../../../tools/bed/root.mjs";

describe("what runs as root through sudo", () => {
  it("finds its programs in the system's folders alone", () => {
    const path = pathOfRoot(false, "/home/mia/x/node_modules/.bin:/home/mia/bin:/usr/bin");
    for (const folder of path.split(":")) expect(folder).toMatch(/^\/(usr\/(local\/)?)?s?bin$/);
    expect(path.split(":")).toContain("/usr/sbin");
  });

  it("has the PATH that root has, where root runs it", () => {
    expect(pathOfRoot(true, "/opt/x:/usr/bin")).toBe("/opt/x:/usr/bin:/usr/sbin:/sbin");
  });

  it("builds the stand-in guest with it", () => {
    const source = readFileSync(new URL("../../../tools/bed/guest-image.mjs", import.meta.url), "utf8");
    expect(source).toContain("PATH: pathOfRoot(),");
    expect(source).not.toContain("process.env.PATH");
  });
});
