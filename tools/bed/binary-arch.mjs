// @ts-check
// Which processor a program file is made for. An Intel limactl on an Apple chip, or one copied from another machine,
// starts VMs that cannot run, or does not start at all; its header tells beforehand.
import { closeSync, openSync, readSync } from "node:fs";

const elfMachines = new Map([
  [62, "x64"],
  [183, "arm64"],
]);
const machCpus = new Map([
  [0x01000007, "x64"],
  [0x0100000c, "arm64"],
]);

/**
 * In Node's words (`x64`, `arm64`); undefined for scripts, universal binaries and what is not known.
 * @param {string} path
 * @returns {string | undefined}
 */
export function binaryArch(path) {
  const header = Buffer.alloc(20);
  const file = openSync(path, "r");
  try {
    if (readSync(file, header) < header.length) return undefined;
  } finally {
    closeSync(file);
  }
  if (header.readUInt32BE(0) === 0x7f454c46) return elfMachines.get(header.readUInt16LE(18));
  if (header.readUInt32LE(0) === 0xfeedfacf) return machCpus.get(header.readUInt32LE(4));
  return undefined;
}
