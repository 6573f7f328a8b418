// @ts-check
// Homebrew on an Apple chip: its own is below /opt/homebrew, one below /usr/local is for Intel.
import { machineArch } from "./machine-arch.mjs";
import { everyWhich } from "./run.mjs";

/** The brew whose formulas are for this machine. That of Intel on an Apple chip would bring an Intel limactl. */
export const brewForMachine = () => everyWhich("brew").find(forMachine);

/** @param {string} brew */
export const forMachine = (brew) => machineArch !== "arm64" || !brew.startsWith("/usr/local/");

/**
 * A Node for Intel hands on to bash, which is made for both, that it is to run for Intel; and then brew refuses to install
 * below /opt/homebrew. This variable makes it start anew as what the machine is.
 * @returns {NodeJS.ProcessEnv}
 */
export function brewEnvironment() {
  return machineArch === process.arch ? process.env : { ...process.env, HOMEBREW_CHANGE_ARCH_TO_ARM: "1" };
}
