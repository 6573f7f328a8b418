// @ts-check
// `npm run try`: from nothing to a running VM in one command; `npm run try -- --remove` takes it all away.
// Plain Node without packages, because it runs before `npm ci`.
import { existsSync } from "node:fs";
import { limactl } from "../bed/limactl.mjs";
import { ensurePackages } from "../bed/packages.mjs";
import { BedError } from "../bed/run.mjs";
import { bedUser, refuseRootOnMac } from "../bed/user.mjs";
import { chooseImage } from "./image.mjs";
import { note, notePackages } from "./installed.mjs";
import { installCli, placeOf, quote, show, step } from "./place.mjs";
import { remove } from "./remove.mjs";
import { root, say } from "./say.mjs";
import { bringUp } from "./start.mjs";
import { wishOf } from "./wish.mjs";

async function tryIt() {
  refuseRootOnMac();
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) {
    say("Installing node modules: npm ci");
    await note({ modules: [root] });
    step("npm", ["ci", "--no-audit", "--no-fund"]);
  }
  await note({});
  await ensurePackages("try", { log: say, note: notePackages });
  const user = await bedUser({ log: say });
  const lima = await limactl({ log: say, note: notePackages });
  const place = placeOf(user, lima.path);
  await installCli(place);
  await bringUp(place, () => chooseImage(place));
  say("\n$ ascalon status");
  show(place, ["status"]);
  say("\n$ ascalon shell -- uname -a");
  show(place, ["shell", "--no-cwd", "--", "uname", "-a"]);
  say(`\nWhat next:
  ${quote(place.shown)} shell          a shell in the VM
  ${quote(place.shown)} help           every command
  npm run try -- --remove     take everything away again`);
}

try {
  if (wishOf(process.argv.slice(2), process.env) === "remove") await remove();
  else await tryIt();
} catch (error) {
  if (!(error instanceof BedError)) throw error;
  process.stderr.write(`try: ${error.message}\n`);
  process.exitCode = 1;
}
