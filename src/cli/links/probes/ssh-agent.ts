import type { Converse } from "../../adapters/converse.ts";
import { type Answer, ask, collecting, type ProbeResult, type Question } from "./probe.ts";

export interface AgentFacts {
  /** Number of identities; nothing else of them is read. undefined: the agent is locked or refuses to list. */
  readonly keys: number | undefined;
}

/** draft-ietf-sshm-ssh-agent: message numbers. */
const requestIdentities = 11;
const identitiesAnswer = 12;
const failure = 5;

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

const question: Question<AgentFacts> = {
  request: Uint8Array.from([0, 0, 0, 1, requestIdentities]),
  reader: () => collecting(9, readAnswer, malformed("not an ssh agent")),
};

export const probeSshAgent = (
  converse: Converse,
  path: string,
  timeoutMs?: number,
): Promise<ProbeResult<AgentFacts>> => ask(converse, path, question, timeoutMs);
