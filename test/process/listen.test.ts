import { existsSync, lstatSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { listenAt } from "../../src/cli/adapters/listen.ts";

/** What a socket's mode is when it is bound, before it is set once more. */
const bound: string[] = [];
const { chmod } = promises;
beforeAll(() => {
  promises.chmod = async (at, mode) => {
    bound.push((lstatSync(at as string).mode & 0o777).toString(8));
    await chmod(at, mode);
  };
  syncBuiltinESMExports();
});
afterAll(() => {
  promises.chmod = chmod;
  syncBuiltinESMExports();
});

let folder: string;
let path: string;
beforeEach(() => {
  bound.length = 0;
  folder = mkdtempSync(`${tmpdir()}/asc-listen-`);
  path = `${folder}/x.sock`;
});
afterEach(() => rmSync(folder, { recursive: true }));

const connected = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ path });
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });

it("a socket that an agent which was killed left behind is taken over", async () => {
  const former = createServer();
  await new Promise<void>((resolve) => former.listen(`${folder}/former.sock`, resolve));
  renameSync(`${folder}/former.sock`, path);
  await new Promise((resolve) => former.close(resolve));
  expect(existsSync(path)).toBe(true);
  expect(await connected()).toBe(false);
  const listener = await listenAt(path, (socket) => socket.end());
  expect(await connected()).toBe(true);
  await listener.close();
  expect(existsSync(path)).toBe(false);
});

it("is nobody else's from its first moment on", async () => {
  const before = process.umask(0);
  try {
    const listener = await listenAt(path, () => {});
    expect(bound).toEqual(["600"]);
    expect((lstatSync(path).mode & 0o777).toString(8)).toBe("600");
    expect(process.umask()).toBe(0);
    await listener.close();
  } finally {
    process.umask(before);
  }
});
