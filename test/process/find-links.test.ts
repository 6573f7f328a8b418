import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { discoveryPort, findLinks } from "../../src/cli/agent/find-links.ts";
import { probeStream } from "../../src/cli/links/probes/stream.ts";

let root: string;
let server: Server;
const port = discoveryPort(converse, systemFiles);
const nobody = 65_534;

beforeEach(async () => {
  root = await mkdtemp(`${tmpdir()}/asc-look-`);
  await chmod(root, 0o755);
  server = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => server.listen(`${root}/docker.sock`, resolve));
  await chmod(`${root}/docker.sock`, 0);
});
afterEach(async () => {
  server.close();
  await rm(root, { recursive: true });
});

/** A mode keeps nobody out who is root. */
async function asPerson<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test("a socket that listens and may not be used is found, with what to do about it", async () => {
  const env = { DOCKER_HOST: `unix://${root}/docker.sock`, SSH_AUTH_SOCK: `${root}/docker.sock` };
  const host = { env, home: "/nonexistent", platform: "linux", uid: 1000 } as const;
  const sockets = { docker: "auto", sshAgent: "auto", extra: [] } as const;
  const { links } = await asPerson(() => findLinks(port, host, { sockets }, `${root}/sock`));
  const of = (name: string) => links.find((link) => link.name === name);
  expect(of("docker")).toMatchObject({
    target: `${root}/docker.sock`,
    chosen: expect.stringContaining("DOCKER_HOST, which may not be used (EACCES)"),
  });
  expect(of("docker")?.chosen).toContain('usermod -aG docker "$USER"');
  expect(of("ssh-agent")?.chosen).toContain("which may not be used (EACCES): its mode");
});

/** The loop does nothing else for so long. */
const block = (ms: number): void => {
  for (const startedAt = performance.now(); performance.now() - startedAt < ms; );
};

test("a process that is late does not take a socket for one that is there", async () => {
  const absent = `${root}/none.sock`;
  for (let i = 0; i < 5; i += 1) {
    // From here the loop looks at its timers before it looks at what came meanwhile.
    await setImmediate();
    const look = port.look(absent);
    block(30);
    expect(await look).toBe("other");
    await setImmediate();
    const probe = probeStream(converse, absent);
    block(300);
    expect(await probe).toEqual({ kind: "absent" });
  }
});

test("what was never accepted does not listen, however long it was waited for", async () => {
  const unanswered = discoveryPort(async () => ({ kind: "silent", connected: false }), systemFiles);
  expect(await unanswered.look("/x.sock")).toBe("other");
  const accepted = discoveryPort(async () => ({ kind: "silent" }), systemFiles);
  expect(await accepted.look("/x.sock")).toBe("listens");
});

test("a Mac's socket that listened and whose queue is full goes on listening while somebody holds it", async () => {
  let [full, held, asked] = [false, true, 0];
  const refused = { kind: "refused", code: "ECONNREFUSED" } as const;
  const look = discoveryPort(
    async () => (full ? refused : { kind: "silent" }),
    systemFiles,
    async () => {
      asked += 1;
      return held;
    },
  ).look;
  full = true;
  // Whoever never listened is not asked for: lsof takes longer than all the looks.
  expect([await look("/x.sock"), asked]).toEqual(["stale", 0]);
  full = false;
  expect(await look("/x.sock")).toBe("listens");
  full = true;
  expect([await look("/x.sock"), await look("/x.sock")]).toEqual(["listens", "listens"]);
  held = false;
  expect([await look("/x.sock"), asked]).toEqual(["stale", 3]);
  expect([await look("/x.sock"), asked]).toEqual(["stale", 3]);
});

test("no descriptor left is no news of any socket", async () => {
  const full = discoveryPort(async () => ({ kind: "refused", code: "EMFILE" }), systemFiles);
  await expect(full.look("/x.sock")).rejects.toThrow("/x.sock cannot be looked at (EMFILE)");
});
