import { encodeFrame, type Frame } from "./frame.ts";
import { readNumber, readOptionalString, readString } from "./varbincode.ts";

/** Numbers of the messages a probe meets (wezterm codec/src/lib.rs, the same in codec 42 to 45). */
export const idents = {
  errorResponse: 0,
  ping: 1,
  pong: 2,
  listPanes: 3,
  listPanesResponse: 4,
  getCodecVersion: 26,
  getCodecVersionResponse: 27,
} as const;

export const pingSerial = 1;
export const codecSerial = 2;

/**
 * The only bytes ascalon ever writes to a mux server: Ping and GetCodecVersion, joined. One frame with an absurd
 * length would make a real server abort and take every pane with it.
 */
export const probeRequest: Uint8Array = Uint8Array.from([
  ...encodeFrame(pingSerial, idents.ping),
  ...encodeFrame(codecSerial, idents.getCodecVersion),
]);

export interface CodecVersion {
  /** Client and server must have the same number; the version text does not matter. */
  readonly codec: number;
  readonly version: string;
  /** The server's executable, as it sees itself. */
  readonly exe: string;
  /** null: the server was started without a configuration file. */
  readonly configFile: string | null;
}

const maxTextLength = 1024;

/**
 * Text of a server ends up on terminals and in status.json: control characters out, length bounded. The half of a
 * character that was cut goes too: JSON has a notation for it that serde_json, and so WezTerm, refuses.
 */
export const tame = (text: string): string =>
  text.slice(0, maxTextLength).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\u{fffd}");

export function readCodecVersion(frame: Frame): CodecVersion | undefined {
  const reader = { bytes: frame.data, at: 0 };
  const codec = readNumber(reader);
  const version = readString(reader);
  const exe = readString(reader);
  const configFile = readOptionalString(reader);
  if (codec === undefined || version === undefined || exe === undefined || configFile === undefined) {
    return undefined;
  }
  return {
    codec,
    version: tame(version),
    exe: tame(exe),
    configFile: configFile === null ? null : tame(configFile),
  };
}

export function readErrorResponse(frame: Frame): string | undefined {
  const text = readString({ bytes: frame.data, at: 0 });
  return text === undefined ? undefined : tame(text);
}
