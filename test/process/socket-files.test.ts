import { chmod, mkdir, mkdtemp, readlink, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { systemSocketFiles } from "../../src/cli/adapters/socket-files.ts";

const { identity, turnLink } = systemSocketFiles;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "asc-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const listen = (path: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(path, () => resolve(server));
  });

test("a socket keeps its identity when its mode changes, and a new one at its path has another", async () => {
  const path = join(folder, "s");
  const first = await listen(path);
  const seen = await identity(path);
  await chmod(path, 0o600);
  expect(await identity(path)).toBe(seen);
  await new Promise((resolve) => first.close(resolve));
  expect(await identity(path)).toBeUndefined();
  const second = await listen(path);
  expect(await identity(path)).not.toBe(seen);
  second.close();
});

test("a symlink that leads where it should is left as it is", async () => {
  const path = join(folder, "l");
  await turnLink(path, "/a");
  const seen = await identity(path);
  await turnLink(path, "/a");
  expect(await identity(path)).toBe(seen);
  await turnLink(path, "/b");
  expect(await readlink(path)).toBe("/b");
});

test("a folder that others could look into is theirs no more once it is asked for", async () => {
  const path = join(folder, "lock.d");
  await mkdir(path, { mode: 0o755 });
  await chmod(path, 0o755);
  await systemFiles.makeFolder(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});
