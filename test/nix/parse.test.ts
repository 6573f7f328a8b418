import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeWith, nixInstantiate, projectFiles, root } from "./support/nix.ts";

const files = projectFiles("*.nix");

describeWith(["nix-instantiate"], "Nix files", () => {
  it("are there to be checked", () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it("parse, also with the Nix 2.8 of Debian", () => {
    const result = nixInstantiate("--parse", ...files);
    expect(result.stderr).toBe("");
    expect(result.status).toBe(0);
  });

  it.each(files)("%s has no tabs, no trailing space, and ends with a newline", (file) => {
    const text = readFileSync(`${root}${file}`, "utf8");
    expect(text).not.toMatch(/\t|[ \r]\n/);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it.each(files)("%s names what it uses: no `with`, no search path", (file) => {
    const code = readFileSync(`${root}${file}`, "utf8").replaceAll(/''[\s\S]*?''|"(?:\\.|[^"\\])*"|#.*/g, "");
    expect(code).not.toMatch(/\bwith\s+[\w.]+;|<nixpkgs/);
  });
});
