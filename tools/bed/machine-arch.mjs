// @ts-check
// Which processor this machine has, which need not be the one that Node is made for.
import { cpus } from "node:os";

/**
 * As src/cli/create-context.ts has it, which is not built yet: a Node for Intel on an Apple chip calls itself x64, Rosetta
 * shows it a "VirtualApple", and the limactl and the images that run there are those for arm64.
 * @param {string} platform
 * @param {string} nodeArch
 * @param {string} [processor]
 */
export function archOf(platform, nodeArch, processor = "") {
  return platform === "darwin" && nodeArch === "x64" && processor.includes("Apple") ? "arm64" : nodeArch;
}

/** In Node's words. */
export const machineArch = archOf(process.platform, process.arch, cpus()[0]?.model);
