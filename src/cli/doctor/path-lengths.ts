import { longestLimaSocket, socketPathLimit } from "../lifecycle/preflight.ts";
import { check } from "./check.ts";

export const pathLengths = check(
  "path-lengths",
  "Every socket's path is short enough for this system.",
  async ({ context, paths, links }) => {
    const limit = socketPathLimit[context.host.platform];
    const sockets = [
      longestLimaSocket(paths),
      ...(links instanceof Error ? [] : links.links).flatMap(({ hostEnd, probeEnd }) => [hostEnd, probeEnd]),
    ];
    const [longest = "", bytes = 0] =
      sockets
        .map((path): [string, number] => [path, Buffer.byteLength(path)])
        .sort((a, b) => b[1] - a[1])
        .at(0) ?? [];
    const evidence = `the longest has ${bytes} bytes (it must be less than ${limit}): ${longest}`;
    if (bytes < limit) return { verdict: "ok", evidence };
    const fix =
      "export LIMA_HOME=$HOME/.lima XDG_STATE_HOME=$HOME/.local/state    (or other folders with short paths)";
    return { verdict: "problem", evidence, fix };
  },
);
