import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Files, systemFiles } from "../../../src/cli/adapters/files.ts";
import { systemProcesses } from "../../../src/cli/adapters/process.ts";
import { readFlakeEntries } from "../../../src/cli/nixos/flake-entries.ts";
import { gitListArguments, parseGitListing, uploadProblems } from "../../../src/cli/nixos/flake-upload.ts";
import { readFlake } from "../../../src/cli/nixos/read-flake.ts";
import { type TarEntry, tarStream } from "../../../src/cli/nixos/tar-stream.ts";
import { testHost } from "../../support/fake-context.ts";

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
      clones: [],
    });
  });

  it("are without what the Mac's Finder leaves in folders", () => {
    write(".DS_Store", "x");
    write("modules/.DS_Store", "x");
    expect(listed().files).toEqual([".gitignore", "flake.nix", "gone.nix"]);
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
    expect(parseGitListing(listing)).toEqual({ files: ["flake.nix"], submodules: ["vendor"], clones: [] });
  });

  it("name a clone's folder apart, of which this git lists nothing", () => {
    write("deep/clone/flake.nix", "{ }");
    git("-C", "deep/clone", "init", "--quiet");
    expect(listed()).toMatchObject({ clones: ["deep/clone"], submodules: [] });
    expect(listed().files.join()).not.toContain("deep");
  });

  it("in conflict are one file each", () => {
    const listing = { tracked: "100644 a 1\tx\x00100644 b 2\tx\x00100644 c 3\tx\x00", new: "", deleted: "" };
    expect(parseGitListing(listing).files).toEqual(["x"]);
  });
});

describe("a flake that is not uploaded", () => {
  const facts = {
    folder: "/home/mia/my flake",
    inGit: true,
    files: ["flake.nix"],
    totalBytes: 1000,
    maxBytes: 1024 ** 2,
  };

  it("is none that is in order", () => {
    expect(uploadProblems(facts)).toEqual([]);
  });

  it.each([
    "id_ed25519",
    "id_ed25519_sk",
    "keys/id_rsa",
    "hosts/ssh_host_ed25519_key",
    ".env",
    ".env.local",
    "tls/server.pem",
    ".netrc",
  ])("is one with %s, which looks like a secret that nobody ignored", (file) => {
    expect(uploadProblems({ ...facts, files: ["flake.nix", file] })[0]?.what).toContain(file);
  });

  it.each([
    "id_ed25519.pub",
    "hosts/ssh_host_ed25519_key.pub",
    ".env.example",
    "env.nix",
    "modules/credentials.nix",
  ])("is none for %s", (file) => {
    expect(uploadProblems({ ...facts, files: ["flake.nix", file] })).toEqual([]);
  });

  it("has a way out where the secret, or what is too large, is in a clone in it", () => {
    const clones = ["vendor/x"];
    const secret = uploadProblems({ ...facts, clones, files: ["flake.nix", "vendor/x/test/a.pem"] });
    expect(secret[0]?.fix).toContain("echo /vendor/x/ >>'/home/mia/my flake/.gitignore'");
    expect(uploadProblems({ ...facts, clones, totalBytes: 2 * 1024 ** 2 })[0]?.what).toContain(
      "with the clones in it (vendor/x)",
    );
  });

  it("has a way out where nothing can be ignored, because the folder is in no repository", () => {
    const outside = { ...facts, inGit: false, files: ["flake.nix", "ca.pem"], totalBytes: 2 * 1024 ** 2 };
    const [secret, size] = uploadProblems(outside);
    expect(secret?.what).toContain("the folder is in no git repository that could ignore it");
    for (const problem of [secret, size]) expect(problem?.fix).toContain("`git init '/home/mia/my flake'`");
    expect(secret?.fix).toContain("passes as .crt");
  });

  it("has a way out that is safe to paste, whatever a file of somebody else's is called", () => {
    const file = "$(touch it-ran);x.pem";
    const fix = (clones: readonly string[], name: string) =>
      /`(.*)`/.exec(
        uploadProblems({ ...facts, folder, clones, files: ["flake.nix", name] })[0]?.fix ?? "",
      )?.[1];
    for (const line of [fix([], file), fix(["$(touch it-ran)"], `$(touch it-ran)/a.pem`)])
      spawnSync("sh", ["-c", line ?? "false"], { cwd: "/" });
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(`/${file}\n/$(touch it-ran)/\n`);
    expect(existsSync(join(folder, "it-ran"))).toBe(false);
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

describe("a flake that is in no repository", () => {
  it.each(["darwin", "linux"] as const)(
    "has on %s the names that its files are called by",
    async (platform) => {
      const host = { files: systemFiles, processes: systemProcesses, host: { ...testHost, platform } };
      const typed = "gr\u00fc\u00dfe.txt";
      write("flake.nix", "{ }");
      write(typed.normalize("NFD"), "text");
      symlinkSync(typed.normalize("NFD"), join(folder, "link"));
      const { entries } = await readFlake(host, folder, "{}");
      const name = platform === "darwin" ? typed : typed.normalize("NFD");
      expect(entries.map(({ path }) => path)).toEqual(["flake.nix", name, "link", "ascalon.json"]);
      expect(entries).toContainEqual({ kind: "link", path: "link", target: name });
      expect(entries).toContainEqual(expect.objectContaining({ path: name, content: Buffer.from("text") }));
    },
  );
});

describe("a flake that somebody else can write to, such as a guest through a mount", () => {
  const host = { files: systemFiles, processes: systemProcesses, host: testHost };

  beforeEach(() => {
    write("flake.nix", "{ }");
    write("modules/hosts.yml", "the flake's own");
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "-m", "x");
  });

  it("has no program of its .git/config run on the host", async () => {
    const program = join(folder, "program");
    writeFileSync(program, `#!/bin/sh\ntouch ${folder}/it-ran\nexit 1\n`, { mode: 0o755 });
    write("clone/flake.nix", "{ }");
    git("-C", "clone", "init", "--quiet");
    for (const repository of [".", "clone"])
      git("-C", repository, "config", "core.fsmonitor", repository === "." ? program : `../program`);
    const { entries } = await readFlake(host, folder, "{}");
    expect(entries.map(({ path }) => path)).toContain("clone/flake.nix");
    expect(existsSync(join(folder, "it-ran"))).toBe(false);
    // git itself does run it.
    git("ls-files", "--stage");
    expect(existsSync(join(folder, "it-ran"))).toBe(true);
  });

  it.each(["above", "absolute", "within", "git's own"])(
    "is refused when somebody wrote a name into its index that is no file's of the folder: %s",
    async (where) => {
      const names: Readonly<Record<string, string>> = {
        above: `../${basename(folder)}/flake.nix`,
        absolute: join(folder, "flake.nix"),
        within: "modules/../flake.nix",
        "git's own": ".git/config",
      };
      const name = names[where] ?? "";
      const own = "m".repeat(name.length);
      write(own, "x");
      git("add", "--all");
      const index = join(folder, ".git/index");
      const text = readFileSync(index).toString("latin1").replace(own, name);
      const bytes = Buffer.from(text, "latin1").subarray(0, -20);
      writeFileSync(index, Buffer.concat([bytes, createHash("sha1").update(bytes).digest()]));
      await expect(readFlake(host, folder, "{}")).rejects.toMatchObject({
        code: "E_FLAKE",
        message: expect.stringContaining(`git lists ${name}, which is not a file in the folder`),
      });
    },
  );

  it("has nothing fetched that a clone left out, which a program of its .git/config would do", async () => {
    git("init", "--quiet", "--bare", "remote.git");
    for (const [key, value] of [
      ["core.repositoryformatversion", "1"],
      ["extensions.partialClone", "origin"],
      ["remote.origin.promisor", "true"],
      ["remote.origin.url", join(folder, "remote.git")],
      ["remote.origin.uploadpack", `touch ${folder}/it-ran; git-upload-pack`],
      ["protocol.file.allow", "always"],
    ] as const)
      git("config", key, value);
    const missing = "1234567890123456789012345678901234567890";
    git("update-index", "--add", "--cacheinfo", `100644,${missing},modules/.gitignore`);
    git("update-index", "--skip-worktree", "modules/.gitignore");
    write("modules/new.nix", "{ }");
    const { entries } = await readFlake(host, folder, "{}");
    expect(entries.map(({ path }) => path)).toContain("modules/new.nix");
    expect(existsSync(join(folder, "it-ran"))).toBe(false);
    spawnSync("git", ["ls-files", "--others", "--exclude-standard"], { cwd: folder });
    expect(existsSync(join(folder, "it-ran"))).toBe(true);
  });

  it("is refused where its own files make a repository, whose configuration they are", async () => {
    write("nix/flake.nix", "{ }");
    git("-C", "nix", "init", "--quiet", "--bare");
    git("-C", "nix", "config", "core.bare", "false");
    git("-C", "nix", "config", "core.worktree", ".");
    const refused = readFlake(host, join(folder, "nix"), "{}");
    await expect(refused).rejects.toMatchObject({
      code: "E_FLAKE",
      message: expect.stringContaining("contains the files of a bare git repository"),
    });
  });

  it("gives nothing of the host that a folder leads to which became a symlink", async () => {
    write("private/hosts.yml", "of the host");
    write(".gitignore", "/private/\n");
    rmSync(join(folder, "modules"), { recursive: true });
    symlinkSync(join(folder, "private"), join(folder, "modules"));
    const { entries } = await readFlake(host, folder, "{}");
    expect(
      JSON.stringify(entries.map((entry) => ("content" in entry ? String(entry.content) : entry))),
    ).not.toContain("of the host");
    expect(entries.map(({ path }) => path)).toEqual([".gitignore", "flake.nix", "modules", "ascalon.json"]);
  });

  it("has each file that an editor saves while it is read", async () => {
    let saved = false;
    const files: Files = {
      ...systemFiles,
      readBytes: async (path, bytes) => {
        const before = await systemFiles.readBytes(path, bytes);
        if (!saved) {
          write("saved", "newer");
          renameSync(join(folder, "saved"), path);
        }
        saved = true;
        return before;
      },
    };
    const entries: TarEntry[] = [];
    for await (const entry of readFlakeEntries(files, folder, ["flake.nix"])) entries.push(entry);
    expect(entries).toEqual([expect.objectContaining({ content: Buffer.from("newer") })]);
  });

  it.each(["modules", "modules/hosts.yml"])(
    "gives nothing of the host where %s becomes a symlink while it is read",
    async (turned) => {
      write("private/hosts.yml", "of the host");
      const target = join(folder, turned === "modules" ? "private" : "private/hosts.yml");
      const files: Files = {
        ...systemFiles,
        readBytes: async (path, bytes) => {
          if (path.endsWith("/hosts.yml")) {
            renameSync(join(folder, turned), join(folder, "aside"));
            symlinkSync(target, join(folder, turned));
          }
          return await systemFiles.readBytes(path, bytes);
        },
      };
      const entries: TarEntry[] = [];
      for await (const entry of readFlakeEntries(files, folder, ["flake.nix", "modules/hosts.yml"]))
        entries.push(entry);
      const contents = entries.filter(({ kind }) => kind === "file");
      expect(contents.map(({ path }) => path)).toEqual(["flake.nix"]);
    },
  );
});

describe("a flake with a clone in it", () => {
  const host = { files: systemFiles, processes: systemProcesses, host: testHost };
  const read = () => readFlake(host, folder, "{}");

  beforeEach(() => {
    git("init", "--quiet");
    write("flake.nix", "{ }");
    git("add", "--all");
    git("commit", "--quiet", "-m", "x");
    for (const clone of ["ascalon", "ascalon/inner"]) {
      write(`${clone}/flake.nix`, clone);
      write(`${clone}/.gitignore`, "/built\n");
      write(`${clone}/built`, "much");
      write(`${clone}/new.nix`, "new");
      git("-C", clone, "init", "--quiet");
      git("-C", clone, "add", "flake.nix", ".gitignore");
      git("-C", clone, "commit", "--quiet", "-m", "x");
    }
  });

  /** What `git add` of a clone does, without its warnings. */
  function embed(into: string, clone: string): void {
    const commit = git("-C", join(into, clone), "rev-parse", "HEAD").trim();
    git("-C", into, "update-index", "--add", "--cacheinfo", `160000,${commit},${clone}`);
  }

  it("takes of it what its own git tracks or could track, and so on in clones of the clone", async () => {
    const { entries, submodules } = await read();
    const inside = [".gitignore", "flake.nix", "new.nix"];
    expect(entries.map(({ path }) => path).toSorted()).toEqual(
      [
        "ascalon.json",
        "flake.nix",
        ...inside.flatMap((path) => [`ascalon/${path}`, `ascalon/inner/${path}`]),
      ].toSorted(),
    );
    expect(submodules).toEqual([]);
  });

  it("leaves it at home where it is ignored", async () => {
    write(".gitignore", "/ascalon/\n");
    expect((await read()).entries.map(({ path }) => path)).toEqual([
      ".gitignore",
      "flake.nix",
      "ascalon.json",
    ]);
  });

  it("names submodules of it, as those of the flake itself", async () => {
    embed("ascalon", "inner");
    expect((await read()).submodules).toEqual(["ascalon/inner"]);
    embed(".", "ascalon");
    expect((await read()).submodules).toEqual(["ascalon"]);
  });
});

describe("a flake's folder, read", () => {
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

  it("is what home-manager links into Nix's store, of which the guest has another: the file and not the link", async () => {
    const store = "/nix/store/0000-home-manager-files";
    write("store/guest.nix", "{ pkgs, ... }: { }");
    mkdirSync(join(folder, "store/modules"));
    for (const name of ["guest.nix", "modules", "gone.nix"])
      symlinkSync(join(folder, "store", name), join(folder, name));
    // A store of the test's own, by its usual name.
    const here = (path: string): string => path.replace(store, join(folder, "store"));
    const files: Files = {
      ...systemFiles,
      realPath: async (path) =>
        (await systemFiles.realPath(here(path)))?.replace(join(folder, "store"), store),
      info: (path) => systemFiles.info(here(path)),
      readBytes: (path, bytes) => systemFiles.readBytes(here(path), bytes),
    };
    const entries: TarEntry[] = [];
    for await (const entry of readFlakeEntries(files, folder, ["guest.nix", "modules", "gone.nix", "link"]))
      entries.push(entry);
    expect(entries).toEqual([
      { kind: "file", path: "guest.nix", executable: false, content: Buffer.from("{ pkgs, ... }: { }") },
      { kind: "link", path: "modules", target: join(folder, "store/modules") },
      { kind: "link", path: "gone.nix", target: join(folder, "store/gone.nix") },
      { kind: "link", path: "link", target: "flake.nix" },
    ]);
  });
});
