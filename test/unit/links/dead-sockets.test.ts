import { expect, test } from "vitest";
import type { Converse } from "../../../src/cli/adapters/converse.ts";
import type { FileInfo } from "../../../src/cli/adapters/files.ts";
import { deadSockets } from "../../../src/cli/links/dead-sockets.ts";

test("only a socket behind which nobody listens is dead: not a full one, nor one that may not be used", async () => {
  const codes: Readonly<Record<string, string>> = {
    "/s/dead.sock": "ECONNREFUSED",
    "/s/full.sock": "EAGAIN",
    "/s/without-descriptors.sock": "EMFILE",
    "/s/forbidden.sock": "EACCES",
    "/s/link.sock": "ECONNREFUSED",
  };
  const files = {
    list: async () => Object.keys(codes).map((path) => path.slice(3)),
    info: async (path: string) => ({ kind: path.includes("link") ? "symlink" : "socket" }) as FileInfo,
  };
  const converse = (async ({ to }) => ({ kind: "refused", code: codes[String(to)] })) as Converse;
  expect(await deadSockets({ files, converse }, "/s")).toEqual(["/s/dead.sock"]);
});
