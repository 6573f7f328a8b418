import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withGuestFiles } from "../../../src/guest/op-files.ts";
import { outFile } from "../../../src/guest/out-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/ascalon-op-files-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** What the host is given, and the text on its stdin. */
function forHost(args: readonly string[]): { readonly args: readonly string[]; readonly stdin: string } {
  const call = withGuestFiles(args);
  if ("mistake" in call) throw new Error(call.mistake);
  let stdin = "";
  call.stdin?.start({ bytes: (bytes) => (stdin += Buffer.from(bytes).toString()), end: () => {} });
  return { args: call.args, stdin };
}

describe("files that are read", () => {
  test.each([
    [
      ["document", "create", "--file-name", "x.txt", "FILE"],
      ["document", "create", "--file-name", "x.txt", "-"],
    ],
    [
      ["--account", "a", "document", "create", "FILE", "--vault", "v"],
      ["--account", "a", "document", "create", "-", "--vault", "v", "--file-name=doc.txt"],
    ],
    [
      ["document", "edit", "--title", "t", "item", "FILE"],
      ["document", "edit", "--title", "t", "item", "-", "--file-name=doc.txt"],
    ],
    [
      ["--account=a", "item", "create", "--template=FILE"],
      ["--account=a", "item", "create", "-"],
    ],
    [
      ["--account", "a", "--debug", "item", "create", "--template", "FILE", "--vault", "v", "a=b"],
      ["--account", "a", "--debug", "item", "create", "-", "--vault", "v", "a=b"],
    ],
    [
      ["--cache=false", "inject", "--in-file", "FILE"],
      ["--cache=false", "inject"],
    ],
    [["inject", "-iFILE"], ["inject"]],
  ])("%j", (args, expected) => {
    const file = `${folder}/doc.txt`;
    writeFileSync(file, "content");
    const call = forHost(args.map((text) => text.replace("FILE", file)));
    expect(call).toEqual({ args: expected, stdin: "content" });
  });

  test("one that cannot be read is named", () => {
    const call = withGuestFiles(["document", "create", `${folder}/none`]);
    expect(call).toEqual({ mistake: `${folder}/none cannot be read: ENOENT` });
  });
});

describe("a file that is written", () => {
  function written(path: string, force = true, mode?: string) {
    const out = outFile(path, force, mode);
    if ("mistake" in out) return out.mistake;
    out.output.write(Buffer.from("secret"), () => {});
    const kept = out.keep();
    return typeof kept === "string" ? modeOf(path) : kept.mistake;
  }

  test("is for nobody else, also when it was there before", () => {
    const file = `${folder}/out`;
    expect(written(file, false)).toBe(0o600);
    writeFileSync(file, "old, and longer than the secret");
    chmodSync(file, 0o644);
    expect(written(file)).toBe(0o600);
    expect(readFileSync(file, "utf8")).toBe("secret");
    expect(written(file, true, "0640")).toBe(0o640);
  });

  test("is not replaced without --force, and is no device's mode", () => {
    const file = `${folder}/out`;
    writeFileSync(file, "old");
    expect(written(file, false)).toBe(`${file} exists; --force replaces it`);
    const before = modeOf("/dev/null");
    expect(written("/dev/null")).toBe(before);
  });

  test("that cannot be is told in a sentence", () => {
    expect(written(`${folder}/none/out`)).toBe(`${folder}/none/out cannot be written: ENOENT`);
    expect(written("")).toBe("--out-file needs a file");
    expect(written(`${folder}/x`, true, "rw")).toContain("is not a mode");
  });

  test("is not made by a call that fails", () => {
    const call = withGuestFiles(["read", "op://v/i/f", "--out-file", `${folder}/x`, "--force"]);
    expect(call).toMatchObject({ args: ["read", "op://v/i/f"] });
    expect(existsSync(`${folder}/x`)).toBe(false);
  });
});
