/**
 * dist/ascalon.mjs: loads the program beside it, compiled already where that can be. Half of what a short command
 * costs is V8 reading 250 KB of JavaScript, of which it runs a tenth (docs/performance.md). Node >= 22.8 keeps
 * compiled code by itself; for Node 20 the same is done here with the V8 cache that node:vm offers.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import nodeModule from "node:module";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { version } from "./version.ts";

const load = nodeModule.createRequire(import.meta.url);
const program = fileURLToPath(new URL("./cli.cjs", import.meta.url));
const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  process.stdout.write(`ascalon ${version}\n`);
} else if ("enableCompileCache" in nodeModule) {
  (nodeModule.enableCompileCache as () => void)();
  load("./cli.cjs");
} else loadWithCache();

function loadWithCache(): void {
  const cacheFile = cachePath();
  const script = new Script(nodeModule.wrap(readFileSync(program, "utf8")), {
    filename: program,
    ...withData(readOwn(cacheFile)),
  });
  // At the end, when the functions of this call were compiled too. Rejected: another V8 made it.
  if (script.cachedDataRejected !== false)
    process.once("exit", () => keep(cacheFile, script.createCachedData()));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, load, module, program, dirname(program));
}

/** V8 knows its cache only by the length of the source, so the name holds what tells one build from another. */
function cachePath(): string {
  const { size, mtimeMs } = statSync(program);
  const base = process.env.XDG_CACHE_HOME?.startsWith("/")
    ? process.env.XDG_CACHE_HOME
    : `${homedir()}/.cache`;
  return `${base}/ascalon/code-${version}-${process.version}-${size}-${Math.round(mtimeMs)}.v8`;
}

/** Compiled code is code: only a file of this user's that nobody else can write is believed. */
function readOwn(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { uid, mode } = fstatSync(file);
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function withData(cachedData: Buffer | undefined): { cachedData?: Buffer } {
  return cachedData ? { cachedData } : {};
}

/** Whole or not at all, and never an error: without it the next call is only as slow as this one. */
function keep(path: string, data: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const whole = `${path}.${process.pid}`;
    writeFileSync(whole, data, { mode: 0o600, flag: "wx" });
    renameSync(whole, path);
    // Of builds that are no longer run; the folder is for such files alone.
    for (const name of readdirSync(dirname(path))) {
      if (name.startsWith("code-") && !path.endsWith(name))
        rmSync(`${dirname(path)}/${name}`, { force: true });
    }
  } catch {
    // A full disk, a home that cannot be written: nothing is kept.
  }
}
