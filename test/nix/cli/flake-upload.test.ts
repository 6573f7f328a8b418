import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemFiles } from "../../../src/cli/adapters/files.ts";
import { flakeDigest, readFlakeEntries } from "../../../src/cli/nixos/flake-entries.ts";
import { gitListArguments, parseGitListing, uploadProblems } from "../../../src/cli/nixos/flake-upload.ts";
import { type TarEntry, tarStream } from "../../../src/cli/nixos/tar-stream.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ascalon-flake-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const git = (...args: readonly string[]): string =>
  execFileSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "core.hooksPath=/dev/null", ...args],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );

const listed = () =>
  parseGitListing({
    tracked: git(...gitListArguments.tracked),
    new: git(...gitListArguments.new),
    deleted: git(...gitListArguments.deleted),
  });

describe("the files of a flake", () => {
  beforeEach(() => {
    git("init", "--quiet");
    write("flake.nix", "{ }");
    write("gone.nix", "{ }");
    write(".gitignore", "/secrets\nresult*\n");
    git("add", "--all");
    git("commit", "--quiet", "-m", "x");
  });

  it("are those that git tracks and those that are new, and an ignored file stays home", () => {
    write("modules/new one.nix", "{ }");
    write("secrets/key.txt", "secret");
    write("result-1", "built");
    expect(listed()).toEqual({
      files: [".gitignore", "flake.nix", "gone.nix", "modules/new one.nix"],
      submodules: [],
    });
  });

  it("are without those that were deleted and not yet committed", () => {
    rmSync(join(folder, "gone.nix"));
    expect(listed().files).toEqual([".gitignore", "flake.nix"]);
  });

  it("keep names that a line-wise list would break", () => {
    write("line\nbreak.nix", "{ }");
    write("ümlaut.nix", "{ }");
    expect(listed().files).toEqual(expect.arrayContaining(["line\nbreak.nix", "ümlaut.nix"]));
  });

  it("are relative to the flake's folder when the repository is larger", () => {
    write("host/flake.nix", "{ }");
    const inHost = (args: readonly string[]) =>
      execFileSync("git", args, { cwd: join(folder, "host"), encoding: "utf8" });
    expect(
      parseGitListing({
        tracked: inHost(gitListArguments.tracked),
        new: inHost(gitListArguments.new),
        deleted: inHost(gitListArguments.deleted),
      }).files,
    ).toEqual(["flake.nix"]);
  });

  it("name a submodule's folder apart", () => {
    const listing = { tracked: "100644 a 0\tflake.nix\x00160000 b 0\tvendor\x00", new: "", deleted: "" };
    expect(parseGitListing(listing)).toEqual({ files: ["flake.nix"], submodules: ["vendor"] });
  });

  it("in conflict are one file each", () => {
    const listing = { tracked: "100644 a 1\tx\x00100644 b 2\tx\x00100644 c 3\tx\x00", new: "", deleted: "" };
    expect(parseGitListing(listing).files).toEqual(["x"]);
  });
});

describe("a flake that is not uploaded", () => {
  const facts = { files: ["flake.nix"], totalBytes: 1000, maxBytes: 1024 ** 2 };

  it("is none that is in order", () => {
    expect(uploadProblems(facts)).toEqual([]);
  });

  it.each(["id_ed25519", "keys/id_rsa", ".env", ".env.local", "tls/server.pem", ".netrc"])(
    "is one with %s, which looks like a secret that nobody ignored",
    (file) => {
      expect(uploadProblems({ ...facts, files: ["flake.nix", file] })[0]?.what).toContain(file);
    },
  );

  it.each(["id_ed25519.pub", "env.nix", "modules/credentials.nix"])("is none for %s", (file) => {
    expect(uploadProblems({ ...facts, files: ["flake.nix", file] })).toEqual([]);
  });

  it("is one without a flake.nix, and one that is too large", () => {
    expect(uploadProblems({ ...facts, files: ["x.nix"] })[0]?.what).toContain("no flake.nix");
    expect(uploadProblems({ ...facts, totalBytes: 2 * 1024 ** 2 })[0]?.what).toContain(
      "2 MiB to copy, more than 1 MiB",
    );
  });
});

describe("the archive", () => {
  const bytes = async (entries: readonly TarEntry[]): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of tarStream(entries)) parts.push(part);
    return Buffer.concat(parts);
  };
  const file = (path: string, text: string, executable = false): TarEntry => ({
    kind: "file",
    path,
    executable,
    content: Buffer.from(text),
  });
  const longName = `${"deep/".repeat(30)}ümlaut.nix`;
  const entries: readonly TarEntry[] = [
    file("flake.nix", "{ }\n"),
    file("empty", ""),
    file("run.sh", "#!/bin/sh\n", true),
    file("block", "x".repeat(512)),
    file("with space\nand line.nix", "{ }"),
    file(longName, "deep"),
    { kind: "link", path: "link", target: "flake.nix" },
    { kind: "link", path: "long-link", target: longName },
  ];

  it("is what the system's tar unpacks, with long names, links and modes", async () => {
    const unpacked = spawnSync("tar", ["-xf", "-", "-C", folder], {
      input: await bytes(entries),
      encoding: "utf8",
    });
    expect([unpacked.status, unpacked.stderr]).toEqual([0, ""]);
    for (const entry of entries) {
      const path = join(folder, entry.path);
      if (entry.kind === "link") expect(readlinkSync(path)).toBe(entry.target);
      else {
        expect(readFileSync(path)).toEqual(Buffer.from(entry.content));
        expect(lstatSync(path).mode & 0o100).toBe(entry.executable ? 0o100 : 0);
      }
    }
  });

  it("is the same bytes for the same files, whoever made it and when", async () => {
    expect((await bytes(entries)).equals(await bytes(entries))).toBe(true);
    expect((await bytes(entries)).byteLength % 512).toBe(0);
  });

  it("unpacks as it was packed from a folder with a link", async () => {
    write("a", "1");
    chmodSync(join(folder, "a"), 0o755);
    symlinkSync("a", join(folder, "b"));
    const list = spawnSync("tar", ["-tvf", "-"], {
      input: await bytes([file("a", "1", true), { kind: "link", path: "b", target: "a" }]),
      encoding: "utf8",
    });
    expect(list.stdout).toMatch(/^-rwxr-xr-x 0\/0 +1 .* a\nlrw-r--r-- 0\/0 +0 .* b -> a\n$/);
  });
});

describe("a flake's folder, read", () => {
  const digest = (...paths: readonly string[]) => flakeDigest(readFlakeEntries(systemFiles, folder, paths));

  beforeEach(() => {
    write("flake.nix", "{ }");
    write("empty", "");
    write("run.sh", "#!/bin/sh");
    chmodSync(join(folder, "run.sh"), 0o755);
    symlinkSync("flake.nix", join(folder, "link"));
  });

  it("is files, links and modes; what is gone is left out", async () => {
    const entries: TarEntry[] = [];
    for await (const entry of readFlakeEntries(systemFiles, folder, [
      "empty",
      "flake.nix",
      "gone",
      "link",
      "run.sh",
    ]))
      entries.push(entry);
    expect(entries).toEqual([
      { kind: "file", path: "empty", executable: false, content: Buffer.from("") },
      { kind: "file", path: "flake.nix", executable: false, content: Buffer.from("{ }") },
      { kind: "link", path: "link", target: "flake.nix" },
      { kind: "file", path: "run.sh", executable: true, content: Buffer.from("#!/bin/sh") },
    ]);
  });

  it("has a digest that changes with content, name, mode and target, and with nothing else", async () => {
    const before = await digest("flake.nix", "link", "run.sh");
    write("flake.nix", "{ }");
    expect(await digest("flake.nix", "link", "run.sh")).toBe(before);
    const others = [await digest("flake.nix", "link"), await digest("flake.nix", "run.sh", "link")];
    chmodSync(join(folder, "run.sh"), 0o644);
    others.push(await digest("flake.nix", "link", "run.sh"));
    write("flake.nix", "{ x = 1; }");
    others.push(await digest("flake.nix", "link", "run.sh"));
    expect(new Set([before, ...others]).size).toBe(5);
  });
});
