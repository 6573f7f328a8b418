import { posix } from "node:path";
import type { Context } from "../context.ts";
import { isTransient, lastingPath } from "../lasting-path.ts";

type Host = Pick<Context, "env" | "host" | "files">;

/** What the agent, and the `ascalon start` that it calls, run by name; also `op`, which the guest asks for. */
const programs = ["node", "limactl", "ssh", "qemu-img", "op"] as const;

/** Where package managers and the system put programs, whatever a shell's PATH says. */
function usualFolders({ env, host: { home } }: Host): readonly string[] {
  return [
    `${home}/.nix-profile/bin`,
    ...(env.USER ? [`/etc/profiles/per-user/${env.USER}/bin`] : []),
    "/run/wrappers/bin",
    "/run/current-system/sw/bin",
    "/nix/var/nix/profiles/default/bin",
    "/opt/homebrew/bin",
    "/usr/local/bin",
    `${home}/.local/bin`,
    "/usr/bin",
    "/bin",
    "/usr/sbin",
    "/sbin",
  ];
}

async function firstWith(
  files: Host["files"],
  folders: readonly string[],
  name: string,
): Promise<string | undefined> {
  for (const folder of folders) {
    if (folder.startsWith("/") && (await files.isExecutable(posix.join(folder, name)))) return folder;
  }
  return undefined;
}

/**
 * PATH of the agent: the folders in which this shell finds the programs that the agent needs, in the shell's order, so
 * that it finds the same ones; then the usual folders. Nothing else of the shell's PATH goes along.
 */
export async function agentSearchPath(host: Host): Promise<string> {
  const { env, files } = host;
  const shell = (env.PATH ?? "").split(":");
  const usual = usualFolders(host);
  const used = await Promise.all(
    programs.map(async (name) => {
      const folder = await firstWith(files, shell, name);
      if (folder === undefined || !isTransient(`${folder}/`)) return folder;
      return (await firstWith(files, usual, name)) === undefined ? folder : undefined;
    }),
  );
  const ordered = shell.filter((folder) => used.includes(folder));
  const lasting = await Promise.all(ordered.map((folder) => lastingPath(files, folder)));
  return [...new Set([...lasting, ...usual])].join(":");
}
