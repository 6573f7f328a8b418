import { posix } from "node:path";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { quote } from "../quote.ts";
import { readFlakeEntries } from "./flake-entries.ts";
import { type FlakeFiles, gitListArguments, parseGitListing, uploadProblems } from "./flake-upload.ts";
import { linksOut, refuseLinkedFlake } from "./links-out.ts";
import type { TarEntry } from "./tar-stream.ts";

/** The user's flake as it goes into the guest. */
export interface Flake {
  readonly folder: string;
  readonly entries: readonly TarEntry[];
  readonly hasLock: boolean;
  /** There is a flake.lock, and git ignores it. */
  readonly ignoresLock: boolean;
  /** Left out, because they are other repositories' content. */
  readonly submodules: readonly string[];
  /** Symlinks to what is not in the folder. */
  readonly linksOut: readonly string[];
}

type Host = Pick<Context, "files" | "processes" | "host">;

/** A flake is text; a folder with more than this has something in it that was meant to be ignored. */
const maxBytes = 64 * 1024 ** 2;

/** Throws E_FLAKE when the folder is none, or would take a secret along. `nixJson` takes the place of ascalon.json. */
export async function readFlake(context: Host, folder: string, nixJson: string): Promise<Flake> {
  if ((await context.files.info(folder)) === undefined) {
    throw new AscalonError("E_FLAKE", {
      what: `system.flake names ${folder}, and there is no such folder`,
      run: "ascalon init    (writes a starter flake beside your settings)",
    });
  }
  const byGit = await listWithClones(context, folder);
  const { files, submodules, clones } = byGit ?? {
    files: (await listFolder(context, folder, "")).toSorted(),
    submodules: [],
    clones: [],
  };
  const sizes = await Promise.all(
    files.map(async (file) => (await context.files.info(posix.join(folder, file)))?.sizeBytes ?? 0),
  );
  const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const [problem, ...more] = uploadProblems({
    folder,
    inGit: byGit !== undefined,
    files,
    clones,
    totalBytes,
    maxBytes,
  });
  if (problem) {
    throw new AscalonError("E_FLAKE", {
      what: `${problem.what} (${folder})`,
      run: problem.fix,
      details: more.map(({ what }) => what),
    });
  }
  const entries: TarEntry[] = [];
  const named = byGit || context.host.platform !== "darwin" ? (entry: TarEntry) => entry : composed;
  for await (const entry of readFlakeEntries(context.files, folder, files)) entries.push(named(entry));
  const out = linksOut(entries);
  await refuseLinkedFlake(context, folder, out);
  const generated: TarEntry = {
    kind: "file",
    path: "ascalon.json",
    executable: false,
    content: Buffer.from(nixJson),
  };
  return {
    folder,
    entries: [...entries.filter(({ path }) => path !== generated.path), generated],
    hasLock: files.includes("flake.lock"),
    ignoresLock:
      !files.includes("flake.lock") &&
      (await context.files.info(posix.join(folder, "flake.lock"))) !== undefined,
    submodules,
    linksOut: out,
  };
}

/**
 * A Mac's programs write an accent as a character of its own in a name, and its disk takes both for one name. The guest's
 * does not, and files name each other as they are typed. git has it done already (core.precomposeUnicode).
 */
function composed(entry: TarEntry): TarEntry {
  const path = entry.path.normalize();
  return entry.kind === "link" ? { ...entry, path, target: entry.target.normalize() } : { ...entry, path };
}

/**
 * What git lists, and in each clone in it what that one's own git does: `path:./ascalon` may be one. undefined where
 * the folder is in no repository.
 */
async function listWithClones(host: Host, folder: string): Promise<FlakeFiles | undefined> {
  const own = await listByGit(host, folder);
  if (!own) return undefined;
  const files = [...own.files];
  const submodules = [...own.submodules];
  const clones: string[] = [];
  for (const clone of own.clones) {
    const inside = await listWithClones(host, posix.join(folder, clone));
    // Outside of its own repository nothing says which of its files may be copied.
    if (!inside) submodules.push(clone);
    else {
      const within = (path: string): string => posix.join(clone, path);
      // One by one: a call has room for some hundred thousand arguments.
      for (const file of inside.files) files.push(within(file));
      submodules.push(...inside.submodules.map(within));
      clones.push(clone, ...inside.clones.map(within));
    }
  }
  return { files: files.toSorted(), submodules, clones };
}

/**
 * A guest may write to the repository through a mount, or it came from somebody else, and its configuration names programs:
 * core.fsmonitor is one that git runs to list files; what a clone left out is fetched when it is missed, by programs as
 * well; and files of a flake may look like a bare repository, with such a configuration among them. Nothing of it is run.
 */
const untrusted = {
  args: ["-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit"],
  // Of the two the second is known to every git, and no configuration undoes it.
  env: { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none" },
};

/** undefined where the folder is in no repository. */
async function listByGit({ processes }: Host, folder: string): Promise<FlakeFiles | undefined> {
  const git = async (args: readonly string[]): Promise<string | undefined> => {
    const result = await processes.run("git", [...untrusted.args, "-C", folder, ...args], {
      // Its words are looked at below.
      env: { LC_ALL: "C", ...untrusted.env },
      timeoutMs: 60_000,
    });
    if (result.exitCode === 0) return result.stdout;
    if (/not a git repository/.test(result.stderr)) return undefined;
    if (/safe\.bareRepository/.test(result.stderr)) throw bareRepository(folder);
    throw new AscalonError("E_FLAKE", {
      what:
        result.startError === "ENOENT"
          ? "git is not on PATH, and it is needed to list which files of the flake to copy"
          : `git cannot list the files of ${folder}`,
      run:
        result.startError === "ENOENT"
          ? "apt install git    (macOS: xcode-select --install)"
          : `git -C ${quote(folder)} status`,
      details: result.stderr.trim() === "" ? [] : result.stderr.trim().split("\n").slice(-3),
    });
  };
  const tracked = await git(gitListArguments.tracked);
  if (tracked === undefined) return undefined;
  const [added, deleted] = [await git(gitListArguments.new), await git(gitListArguments.deleted)];
  return parseGitListing({ tracked, new: added ?? "", deleted: deleted ?? "" });
}

/** git itself would take its `config` for one to follow, and that may name programs to run here. */
const bareRepository = (folder: string): AscalonError =>
  new AscalonError("E_FLAKE", {
    what: `${folder} contains the files of a bare git repository, and git is not allowed to follow their configuration`,
    run: `ls -la ${quote(folder)}    (HEAD, config, objects and refs belong in a .git folder)`,
  });

/** Outside of a repository: everything but hidden names and what Nix links to its results. */
async function listFolder({ files }: Host, folder: string, within: string): Promise<string[]> {
  const names = (await files.list(posix.join(folder, within))) ?? [];
  const found = await Promise.all(
    names
      .filter((name) => !name.startsWith(".") && name !== "result")
      .map(async (name) => {
        const path = within === "" ? name : `${within}/${name}`;
        const info = await files.info(posix.join(folder, path));
        return info?.kind === "folder" ? listFolder({ files } as Host, folder, path) : [path];
      }),
  );
  return found.flat();
}
