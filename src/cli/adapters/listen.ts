import { chmod, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";

/** A unix socket that this process serves. */
export interface Listener {
  readonly path: string;
  close(): Promise<void>;
}

export type Listen = typeof listenAt;

/**
 * Serves `path`, taking over a left-over file. Mode 0600 from the first moment on: the umask is narrowed for the
 * bind. Closing removes the file.
 */
export async function listenAt(path: string, onConnection: (socket: Socket) => void): Promise<Listener> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    onConnection(socket);
  });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    const mask = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(mask);
  });
  await chmod(path, 0o600);
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
