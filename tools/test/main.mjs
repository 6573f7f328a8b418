// `npm test`: everything, the real VM included. `npm run test:fast`: everything but the VM.
// Works on a clean clone: brings what is missing, says so, and fails where something cannot be had.
// Plain Node without packages, because it runs before `npm ci`.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../bed/packages.mjs";
import { BedError } from "../bed/run.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fast = process.argv.includes("--fast");
const rest = process.argv.slice(2).filter((argument) => argument !== "--fast");

/** @param {string} file @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] */
function run(file, args, env = process.env) {
  const { status, signal } = spawnSync(file, args, { cwd: root, stdio: "inherit", env });
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
}

if (process.platform !== "linux") {
  process.stderr.write(
    [
      `npm test: it needs Linux, and this is ${process.platform}`,
      "  why: nothing was done; its VM is made of Debian's packages, and the programs it talks to are Linux's",
      "  run: npm ci && npx vitest run --project fast    (the pure parts and the CLI in process; all of it: on Debian or Ubuntu)\n",
    ].join("\n"),
  );
  process.exit(6);
}
if (!existsSync(`${root}/node_modules/.package-lock.json`)) {
  console.error("npm test: installing node modules (npm ci)");
  run("npm", ["ci"]);
}
try {
  await ensurePackages(fast ? "process-tests" : "all-tests", { log: console.error });
} catch (error) {
  if (!(error instanceof BedError)) throw error;
  process.stderr.write(`npm test: ${error.message}\n`);
  process.exit(1);
}
run("node", ["tools/build.mjs"]);
/** @param {readonly string[]} projects @param {readonly string[]} options @param {NodeJS.ProcessEnv} [env] */
const vitest = (projects, options, env) =>
  run("npx", ["vitest", "run", ...projects.flatMap((name) => ["--project", name]), ...options, ...rest], env);
// Each start of Node reads and parses these, 30 ms a thousand times. None of the fast tests talks TLS; the VM's bed may.
const { NODE_EXTRA_CA_CERTS: _, ...withoutCertificates } = process.env;

// One a processor: vitest leaves one free, which on two is half.
vitest(["fast", "lua", "nix"], ["--maxWorkers", String(availableParallelism())], withoutCertificates);
// These mostly wait for other programs and measure how long something took, so nothing that computes runs beside them.
const workers = String(Math.max(6, availableParallelism()));
vitest(["process"], ["--maxWorkers", workers], withoutCertificates);
// Alone: a VM under emulation needs both cores, and other work would only make its boots look slow.
if (!fast) vitest(["machine"], ["--reporter", "verbose"]);
