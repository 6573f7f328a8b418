import { posix } from "node:path";
import { quote } from "../quote.ts";

/**
 * Which files of a flake's folder go into the guest. Git decides: what it tracks, and what is new and not ignored.
 * Ignored files stay home, because that is where secrets are kept.
 */

/** Arguments for git in the flake's folder. Paths come back relative to it, also when the repository is larger. */
export const gitListArguments = {
  /** Tracked and new files, each with its mode when tracked. */
  tracked: ["ls-files", "-z", "--stage", "--", "."],
  new: ["ls-files", "-z", "--others", "--exclude-standard", "--", "."],
  /** Tracked files that are gone from the folder. */
  deleted: ["ls-files", "-z", "--deleted", "--", "."],
} as const;

export interface GitListing {
  readonly tracked: string;
  readonly new: string;
  readonly deleted: string;
}

export interface FlakeFiles {
  /** Sorted, so that the same folder is the same upload. */
  readonly files: readonly string[];
  /** Folders of submodules: their content is another repository's, and is left out. */
  readonly submodules: readonly string[];
  /** Folders of repositories that this one does not know of: git lists nothing in them. */
  readonly clones: readonly string[];
}

const gitLinkMode = "160000";

export function parseGitListing(listing: GitListing): FlakeFiles {
  const tracked = records(listing.tracked).map(parseStaged);
  const deleted = new Set(records(listing.deleted));
  const submodules = tracked.filter(({ mode }) => mode === gitLinkMode).map(({ path }) => path);
  const added = records(listing.new).filter((path) => !isOfFinder(path));
  const files = new Set([
    ...tracked.filter(({ mode, path }) => mode !== gitLinkMode && !deleted.has(path)).map(({ path }) => path),
    ...added.filter((path) => !path.endsWith("/")),
  ]);
  return {
    files: [...files].toSorted(),
    submodules: [...new Set(submodules)].toSorted(),
    clones: added.filter((path) => path.endsWith("/")).map((path) => path.slice(0, -1)),
  };
}

/** What the Mac's Finder leaves in each folder that it shows, and writes again whenever it likes: no change of a flake. */
const isOfFinder = (path: string): boolean => /(^|\/)\.DS_Store$/.test(path);

const records = (text: string): readonly string[] => text.split("\0").filter((record) => record !== "");

/** `MODE OBJECT STAGE<tab>PATH`; a file in conflict has up to three such records. */
function parseStaged(record: string): { mode: string; path: string } {
  const tab = record.indexOf("\t");
  return { mode: record.slice(0, record.indexOf(" ")), path: record.slice(tab + 1) };
}

export interface UploadProblem {
  readonly what: string;
  readonly fix: string;
}

export interface UploadFacts {
  readonly folder: string;
  /** Whether it is in a repository: elsewhere nothing is ignored. */
  readonly inGit: boolean;
  readonly files: readonly string[];
  /** Folders of other repositories whose files are among them. */
  readonly clones?: readonly string[];
  readonly totalBytes: number;
  readonly maxBytes: number;
}

/** Names that hold keys, wherever they lie. A tracked one is an accident that a copy would spread. */
const secretName =
  /(^|\/)(id_(rsa|dsa|(ecdsa|ed25519)(_sk)?)|ssh_host_\w+_key|\.env(\.(?!(example|sample|template|dist)$)\w+)?|[^/]+\.(pem|p12|kdbx)|\.netrc|credentials)$/i;

/** git itself makes no such name, and lists one that somebody wrote into its index. */
const isInFolder = (file: string): boolean =>
  file
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && part.toLowerCase() !== ".git");

/** Why a folder is not uploaded; nothing when it is. */
export function uploadProblems(facts: UploadFacts): readonly UploadProblem[] {
  const { inGit, files, clones = [], totalBytes, maxBytes } = facts;
  const secrets = files.filter((file) => secretName.test(file));
  const outside = files.filter((file) => !isInFolder(file));
  return [
    ...outside.map((file) => ({
      what: `git lists ${file}, which is not a file in the folder: its index is damaged, or crafted to have that file copied into the guest`,
      fix: "Make a new clone of the flake, and name that in `system.flake`.",
    })),
    ...(files.includes("flake.nix")
      ? []
      : [
          {
            what: `The folder has no flake.nix${inGit ? " that git tracks or could track" : ""}`,
            fix: "Name the folder of a flake in `system.flake`, or create one with `ascalon init`.",
          },
        ]),
    ...secrets.map((file) => ({
      what: `${file} looks like a secret and ${inGit ? "is not ignored by git" : "the folder is in no git repository that could ignore it"}, so it would be copied into the guest`,
      fix: fixOfSecret(file, facts),
    })),
    ...(totalBytes > maxBytes
      ? [
          {
            what: `The folder has ${mebibytes(totalBytes)} MiB to copy, more than ${mebibytes(maxBytes)} MiB${clones.length === 0 ? "" : `, with the clones in it (${clones.join(", ")})`}`,
            fix: inGit
              ? "Ignore what is built or downloaded, and clones that the flake does not read; a flake is text."
              : `Put what is built or downloaded elsewhere, or ${makeRepository(facts)}; a flake is text.`,
          },
        ]
      : []),
  ];
}

/** To be pasted: a name is somebody else's to choose. What a clone tracks, only ignoring the whole of it leaves out. */
function fixOfSecret(file: string, facts: UploadFacts): string {
  const { folder, inGit, clones = [] } = facts;
  const clone = clones.find((one) => file.startsWith(`${one}/`));
  const ignore = (path: string): string =>
    `\`echo ${quote(`/${path}`)} >>${quote(posix.join(folder, ".gitignore"))}\``;
  const renamed = /\.pem$/i.test(file) ? " A certificate without its key passes as .crt." : "";
  if (!inGit) return `Put it elsewhere, or ${makeRepository(facts)}.${renamed}`;
  return clone === undefined
    ? `Ignore it (${ignore(file)}), and remove it from git if it is tracked.${renamed}`
    : `Ignore the clone that it is in (${ignore(`${clone}/`)}), or put a copy without it there.`;
}

const makeRepository = ({ folder }: UploadFacts): string =>
  `make the folder a repository (\`git init ${quote(folder)}\`) and ignore it there`;

const mebibytes = (bytes: number): number => Math.ceil(bytes / 1024 ** 2);
