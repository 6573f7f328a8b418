import { describe, expect, test } from "vitest";
import type { Converse } from "../../../src/cli/adapters/converse.ts";
import type { FileInfo } from "../../../src/cli/adapters/files.ts";
import { deadSockets, isHeld } from "../../../src/cli/links/dead-sockets.ts";
import { fakeProcesses } from "../../support/fake-processes.ts";

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
  const ports = { files, converse, processes: fakeProcesses(), platform: "linux" } as const;
  expect(await deadSockets(ports, "/s")).toEqual(["/s/dead.sock"]);
});

describe("on a Mac, where a full queue is refused as a left-over file is", () => {
  const files = {
    list: async () => ["dead.sock", "full.sock"],
    info: async () => ({ kind: "socket" }) as FileInfo,
  };
  const converse = (async () => ({ kind: "refused", code: "ECONNREFUSED" })) as Converse;

  test.each([
    [
      "a socket that a process holds is not dead",
      "p1\nf4\nn->0x12\nn/private/tmp/s/sock/full.sock\n",
      ["/tmp/s/sock/dead.sock"],
    ],
    ["without an answer nothing is", "", []],
  ])("%s", async (_, stdout, dead) => {
    const processes = fakeProcesses(({ file }) => (file === "/usr/sbin/lsof" ? { stdout } : undefined));
    const ports = { files, converse, processes, platform: "darwin" } as const;
    expect(await deadSockets(ports, "/tmp/s/sock")).toEqual(dead);
    expect(
      await isHeld(
        fakeProcesses(() => ({ stdout })),
        "/tmp/s/sock/full.sock",
      ),
    ).toBe(stdout !== "");
    expect(processes.calls).toHaveLength(1);
  });
});
