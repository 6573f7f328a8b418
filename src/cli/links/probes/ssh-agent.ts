import type { Converse } from "../../adapters/converse.ts";
import { type Answer, ask, collecting, type ProbeResult, type Question } from "./probe.ts";

export interface AgentFacts {
  /** Number of identities; nothing else of them is read. undefined: the agent is locked or refuses to list. */
  readonly keys: number | undefined;
}

/** draft-ietf-sshm-ssh-agent: message numbers. */
const failure = 5;
const success = 6;
const requestIdentities = 11;
const identitiesAnswer = 12;
const extension = 27;
const extensionFailure = 28;
const extensionResponse = 29;

/** OpenSSH's own limit for a message of an agent. */
const maxMessageBytes = 256 * 1024;

const malformed = (why: string): Answer<AgentFacts> => ({ kind: "malformed", why });

function readAnswer(bytes: Buffer): Answer<AgentFacts> | undefined {
  if (bytes.length < 5) return undefined;
  const length = bytes.readUInt32BE(0);
  const type = bytes[4];
  if (length < 1 || length > maxMessageBytes) return malformed("not an ssh agent");
  if (type === failure) return { kind: "facts", facts: { keys: undefined } };
  if (type !== identitiesAnswer || length < 5) return malformed("not an ssh agent");
  // The keys themselves follow and are left unread.
  return bytes.length < 9 ? undefined : { kind: "facts", facts: { keys: bytes.readUInt32BE(5) } };
}

const listing: Question<AgentFacts> = {
  request: Uint8Array.from([0, 0, 0, 1, requestIdentities]),
  reader: () => collecting(9, readAnswer, malformed("not an ssh agent")),
};

/** How many keys it has. A locked agent may open its window for that, so it is asked when a person wants to know. */
export const countAgentKeys = (
  converse: Converse,
  path: string,
  timeoutMs?: number,
): Promise<ProbeResult<AgentFacts>> => ask(converse, path, listing, timeoutMs);

const answers = new Set([failure, success, extensionFailure, extensionResponse]);

function readRefusal(bytes: Buffer): Answer<undefined> | undefined {
  if (bytes.length < 5) return undefined;
  const length = bytes.readUInt32BE(0);
  const isOne = length >= 1 && length <= maxMessageBytes && answers.has(bytes[4] ?? 0);
  return isOne ? { kind: "facts", facts: undefined } : { kind: "malformed", why: "not an ssh agent" };
}

/** An extension that no agent has: every one refuses it, and none opens a window for it. */
function unknownExtension(): Uint8Array {
  const name = Buffer.from("alive@ascalon");
  const request = Buffer.alloc(9 + name.length);
  request.writeUInt32BE(5 + name.length, 0);
  request[4] = extension;
  request.writeUInt32BE(name.length, 5);
  name.copy(request, 9);
  return request;
}

const living: Question<undefined> = {
  request: unknownExtension(),
  reader: () => collecting(5, readRefusal, { kind: "malformed", why: "not an ssh agent" }),
};

/** Whether an agent answers. One that ends the connection at a word it does not know is asked the usual question. */
export async function probeSshAgent(
  converse: Converse,
  path: string,
  timeoutMs?: number,
): Promise<ProbeResult<AgentFacts | undefined>> {
  const said = await ask(converse, path, living, timeoutMs);
  return said.kind === "closed" ? countAgentKeys(converse, path, timeoutMs) : said;
}
