// @ts-check
// limactl and its guest agent, built from the pinned Go module in tools/limactl.
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached, keyOf } from "./cache.mjs";
import { goTool } from "./go.mjs";
import { must } from "./run.mjs";

/** @typedef {import("./run.mjs").Log} Log */

const moduleDir = join(dirname(dirname(fileURLToPath(import.meta.url))), "limactl");

/** @param {string} version */
export async function builtName(version) {
  const files = ["go.mod", "go.sum"].map((name) => join(moduleDir, name));
  return `limactl-${version}-${await keyOf(moduleDir, files, [process.platform, process.arch])}`;
}

/**
 * @param {string} version
 * @param {{ log: Log }} options
 * @returns {Promise<string>} the path of limactl
 */
export async function buildLimactl(version, { log }) {
  const place = await cached(await builtName(version), (folder) => build(version, folder, log), log);
  return join(place, "bin", "limactl");
}

/**
 * @param {string} version
 * @param {string} folder
 * @param {Log} log
 */
async function build(version, folder, log) {
  const go = await goTool({ log });
  log(`Building limactl ${version} from tools/limactl (a minute or two the first time).`);
  // Lima's machine name in the agent's, Go's in GOARCH.
  const arch = process.arch === "arm64" ? "aarch64" : "x86_64";
  const share = join(folder, "share", "lima");
  const agent = join(share, `lima-guestagent.Linux-${arch}`);
  await mkdir(join(folder, "bin"));
  await mkdir(share, { recursive: true });
  // -mod=readonly: the committed go.sum says all that may be used. No cgo, so that no C compiler is asked for.
  const env = {
    ...process.env,
    ...go.env,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -buildvcs=false -trimpath",
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
