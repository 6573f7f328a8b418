import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "./support/nix.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ascalon-closure-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hash = "0123456789abcdfghijklmnpqrsvwxyz";

/** closure.sh with a Nix that would build these derivations and fetch WezTerm, of a system of 3 GiB. */
function closure(built: readonly string[], bound = "4096", dryRunCode = 0) {
  const plan = [
    `these ${built.length} derivations will be built:`,
    ...built.map((name) => `  /nix/store/${hash}-${name}.drv`),
    "these 2 paths will be fetched (100.00 MiB download, 400.00 MiB unpacked):",
    `  /nix/store/${hash}-wezterm-0-unstable-2025-06-24`,
  ].join("\n");
  writeFileSync(join(folder, "plan"), `${plan}\n`);
  writeFileSync(
    join(folder, "nix"),
    `#!/bin/sh
case "$*" in
"build --dry-run "*) cat ${folder}/plan >&2; exit ${dryRunCode} ;;
"path-info --closure-size "*) printf '/nix/store/x-system\\t%s\\n' 3221225472 ;;
"path-info --recursive "*) printf '/nix/store/x-large\\t%s\\n' 1000 ;;
esac
`,
  );
  chmodSync(join(folder, "nix"), 0o755);
  const ran = spawnSync("sh", [`${root}nix/tests/closure.sh`, "ascalon", bound], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env.PATH}` },
  });
  return { code: ran.status, out: ran.stdout.trim(), err: ran.stderr.trim() };
}

describe("the bounds of the guest's system", () => {
  it("lets be what every system builds by itself, whatever is in its name", () => {
    const small = [
      "initrd-linux-6.18.3",
      "linux-6.18.3-modules",
      "linux-6.18.3-modules-shrunk",
      "linux-firmware-20260101-zstd",
      "nodejs-env",
      "ascalon-wezterm.lua",
      "unit-wezterm-daemon.service",
      "gcc-wrapper-15.2.0",
      "nixos-system-ascalon-26.05.20260601.abcdef0",
    ];
    expect(closure(small)).toEqual({
      code: 0,
      out: "closure of ascalon: 3072 MiB (at most 4096)",
      err: "",
    });
  });

  it.each([
    "linux-6.18.3",
    "gcc-15.2.0",
    "rustc-1.91.1",
    "nodejs-24.11.1",
    "nodejs-slim-24.11.1",
    "wezterm-0-unstable-2025-06-24",
    "webkitgtk-2.50.1+abi=4.1",
    "gtk+3-3.24.51",
    "gtk4-4.20.2",
    "qtbase-6.10.1",
  ])("why #11: refuses a system that would compile %s, and names it", (name) => {
    const { code, out, err } = closure(["initrd-linux-6.18.3", name]);
    expect(code).toBe(1);
    expect(out).toBe(`/nix/store/${hash}-${name}.drv`);
    expect(err).toContain("would be built from source");
  });

  it("refuses a system larger than its bound, and names what is large in it", () => {
    expect(closure([], "3071")).toMatchObject({
      code: 1,
      err: expect.stringContaining("/nix/store/x-large"),
    });
  });

  it("shows why a system cannot be evaluated", () => {
    expect(closure(["x"], "4096", 1)).toMatchObject({
      code: 1,
      err: expect.stringContaining("will be built"),
    });
  });
});
