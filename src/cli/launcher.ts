/**
 * dist/ascalon.mjs: loads the program beside it, compiled already where that can be. Half of what a short command
 * costs is V8 reading 250 KB of JavaScript, of which it runs a tenth (docs/performance.md). Node >= 22.8 keeps
 * compiled code by itself; for Node 20 the same is done here with the V8 cache that node:vm offers. Built as CommonJS
 * (tools/build.mjs says why), so `require` and `__dirname` are there.
 */
import type { Script as ScriptType } from "node:vm";
import { version } from "./version.ts";

const isOldNode = !("getBuiltinModule" in process);
if (isOldNode) {
  process.stderr.write(
    `ascalon: needs Node 20.19 or newer, but this is ${process.version}\n  run: ascalon with a newer node first in PATH\n`,
  );
  process.exit(6);
}

/** An import of one of Node's modules makes a module of its own around it, each half a millisecond at every start. */
const builtin = process.getBuiltinModule;
const {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} = builtin("node:fs");
const nodeModule = builtin("node:module");

const argv = process.argv.slice(2);
const name = isPlainStatus(argv) ? "status" : "cli";
const program = `${__dirname}/${name}.cjs`;

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  writeVersion();
} else if ("enableCompileCache" in nodeModule) {
  // Without a folder Node takes one in /tmp whose name anybody knows, and believes what it finds there.
  // One that the person named is theirs to choose.
  const own = cacheFolder();
  const folder = process.env.NODE_COMPILE_CACHE || (own && `${own}/node`);
  if (folder && (process.env.NODE_COMPILE_CACHE || makeOwn(folder)))
    (nodeModule.enableCompileCache as (folder: string) => void)(folder);
  require(program);
} else loadWithCache();

/** What cannot be written ends as it does for every other command (create-context.ts). */
function writeVersion(): void {
  try {
    writeSync(1, `ascalon ${version}\n`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EPIPE") return;
    process.exitCode = 1;
    process.stderr.write(`ascalon: cannot write its output: ${message}\n`);
  }
}

/** What status.cjs has all the code for. */
function isPlainStatus([verb, ...words]: readonly string[]): boolean {
  return verb === "status" && words.every((word) => word === "--json" || word === "--watch");
}

function loadWithCache(): void {
  const cacheFile = cachePath();
  if (cacheFile === undefined) return void require(program);
  const { Script } = builtin("node:vm");
  const script: ScriptType = new Script(nodeModule.wrap(readFileSync(program, "utf8")), {
    filename: program,
    ...withData(readOwn(cacheFile)),
  });
  // At the end, when the functions of this call were compiled too. Rejected: another V8 made it.
  if (script.cachedDataRejected !== false)
    process.once("exit", () => keep(cacheFile, script.createCachedData()));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, program, __dirname);
}

/** V8 knows its cache only by the length of the source, so the name holds what tells one build from another. */
function cachePath(): string | undefined {
  const folder = cacheFolder();
  if (folder === undefined) return undefined;
  // In the Nix store all files are of 1970: there only the inode differs.
  const { ino, size, mtimeMs } = statSync(program);
  return `${folder}/code-${name}-${version}-${process.version}-${ino}-${size}-${Math.round(mtimeMs)}.v8`;
}

/** None with a HOME that is no absolute path, which the program refuses: it would be made where ascalon was called. */
function cacheFolder(): string | undefined {
  if (process.env.XDG_CACHE_HOME?.startsWith("/")) return `${process.env.XDG_CACHE_HOME}/ascalon`;
  const home = homeFolder();
  return home.startsWith("/") ? `${home}/.cache/ascalon` : undefined;
}

/** As the program has it (create-context.ts): an empty HOME is none. */
function homeFolder(): string {
  if (process.env.HOME) return process.env.HOME;
  try {
    return builtin("node:os").userInfo().homedir;
  } catch {
    return "";
  }
}

/** Makes the folder; whether it is one that nobody but this user can write. */
function makeOwn(folder: string): boolean {
  try {
    if (isRootInAHome()) return false;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    return uid === process.getuid?.() && (mode & 0o170022) === 0o040000;
  } catch {
    return false;
  }
}

/** `sudo ascalon` keeps HOME on a Mac: what root leaves in a person's home would be in that person's way. */
function isRootInAHome(): boolean {
  return process.getuid?.() === 0 && statSync(homeFolder()).uid !== 0;
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
  const whole = `${path}.${process.pid}`;
  try {
    if (!makeOwn(builtin("node:path").dirname(path))) return;
    writeFileSync(whole, data, { mode: 0o600, flag: "wx" });
    renameSync(whole, path);
    // Of builds that are no longer run; the folder is for such files alone.
    const old = new RegExp(`^code-(${name}-|\\d)`);
    for (const other of readdirSync(builtin("node:path").dirname(path))) {
      if (old.test(other) && !path.endsWith(other))
        rmSync(`${builtin("node:path").dirname(path)}/${other}`, { force: true });
    }
  } catch {
    // A full disk, a home that cannot be written: nothing is kept, and no part of it is left.
    rmIfThere(whole);
  }
}

function rmIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What cannot be removed was not made either.
  }
}
