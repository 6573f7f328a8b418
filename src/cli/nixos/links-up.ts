import { posix } from "node:path";
import { stateFiles } from "../../shared/plugin-contract.ts";
import { type LinkStatus, staleFor } from "../../shared/status.ts";
import { readStatus } from "../../shared/status-reading.ts";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";

/** The links as the agent last told of them; undefined when no agent tells. */
export async function linksTold(context: Context): Promise<readonly LinkStatus[] | undefined> {
  const text = await context.files.readText(posix.join(pathsOf(context).stateDir, stateFiles.status));
  const status = readStatus(parse(text ?? "null"));
  if (!status || staleFor(status, Math.floor(context.clock.now() / 1000)) > 0) return undefined;
  return status.links;
}

/** Names of the links that the agent has proved; undefined when no agent tells. */
export async function linksUp(context: Context): Promise<readonly string[] | undefined> {
  const links = await linksTold(context);
  return links?.filter(({ state }) => state === "up").map(({ name }) => name);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
