// @ts-check
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** @param {string} line */
export const say = (line) => void process.stdout.write(`${line}\n`);
