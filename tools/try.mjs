// @ts-check
// `npm run try`: from nothing to a running VM in one command; `npm run try -- --remove` takes it all away.
// Plain Node without packages, because it runs before `npm ci`.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { cacheDir } from "./bed/cache.mjs";
import { removeGuestImages } from "./bed/guest-image.mjs";
import { limactl } from "./bed/limactl.mjs";
import { ensurePackages } from "./bed/packages.mjs";
import { BedError } from "./bed/run.mjs";
import { bedUser, removeBedUser } from "./bed/user.mjs";
import { chooseImage } from "./try/image.mjs";
import { readInstalled, removePackages, writeInstalled } from "./try/installed.mjs";
import { ascalon, install, installCli, placeOf, show, step } from "./try/place.mjs";
import { root, say } from "./try/say.mjs";

async function tryIt() {
  const installed = await readInstalled();
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) {
    say("Installing node modules: npm ci");
    step("npm", ["ci", "--no-audit", "--no-fund"]);
    installed.modules = true;
    await writeInstalled(installed);
  }
  const packages = await ensurePackages("try", { log: say });
  const user = await bedUser({ log: say });
  const lima = await limactl({ log: say });
  const place = placeOf(user, lima.path);
  if (!existsSync(place.config)) {
    const image = await chooseImage(place);
    installed.packages.push(...image.packages);
    await writeInstalled(installed);
    await install(place, image.text);
  } else await installCli(place);
  installed.packages.push(...packages);
  await writeInstalled(installed);

  const state = JSON.parse((await ascalon(place, ["status", "--json"])).stdout || "{}").state;
  if (state === "ready") say("The VM is up and ready: nothing is to do.");
  else if (!show(place, ["up", "--timeout", "40m"]))
    throw new BedError("ascalon up failed; its words are above.");
  say("\n$ ascalon status");
  show(place, ["status"]);
  say("\n$ ascalon shell -- uname -a");
  show(place, ["shell", "--no-cwd", "--", "uname", "-a"]);
  say(`\nWhat next:
  ${place.shown} shell          a shell in the VM
  ${place.shown} help           every command
  npm run try -- --remove     take everything away again`);
}

async function remove() {
  const installed = await readInstalled();
  const user = await bedUser().catch(() => undefined);
  if (user && existsSync(`${user.home}/.ascalon-try`)) {
    const place = placeOf(user, (await limactl({ log: say })).path);
    say("Deleting the VM and its disks.");
    if (!show(place, ["destroy", "--yes", "--with-home"])) {
      throw new BedError("The VM could not be deleted, so nothing else was removed.");
    }
    await rm(place.folder, { recursive: true, force: true });
  }
  await removeGuestImages({ log: say });
  await removeBedUser({ log: say });
  await removePackages(installed.packages);
  say(`Removing ${cacheDir()}`);
  await rm(cacheDir(), { recursive: true, force: true });
  await rm(`${root}/dist`, { recursive: true, force: true });
  if (installed.modules) await rm(`${root}/node_modules`, { recursive: true, force: true });
  say("Everything that npm run try brought is gone.");
}

try {
  if (process.argv.includes("--remove")) await remove();
  else await tryIt();
} catch (error) {
  if (!(error instanceof BedError)) throw error;
  process.stderr.write(`try: ${error.message}\n`);
  process.exitCode = 1;
}
