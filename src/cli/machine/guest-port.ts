/** Commands in the guest without a terminal: what ascalon itself asks of it. People's own go through `shell`. */
export interface GuestPort {
  /** Never throws for what the command or the connection does. */
  run(argv: readonly string[], options?: GuestRunOptions): Promise<GuestResult>;
  /** A command that goes on until the signal; every line of its stdout. Ends early when the connection does. */
  follow(argv: readonly string[], onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
}

export interface GuestRunOptions {
  /** As root; the guest's sudo asks for nothing. */
  readonly asRoot?: boolean;
  readonly input?: string | Uint8Array;
  /** Past this it counts as unreachable; the command goes on in the guest. */
  readonly timeoutMs?: number;
  /** Each line of stderr as it comes. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export type GuestResult =
  | {
      readonly kind: "ended";
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** Nobody knows how the command ended, or whether it began; `why` is a clause. */
  | { readonly kind: "unreachable"; readonly why: string };
