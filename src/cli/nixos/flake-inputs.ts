import { nearest } from "../settings/nearest.ts";

/** The name that `nix flake update` was given and passed over (libflake/flake.cc); undefined when it knew all. */
export const unknownInput = (stderr: string): string | undefined =>
  /^(?:warning: )?'(.+)' does not match any input of this flake$/m.exec(stderr)?.[1];

/** The inputs that it found newer versions of (libflake/lockfile.cc). */
export const updatedInputs = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/^• (?:Updated|Added) input '(.+)':$/gm)].map(([, name = ""]) => name);

/** Those that Nix took anew for a build, because the flake.lock has none or another; not the ones that only follow. */
export const unpinnedInputs = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/^• (?:Updated|Added) input '(.+)':\n {4}'/gm)].map(([, name = ""]) => name);

interface LockNode {
  /** By name: the key of a node, or the path of the input that is followed. */
  readonly inputs?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Every input of a flake.lock that can be updated, as `nix flake update` takes it: those of the flake itself, then theirs
 * (`ascalon/nixpkgs`). One that follows another has nothing of its own.
 */
export function lockedInputs(lock: string): readonly string[] {
  const { nodes, root } = parse(lock);
  const found: string[] = [];
  let level: readonly { readonly path: string; readonly key: string }[] = [{ path: "", key: root }];
  // A node that two inputs lead to is named by the first; nodes may lead to each other.
  const seen = new Set<string>([root]);
  while (level.length > 0) {
    level = level.flatMap(({ path, key }) =>
      Object.entries(nodes[key]?.inputs ?? {}).flatMap(([name, to]) => {
        if (typeof to !== "string" || seen.has(to)) return [];
        seen.add(to);
        return [{ path: path === "" ? name : `${path}/${name}`, key: to }];
      }),
    );
    found.push(...level.map(({ path }) => path));
  }
  return found;
}

function parse(lock: string): { readonly nodes: Readonly<Record<string, LockNode>>; readonly root: string } {
  try {
    const { nodes, root } = JSON.parse(lock) as { nodes?: Record<string, LockNode>; root?: string };
    return { nodes: nodes ?? {}, root: root ?? "" };
  } catch {
    return { nodes: {}, root: "" };
  }
}

/** What was probably meant: the same name further down, else one that is written nearly so. */
export const suggestedInput = (name: string, inputs: readonly string[]): string | undefined =>
  inputs.find((input) => input.endsWith(`/${name}`)) ?? nearest(name, inputs);
