// @ts-check
import { BedError } from "../bed/run.mjs";

/**
 * What is wanted, from the words behind `npm run try --`. Anything else is refused: to install a VM is no answer to a
 * word that was not understood. npm keeps what stands before its own `--` and tells of it by a variable alone.
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} env
 * @returns {"try" | "remove"}
 */
export function wishOf(words, env) {
  const other = words.find((word) => word !== "--remove");
  if (other !== undefined) throw refused(`${other} is not understood`);
  if (words.length > 0) return "remove";
  if (env.npm_config_remove === "true")
    throw refused("npm keeps --remove for itself unless -- stands before it");
  return "try";
}

/** @param {string} why */
const refused = (why) =>
  new BedError(
    `${why}; nothing was done\n  run: npm run try    (from nothing to a running VM)\n  run: npm run try -- --remove    (takes it all away again)`,
  );
