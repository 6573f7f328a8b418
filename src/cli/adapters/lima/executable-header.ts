const elfMagic = 0x7f454c46;
/** The 64-bit Mach-O magic as it stands in a little-endian file. */
const machMagic = 0xcffaedfe;

/** Numbers of ELF's e_machine and Mach-O's cputype, with Node's name of the processor. */
const elfMachines: Readonly<Record<number, string>> = { 3: "ia32", 40: "arm", 62: "x64", 183: "arm64" };
const machTypes: Readonly<Record<number, string>> = { 16777223: "x64", 16777228: "arm64" };

/**
 * The processor that an executable is for when it is not this one; undefined when it is, or when its first bytes do
 * not say. A script or a universal binary says nothing.
 */
export function foreignArchOf(head: Buffer, hostArch: string): string | undefined {
  const arch = archOf(head);
  return arch === hostArch ? undefined : arch;
}

function archOf(head: Buffer): string | undefined {
  if (head.length < 20) return undefined;
  const magic = head.readUInt32BE(0);
  if (magic === elfMagic) {
    const isBigEndian = head[5] === 2;
    const machine = isBigEndian ? head.readUInt16BE(18) : head.readUInt16LE(18);
    return elfMachines[machine] ?? `another processor (ELF machine ${machine})`;
  }
  return magic === machMagic ? machTypes[head.readUInt32LE(4)] : undefined;
}
