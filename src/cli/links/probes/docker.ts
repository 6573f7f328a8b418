import type { Converse } from "../../adapters/converse.ts";
import { tame } from "../../mux/messages.ts";
import { type Answer, ask, collecting, type ProbeResult, type Question } from "./probe.ts";

export interface DockerFacts {
  /** As the engine names itself: `Docker/28.2.2 (linux)`, `Libpod/5.4.0 (linux)`. */
  readonly server: string | undefined;
  readonly apiVersion: string | undefined;
}

/** The answer to a ping is a short head and two letters. */
const maxBytes = 8 * 1024;

const malformed = (why: string): Answer<DockerFacts> => ({ kind: "malformed", why });

function readPing(bytes: Buffer): Answer<DockerFacts> | undefined {
  const text = bytes.toString("latin1");
  if (!"HTTP/1.".startsWith(text.slice(0, 7))) return malformed("not an HTTP server");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = first.split(" ")[1] ?? "";
  if (status !== "200") return malformed(`/_ping answered ${tame(status).slice(0, 20)}`);
  const body = text.slice(end + 4);
  // Plain, or as one chunk of a chunked body.
  if (!/^(?:2\r\n)?OK/.test(body)) return body.length < 5 ? undefined : malformed("/_ping did not say OK");
  const header = (name: string): string | undefined => {
    const line = lines.find((one) => one.toLowerCase().startsWith(`${name}:`));
    return line === undefined ? undefined : tame(line.slice(name.length + 1).trim()).slice(0, 100);
  };
  return { kind: "facts", facts: { server: header("server"), apiVersion: header("api-version") } };
}

const question: Question<DockerFacts> = {
  // The head of the answer names engine and API version, so `/version` need not be asked as well.
  request: Buffer.from(
    "GET /_ping HTTP/1.1\r\nHost: docker\r\nUser-Agent: ascalon\r\nConnection: close\r\n\r\n",
  ),
  reader: () => collecting(maxBytes, readPing, malformed("/_ping answered too much")),
};

export const probeDocker = (
  converse: Converse,
  path: string,
  timeoutMs?: number,
): Promise<ProbeResult<DockerFacts>> => ask(converse, path, question, timeoutMs);
