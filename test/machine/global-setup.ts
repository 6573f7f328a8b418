import { existsSync } from "node:fs";
import { chown, cp, mkdir, writeFile } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import { guestImage } from "../../tools/bed/guest-image.mjs";
import { limactl } from "../../tools/bed/limactl.mjs";
import { checkOwnFolder, makeOwnFolder, removeOwnFolder } from "../../tools/bed/own-folder.mjs";
import { installMissingTools } from "../../tools/bed/packages.mjs";
import { type BedUser, bedUser, runAs } from "../../tools/bed/user.mjs";
import type { BedDescription } from "./bed.ts";
import { endPrograms } from "./end-programs.ts";

/**
 * Prepares the one VM of the suite: a normal user, the real limactl, the stand-in guest, a home folder of its own.
 * Whatever cannot be had fails the run; nothing is skipped.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string): void => void process.stderr.write(`machine: ${line}\n`);
  await installMissingTools(["vm", "guest"], { log });
  const user = await bedUser({ log });
  const lima = await limactl({ log });
  const image = await guestImage({ log });
  // Short, because sockets lie below it, and no name that somebody gives a folder; another lets two runs stand side by side.
  const home = `${user.home}/${process.env.ASCALON_BED ?? ".asc-t"}`;
  await checkOwnFolder(home);
  const bed: BedDescription = {
    user,
    home,
    limaHome: `${home}/l`,
    projects: `${home}/p`,
    settingsFile: `${home}/.config/ascalon/ascalon.yaml`,
    imageFile: `${home}/image.yaml`,
    cli: `${home}/bin/ascalon.mjs`,
    path: [lima.path.slice(0, lima.path.lastIndexOf("/")), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
    node: process.execPath,
  };
  await endVm(bed);
  await makeOwnFolder(home);
  await mkdir(`${home}/.config/ascalon`, { recursive: true });
  await mkdir(bed.projects);
  await cp(new URL("../../dist", import.meta.url), `${home}/bin`, {
    recursive: true,
    verbatimSymlinks: true,
  });
  await writeFile(bed.imageFile, imageList(image));
  await writeFile(bed.settingsFile, settings(bed));
  await giveTo(user, home);
  project.provide("bed", bed);
  return async () => {
    await endVm(bed);
    await removeOwnFolder(home);
  };
}

function imageList({ disk, kernel, initrd, cmdline }: Awaited<ReturnType<typeof guestImage>>): string {
  const arch = process.arch === "arm64" ? "aarch64" : "x86_64";
  return `images:
  - location: ${disk}
    arch: ${arch}
    kernel:
      location: ${kernel}
      cmdline: ${JSON.stringify(cmdline)}
    initrd:
      location: ${initrd}
`;
}

function settings(bed: BedDescription): string {
  return `# The bed of the machine tests.
vm:
  cpus: 2 # both cores
  memory: 1GiB
  disk: 6GiB
  home: 2GiB
  image: ${bed.imageFile}
mounts:
  - host: ${bed.projects}
    writable: true
agent:
  enabled: false
`;
}

/** What an earlier run left, too: a run that was killed must not break the next one. */
async function endVm(bed: BedDescription): Promise<void> {
  const env = { LIMA_HOME: bed.limaHome, PATH: bed.path };
  const args = ["--tty=false", "delete", "--force", "ascalon"];
  // limactl makes its folder even for that.
  if (existsSync(bed.limaHome)) await runAs(bed.user, "limactl", args, { env, cwd: "/" }).catch(() => {});
  await endPrograms(bed.home);
}

async function giveTo(user: BedUser, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { readdir } = await import("node:fs/promises");
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chown(`${entry.parentPath}/${entry.name}`, user.uid, user.gid);
  }
}
