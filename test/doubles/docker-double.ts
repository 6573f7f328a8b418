import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { Socket } from "node:net";

/** Answers what `docker version` and our probe ask of a Docker engine, over a unix socket. */
export interface DockerDouble {
  readonly path: string;
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface DockerDoubleOptions {
  readonly path: string;
  readonly version?: string;
  /** Body of `/_ping`; a real engine says OK. */
  readonly ping?: string;
}

export async function startDockerDouble(options: DockerDoubleOptions): Promise<DockerDouble> {
  const { path, version = "28.2.2", ping = "OK" } = options;
  const requests: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    const url = (request.url ?? "").replace(/^\/v[0-9.]+/, "");
    requests.push(`${request.method} ${url}`);
    const headers = {
      "Api-Version": "1.50",
      "Docker-Experimental": "false",
      Ostype: "linux",
      Server: "Docker/double",
    };
    if (url === "/_ping") {
      response.writeHead(200, { ...headers, "Content-Type": "text/plain; charset=utf-8" }).end(ping);
    } else if (url === "/version") {
      const body = {
        Version: version,
        ApiVersion: "1.50",
        MinAPIVersion: "1.24",
        Os: "linux",
        Arch: "arm64",
      };
      response.writeHead(200, { ...headers, "Content-Type": "application/json" }).end(JSON.stringify(body));
    } else response.writeHead(404, headers).end('{"message":"page not found"}');
  });
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    path,
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
