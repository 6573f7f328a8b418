// @ts-check
// limactl and its guest agent, built from the pinned Go module in tools/limactl.
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDir, cached, goFolder, keyOf } from "./cache.mjs";
import { goTool } from "./go.mjs";
import { machineArch } from "./machine-arch.mjs";
import { must } from "./run.mjs";

/** @typedef {import("./packages.mjs").Options} Options */

const moduleDir = join(dirname(dirname(fileURLToPath(import.meta.url))), "limactl");

/** @param {string} version */
export async function builtName(version) {
  const files = ["go.mod", "go.sum"].map((name) => join(moduleDir, name));
  return `limactl-${version}-${await keyOf(moduleDir, files, [process.platform, machineArch])}`;
}

/**
 * @param {string} version
 * @param {Options} options
 * @returns {Promise<string>} the path of limactl
 */
export async function buildLimactl(version, options) {
  const name = await builtName(version);
  const place = await cached(name, (folder) => build(version, folder, options), options.log);
  return join(place, "bin", "limactl");
}

/**
 * @param {string} version
 * @param {string} folder
 * @param {Options} options
 */
async function build(version, folder, { log, note }) {
  const go = await goTool({ log, note });
  log(`Building limactl ${version} from tools/limactl (a minute or two the first time).`);
  // Lima's machine name in the agent's, Go's in GOARCH.
  const arch = machineArch === "arm64" ? "aarch64" : "x86_64";
  const share = join(folder, "share", "lima");
  const agent = join(share, `lima-guestagent.Linux-${arch}`);
  await mkdir(join(folder, "bin"));
  await mkdir(share, { recursive: true });
  // -mod=readonly: the committed go.sum says all that may be used. No cgo, so that no C compiler is asked for.
  // Go's own folders are ours, so that they can be taken away again, for which -modcacherw leaves them writable.
  const goDir = join(cacheDir(), goFolder);
  const env = {
    ...process.env,
    ...go.env,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false -trimpath",
    GOPATH: goDir,
    GOMODCACHE: join(goDir, "mod"),
    GOCACHE: join(goDir, "build"),
  };
  const flags = ["-ldflags", `-s -w -X github.com/lima-vm/lima/v2/pkg/version.Version=v${version}`];
  const programs = [
    [join(folder, "bin", "limactl"), "limactl"],
    [agent, "lima-guestagent"],
  ];
  for (const [output = "", name] of programs) {
    const command = ["build", ...flags, "-o", output, `github.com/lima-vm/lima/v2/cmd/${name}`];
    await must(`Building ${name}`, go.file, command, { cwd: moduleDir, env });
    await chmod(output, 0o755);
  }
}
