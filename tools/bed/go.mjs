// @ts-check
// A Go that is new enough for the pinned module. Distributions are often behind, so what they have only has to fetch the
// right one, which the Go team publishes as a module (golang.org/toolchain), checked like any other by Go's sum database.
import { chmod, cp, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { machineArch } from "./machine-arch.mjs";
import { installPackages } from "./packages.mjs";
import { BedError, isExecutable, must, run, which } from "./run.mjs";

/** @typedef {{ file: string, env: NodeJS.ProcessEnv }} GoTool `env` is added to the environment of each call */

/** What tools/limactl/go.mod asks for. */
const wanted = "1.25.7";

/**
 * @param {import("./packages.mjs").Options} options
 * @returns {Promise<GoTool>}
 */
export async function goTool({ log, note }) {
  let file = findGo();
  if (file === undefined) {
    await installPackages([{ tool: "go", apt: "golang-go", brew: "go" }], { log, note });
    file = findGo();
  }
  if (file === undefined) throw new BedError("Go was installed, but is not in PATH.");
  const minor = await minorOf(file);
  // GOTOOLCHAIN=local, which some systems set, would refuse to fetch a newer one.
  if (minor >= 21) return { file, env: { GOTOOLCHAIN: `go${wanted}+auto` } };
  log(`${file} is too old. Fetching Go ${wanted} as a module.`);
  const old = file;
  const place = await cached(`go-${wanted}-${machineArch}`, (folder) => fetchToolchain(old, folder), log);
  return { file: join(place, "go", "bin", "go"), env: { GOTOOLCHAIN: "local", GOROOT: join(place, "go") } };
}

/** Go's own installer does not put it into PATH. */
function findGo() {
  return which("go") ?? ["/usr/local/go/bin/go"].find(isExecutable);
}

/** The 25 of go1.25.7. Asked outside of any module, so that no go.mod makes it fetch another. @param {string} file */
async function minorOf(file) {
  const { stdout } = await run(file, ["version"], {
    cwd: tmpdir(),
    env: { ...process.env, GOTOOLCHAIN: "local" },
  });
  return Number(/go1\.(\d+)/.exec(stdout)?.[1] ?? 0);
}

/**
 * What a Go from 1.21 on does by itself: download the module, and undo what modules cannot hold (nested go.mod files, and
 * the right to execute).
 * @param {string} old
 * @param {string} folder
 */
async function fetchToolchain(old, folder) {
  const work = await mkdtemp(join(tmpdir(), "ascalon-go-"));
  try {
    const arch = machineArch === "arm64" ? "arm64" : "amd64";
    const module = `golang.org/toolchain@v0.0.1-go${wanted}.${process.platform}-${arch}`;
    const env = { ...process.env, GOFLAGS: "-modcacherw", GOPATH: work, GOMODCACHE: join(work, "mod") };
    await must(`Fetching Go ${wanted}`, old, ["mod", "download", module], { cwd: work, env });
    const go = join(folder, "go");
    await cp(join(work, "mod", module), go, { recursive: true });
    for (const path of await readdir(go, { recursive: true })) {
      if (path.endsWith("/_go.mod"))
        await rename(join(go, path), join(go, path.replace(/_go\.mod$/, "go.mod")));
    }
    for (const dir of ["bin", `pkg/tool/${process.platform}_${arch}`]) {
      for (const name of await readdir(join(go, dir))) await chmod(join(go, dir, name), 0o755);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
