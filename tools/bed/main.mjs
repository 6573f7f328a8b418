// @ts-check
// What the bed has, for shell scripts: node tools/bed/main.mjs limactl|guest|user|packages|all|remove [--json]
// stdout is data: one path a line, or one JSON document. What is done is said on stderr.
import { guestImage, removeGuestImages } from "./guest-image.mjs";
import { limactl } from "./limactl.mjs";
import { installMissingTools } from "./packages.mjs";
import { BedError } from "./run.mjs";
import { bedUser, removeBedUser } from "./user.mjs";

/** @param {string} line */
const log = (line) => void process.stderr.write(`bed: ${line}\n`);

/** @type {Record<string, () => Promise<Record<string, unknown>>>} */
const commands = {
  packages: async () => ({ installed: await installMissingTools(["vm", "guest"], { log }) }),
  user: async () => ({ ...(await bedUser({ log })) }),
  limactl: async () => ({ ...(await limactl({ log })) }),
  guest: async () => {
    await installMissingTools(["guest"], { log });
    return { ...(await guestImage({ log })) };
  },
  all: async () => ({
    packages: await commands.packages?.(),
    user: await commands.user?.(),
    limactl: await commands.limactl?.(),
    guest: await commands.guest?.(),
  }),
  remove: async () => {
    await removeGuestImages({ log });
    await removeBedUser({ log });
    return {};
  },
};

const [name = "", ...flags] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  log(`usage: node tools/bed/main.mjs ${Object.keys(commands).join("|")} [--json]`);
  process.exitCode = 2;
} else {
  try {
    const answer = await command();
    const lines = Object.values(answer).filter((value) => typeof value !== "object");
    console.log(flags.includes("--json") ? JSON.stringify(answer) : lines.join("\n"));
  } catch (error) {
    if (!(error instanceof BedError)) throw error;
    log(error.message);
    process.exitCode = 1;
  }
}
