import {
  bridgeHello,
  bridgeHelloMaxBytes,
  bridgeMagic,
  bridgeVersion,
} from "../../../shared/bridge-hello.ts";
import type { Converse } from "../../adapters/converse.ts";
import { type Answer, ask, collecting, type ProbeResult, type Question } from "./probe.ts";

export interface BridgeFacts {
  readonly version: number;
}

const malformed = (why: string): Answer<BridgeFacts> => ({ kind: "malformed", why });

function readHello(bytes: Buffer): Answer<BridgeFacts> | undefined {
  const text = bytes.toString("latin1");
  const end = text.indexOf("\n");
  if (end < 0) return undefined;
  const match = new RegExp(`^${bridgeMagic} ([1-9][0-9]{0,5})$`).exec(text.slice(0, end));
  return match ? { kind: "facts", facts: { version: Number(match[1]) } } : malformed("not ascalon's bridge");
}

const question: Question<BridgeFacts> = {
  request: Buffer.from(bridgeHello(bridgeVersion)),
  reader: () => collecting(bridgeHelloMaxBytes, readHello, malformed("not ascalon's bridge")),
};

export const probeBridge = (
  converse: Converse,
  path: string,
  timeoutMs?: number,
): Promise<ProbeResult<BridgeFacts>> => ask(converse, path, question, timeoutMs);
