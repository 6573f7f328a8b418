/** The mux double for tests of this repository; the guest runs the same file (mux-double.mjs) by itself. */
export interface MuxDoubleOptions {
  readonly path: string;
  readonly codec?: number;
  readonly version?: string;
  readonly exe?: string;
  readonly configFile?: string | null;
  /** `stored`: a zstd frame with one raw block, for a Node without zstd. */
  readonly zstd?: "auto" | "stored" | "off";
  /** Frames of serial 0 sent before the first reply. */
  readonly pushes?: number;
  /** Reads and never answers. */
  readonly silent?: boolean;
  /** Closes each connection at its first byte. */
  readonly closes?: boolean;
}

export interface MuxDouble {
  readonly path: string;
  /** Message numbers received, in order. */
  readonly requests: readonly number[];
  /** Somebody sent a length that would have killed a real server. */
  readonly aborted: boolean;
  close(): Promise<void>;
}

export const muxDoubleFile: string = new URL("./mux-double.mjs", import.meta.url).pathname;

interface Script {
  startMuxDouble(options: MuxDoubleOptions): Promise<MuxDouble>;
}

export async function startMuxDouble(options: MuxDoubleOptions): Promise<MuxDouble> {
  return ((await import(muxDoubleFile)) as Script).startMuxDouble(options);
}
