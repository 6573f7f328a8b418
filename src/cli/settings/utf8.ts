import { isUtf8 } from "node:buffer";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { quote } from "../quote.ts";

/** Bytes that are no UTF-8 would be lost when the text is written again, and mean nothing certain. */
export async function refuseOtherThanUtf8(
  files: Pick<Context["files"], "readPart">,
  path: string,
): Promise<void> {
  const bytes = (await files.readPart(path, 0, Number.MAX_SAFE_INTEGER))?.bytes;
  if (bytes === undefined || isUtf8(bytes)) return;
  throw new AscalonError("E_SETTINGS_UNREADABLE", {
    what: `${path} is not UTF-8, as settings must be; nothing was changed`,
    run: `iconv -f latin1 -t utf-8 ${quote(path)} > ${quote(`${path}.utf8`)}    (if it is Latin-1; then put that in its place)`,
    details: [`${path}:${placeOf(bytes)} is not UTF-8`],
  });
}

/** LINE:COLUMN of the first byte that cannot be read. */
function placeOf(bytes: Buffer): string {
  let from = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (!isUtf8(part)) {
      const read = Buffer.from(part.toString("utf8"));
      const good = part.findIndex((byte, index) => byte !== read[index]);
      return `${line}:${part.toString("utf8", 0, good).length + 1}`;
    }
    from = end + 1;
  }
}
