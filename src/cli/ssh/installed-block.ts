import { posix } from "node:path";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import { type HostBlockFacts, hostBlock } from "./host-block.ts";

/** The file that the line in ~/.ssh/config includes; it is there while the block is installed. */
export const includeFileOf = (context: Context): string =>
  posix.join(pathsOf(context).stateDir, "ssh_config");

export function hostBlockFacts(context: Context, user: string): HostBlockFacts {
  const { configFile, limaHome, instanceDir } = pathsOf(context);
  return {
    user,
    identityFile: posix.join(limaHome, "_config/user"),
    limaConfigFile: posix.join(instanceDir, "ssh.config"),
    settingsFile: context.configFlag === undefined ? undefined : configFile,
  };
}

/** The user that the VM was made with, whatever the settings say by now; undefined when there is none. */
export async function userOfVm(context: Context): Promise<string | undefined> {
  const text = await context.files.readText(`${pathsOf(context).instanceDir}/ascalon-applied.yaml`);
  try {
    const applied = JSON.parse(text ?? "null") as { user?: { name?: unknown } } | null;
    const name = applied?.user?.name;
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Once a VM was made, perhaps for another user than the one before it: an installed block follows. */
export async function renewInstalledBlock(context: Context, user: string): Promise<void> {
  const file = includeFileOf(context);
  if ((await context.files.readText(file)) === undefined) return;
  await context.files.writeAtomic(file, hostBlock(hostBlockFacts(context, user)), 0o600);
}
