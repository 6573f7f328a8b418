import type { DiskFact } from "../../machine/facts.ts";
import type { Files } from "../files.ts";

const qcow2Magic = 0x514649fb;

/**
 * Virtual and real size of a disk image. A qcow2 header holds its virtual size as a big-endian 64-bit number at
 * byte 24 (QEMU docs/interop/qcow2); any other image is raw, and as large as its file.
 */
export async function readDiskImage(path: string, files: Files): Promise<DiskFact | undefined> {
  // People move a large disk to another volume and leave a symlink.
  const real = await files.realPath(path);
  const info = real === undefined ? undefined : await files.info(real);
  if (real === undefined || info?.kind !== "file") return undefined;
  const head = await files.readBytes(real, 32);
  const isQcow2 = head !== undefined && head.length === 32 && head.readUInt32BE(0) === qcow2Magic;
  return {
    sizeBytes: isQcow2 ? Number(head.readBigUInt64BE(24)) : info.sizeBytes,
    allocatedBytes: info.allocatedBytes,
  };
}
