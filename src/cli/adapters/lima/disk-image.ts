import type { DiskFact } from "../../machine/facts.ts";
import type { Files } from "../files.ts";

const qcow2Magic = 0x514649fb;

/**
 * Virtual and real size of a disk image. A qcow2 header holds its virtual size as a big-endian 64-bit number at
 * byte 24 (QEMU docs/interop/qcow2); any other image is raw, and as large as its file.
 */
export async function readDiskImage(path: string, files: Files): Promise<DiskFact | undefined> {
  const info = await files.info(path);
  if (info?.kind !== "file") return undefined;
  const head = await files.readBytes(path, 32);
  const isQcow2 = head !== undefined && head.length === 32 && head.readUInt32BE(0) === qcow2Magic;
  return {
    sizeBytes: isQcow2 ? Number(head.readBigUInt64BE(24)) : info.sizeBytes,
    allocatedBytes: info.allocatedBytes,
  };
}
