import { createFrameDecoder } from "./frame.ts";
import {
  type CodecVersion,
  codecSerial,
  idents,
  pingSerial,
  readCodecVersion,
  readErrorResponse,
} from "./messages.ts";

/** What the two requests of a probe were answered with. `why`: not the way a mux server answers. */
export type MuxReply =
  | { readonly kind: "version"; readonly version: CodecVersion }
  | { readonly kind: "malformed"; readonly why: string };

/** The replies are 40 to 300 bytes. So much may come before them: to read on would be work for whoever only sends. */
export const replyBytesMost = 1024 * 1024;

/** Takes the bytes as they come, until both replies are there. Pushes and strangers' serials are dropped unread. */
export function createReplyReader(): (chunk: Uint8Array) => MuxReply | undefined {
  const decoder = createFrameDecoder((serial) => serial === pingSerial || serial === codecSerial);
  const malformed = (why: string): MuxReply => ({ kind: "malformed", why });
  let ponged = false;
  let version: CodecVersion | undefined;
  let taken = 0;
  return (chunk) => {
    taken += chunk.length;
    const decoded = decoder.push(chunk);
    for (const frame of decoded.frames) {
      if (frame.ident === idents.errorResponse)
        return malformed(readErrorResponse(frame) ?? "unreadable error");
      if (frame.serial === pingSerial && frame.ident === idents.pong) ponged = true;
      else if (frame.serial === codecSerial && frame.ident === idents.getCodecVersionResponse) {
        version = readCodecVersion(frame);
        if (!version) return malformed("unreadable version reply");
      } else return malformed(`message ${frame.ident} answers serial ${frame.serial}`);
    }
    if (decoded.kind === "malformed") return malformed(decoded.why);
    if (ponged && version) return { kind: "version", version };
    return taken > replyBytesMost ? malformed("it sends more than was asked for") : undefined;
  };
}
