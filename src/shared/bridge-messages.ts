import { asRecord, asText, asWhole } from "./loose.ts";

/** Commands of the host that the bridge knows, in the order people are shown them. */
export const bridgeCommands = ["op", "open", "pbcopy", "pbpaste", "notify"] as const;
export type BridgeCommand = (typeof bridgeCommands)[number];

/** How one of the program's three streams is made: through the call's terminal, a pipe of its own, or not at all. */
export type StreamKind = "terminal" | "pipe" | "none";
export const streamKinds = ["terminal", "pipe", "none"] as const;

/** Columns and rows. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ExecRequest {
  readonly command: string;
  /** Without the command's own name. */
  readonly args: readonly string[];
  /** stdin, stdout, stderr. */
  readonly streams: readonly [StreamKind, StreamKind, StreamKind];
  /** Present when one of the streams is `terminal`. */
  readonly terminal?: TerminalSize | undefined;
  /** Names the guest's terminal: calls from the same one share a terminal on the host, as they would there. */
  readonly session?: string | undefined;
  /** Everything that may matter; the host takes what it allows. */
  readonly env: readonly (readonly [string, string])[];
}

export interface ExitMessage {
  readonly code?: number | undefined;
  /** SIGTERM, …: the program did not end by itself. */
  readonly signal?: string | undefined;
}

export const bridgeErrorCodes = ["refused", "busy", "missing", "malformed", "failed"] as const;
/**
 * refused: the host's rules forbid it. busy: too much at once. missing: the host has no such program. malformed: the
 * request is not one. failed: the program could not be started.
 */
export type BridgeErrorCode = (typeof bridgeErrorCodes)[number];

export interface ErrorMessage {
  readonly code: BridgeErrorCode;
  /** One sentence without a final period. */
  readonly message: string;
}

/** Answer to the question `status`. */
export interface BridgeStatus {
  readonly ascalon: string;
  readonly allow: readonly string[];
  readonly running: number;
  /** Calls that wait until the person on the host said yes or no. */
  readonly asking: number;
  readonly calls: number;
  readonly refused: number;
  readonly malformed: number;
}

export const execLimits = { args: 4096, env: 64, textChars: 131072 } as const;

const hasNul = (text: string): boolean => text.indexOf("\0") >= 0;

function texts(value: unknown, limit: number): string[] | undefined {
  if (!Array.isArray(value) || value.length > limit) return undefined;
  const found: string[] = [];
  for (const item of value as readonly unknown[]) {
    if (typeof item !== "string" || item.length > execLimits.textChars || hasNul(item)) return undefined;
    found.push(item);
  }
  return found;
}

function size(value: unknown): TerminalSize | undefined {
  const from = asRecord(value);
  const columns = asWhole(from.columns);
  const rows = asWhole(from.rows);
  if (columns === undefined || rows === undefined) return undefined;
  return columns >= 1 && columns <= 10000 && rows >= 1 && rows <= 10000 ? { columns, rows } : undefined;
}

const streamOf = (value: unknown): StreamKind | undefined => {
  for (const kind of streamKinds) if (kind === value) return kind;
  return undefined;
};

function streamsOf(value: unknown): ExecRequest["streams"] | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const stdin = streamOf(value[0]);
  const stdout = streamOf(value[1]);
  const stderr = streamOf(value[2]);
  if (stdin === undefined || stdout === undefined || stderr === undefined) return undefined;
  return [stdin, stdout, stderr];
}

function envOf(value: unknown): [string, string][] | undefined {
  if (!Array.isArray(value) || value.length > execLimits.env) return undefined;
  const found: [string, string][] = [];
  for (const pair of value as readonly unknown[]) {
    const both = texts(pair, 2);
    const name = both === undefined ? undefined : both[0];
    const text = both === undefined ? undefined : both[1];
    if (name === undefined || text === undefined) return undefined;
    found.push([name, text]);
  }
  return found;
}

/** Parsed JSON → request, strictly: everything has its type and its bounds, or it is undefined. */
export function readExec(value: unknown): ExecRequest | undefined {
  const from = asRecord(value);
  const command = asText(from.command);
  const args = texts(from.args, execLimits.args);
  const streams = streamsOf(from.streams);
  const env = envOf(from.env);
  const terminal = size(from.terminal);
  const session = asText(from.session);
  if (command === undefined || command.length > 64 || hasNul(command)) return undefined;
  if (args === undefined || streams === undefined || env === undefined) return undefined;
  if (streams.indexOf("terminal") >= 0 && terminal === undefined) return undefined;
  if (session !== undefined && session.length > 128) return undefined;
  return { command, args, streams, terminal, session, env };
}

export function readExit(value: unknown): ExitMessage {
  const from = asRecord(value);
  return { code: asWhole(from.code), signal: asText(from.signal) };
}

export function readError(value: unknown): ErrorMessage {
  const from = asRecord(value);
  let code: BridgeErrorCode = "failed";
  for (const known of bridgeErrorCodes) if (known === from.code) code = known;
  return { code, message: asText(from.message) ?? "the host gave no reason" };
}

export function readBridgeStatus(value: unknown): BridgeStatus {
  const from = asRecord(value);
  return {
    ascalon: asText(from.ascalon) ?? "",
    allow: texts(from.allow, 64) ?? [],
    running: asWhole(from.running) ?? 0,
    asking: asWhole(from.asking) ?? 0,
    calls: asWhole(from.calls) ?? 0,
    refused: asWhole(from.refused) ?? 0,
    malformed: asWhole(from.malformed) ?? 0,
  };
}
