import type { StatusFile } from "../shared/status.ts";
import { readStatus } from "../shared/status-reading.ts";
import { parseJson, readFile } from "./json-file.ts";
import { session } from "./session.ts";

/** The last text and what it meant: parsing is most of a tick's cost, and the text changes every few seconds. */
const cache: { text: string | undefined; status: StatusFile | undefined } = {
  text: undefined,
  status: undefined,
};

/** status.json as it is now; undefined when there is none that can be read. No child process, one small file. */
export function currentStatus(): StatusFile | undefined {
  const text = readFile(session.pluginContract.statusPath);
  if (text === cache.text) return cache.status;
  cache.text = text;
  cache.status = statusOfText(text ?? "");
  return cache.status;
}

export function statusOfText(text: string): StatusFile | undefined {
  return readStatus(parseJson(text));
}
