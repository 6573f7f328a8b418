import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../src/cli/adapters/clock.ts";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { startLong, systemProcesses } from "../../src/cli/adapters/process.ts";
import { systemSocketFiles } from "../../src/cli/adapters/socket-files.ts";
import type { Link, LinkState } from "../../src/cli/links/link.ts";
import { createLinks, type Links } from "../../src/cli/links/links.ts";
import { createLinksPort } from "../../src/cli/links/links-port.ts";
import { type DockerDouble, startDockerDouble } from "../doubles/docker-double.ts";
import { type MuxDouble, startMuxDouble } from "../doubles/mux-double.ts";
import { type LoopbackSshd, startLoopbackSshd } from "./loopback-sshd.ts";

/** Host and guest in one folder each, joined by the real ssh and sshd; targets are doubles and a real ssh-agent. */
export interface LinkBed {
  readonly root: string;
  readonly guestDir: string;
  readonly sockDir: string;
  readonly sshd: LoopbackSshd;
  readonly links: readonly Link[];
  readonly lines: string[];
  /** The last one started. */
  readonly docker: DockerDouble | undefined;
  running(): Links;
  state(name: string): LinkState;
  startLinks(links?: readonly Link[]): Links;
  startMux(options?: { readonly silent?: boolean }): Promise<MuxDouble>;
  startDocker(): Promise<DockerDouble>;
  startAgent(): Promise<ChildProcess>;
  /** Waits until all links are up; returns how long it took, in ms. */
  untilUp(names?: readonly string[], limitMs?: number): Promise<number>;
  until(what: () => boolean, limitMs?: number): Promise<number>;
  close(): Promise<void>;
}

export async function openLinkBed(options: {
  readonly unlink: boolean;
  readonly extra?: readonly string[];
}): Promise<LinkBed> {
  const root = await mkdtemp(join(tmpdir(), "asc-"));
  const [guestDir, sockDir] = [`${root}/guest`, `${root}/sock`];
  await mkdir(guestDir, { mode: 0o700 });
  const sshd = await startLoopbackSshd({ folder: `${root}/lima`, ...options });
  const fromHost = (name: string, protocol: Link["protocol"]): Link => ({
    name,
    protocol,
    direction: "host-to-guest",
    hostEnd: `${sockDir}/host-${name}.sock`,
    guestEnd: `${guestDir}/${name}.sock`,
    target: `${root}/${name}-target.sock`,
    probeEnd: `${sockDir}/probe-${name}.sock`,
    chosen: "the test's",
  });
  const mux: Link = {
    name: "mux",
    protocol: "mux",
    direction: "guest-to-host",
    hostEnd: `${sockDir}/mux.sock`,
    guestEnd: `${root}/wezterm/sock`,
    target: undefined,
    probeEnd: `${sockDir}/mux.sock`,
    chosen: "the test's",
  };
  const links = [mux, fromHost("docker", "docker"), fromHost("ssh-agent", "ssh-agent")];
  const closing: (() => unknown)[] = [];
  const lines: string[] = [];
  let current: Links | undefined;
  let docker: DockerDouble | undefined;
  const running = (): Links => {
    if (!current) throw new Error("links are not running");
    return current;
  };
  const state = (name: string): LinkState => {
    const report = running()
      .reports()
      .find((one) => one.link.name === name);
    if (!report) throw new Error(`no link ${name}`);
    return report.state;
  };
  const until = async (what: () => boolean, limitMs = 25_000): Promise<number> => {
    const startedAt = performance.now();
    while (!what()) {
      if (performance.now() - startedAt > limitMs) {
        const states = running()
          .reports()
          .map((one) => `${one.link.name}: ${JSON.stringify(one.state)}`);
        throw new Error(`not within ${limitMs} ms\n${[...states, ...lines.slice(-20)].join("\n")}`);
      }
      await wait(5);
    }
    return performance.now() - startedAt;
  };
  return {
    root,
    guestDir,
    sockDir,
    sshd,
    links,
    lines,
    get docker() {
      return docker;
    },
    running,
    state,
    until,
    untilUp: (names = links.map((link) => link.name), limitMs) =>
      until(() => names.every((name) => state(name).kind === "up"), limitMs),
    startLinks: (chosen = links) => {
      const places = {
        instanceDir: sshd.instanceDir,
        sockDir,
        uid: process.getuid?.() ?? -1,
        platform: "linux",
      } as const;
      const adapters = {
        converse,
        startLong,
        files: systemFiles,
        socketFiles: systemSocketFiles,
        processes: systemProcesses,
        clock: systemClock,
      };
      current = createLinks(createLinksPort(adapters, places), {
        links: chosen,
        onChange: () => {},
        onLine: (line) => lines.push(`${Math.round(performance.now())} ${line}`),
      });
      return current;
    },
    startMux: async (options = {}) => {
      const double = await startMuxDouble({ path: mux.guestEnd, ...options });
      closing.push(() => double.close());
      return double;
    },
    startDocker: async () => {
      const double = await startDockerDouble({ path: `${root}/docker-target.sock` });
      docker = double;
      closing.push(() => double.close());
      return double;
    },
    startAgent: async () => {
      const path = `${root}/ssh-agent-target.sock`;
      const agent = spawn("ssh-agent", ["-D", "-a", path], { stdio: "ignore" });
      closing.push(() => agent.kill("SIGKILL"));
      while ((await systemFiles.info(path)) === undefined) await wait(5);
      const key = `${root}/lima/user_key`;
      await systemProcesses.run("ssh-add", ["-q", key], { env: { SSH_AUTH_SOCK: path } });
      return agent;
    },
    close: async () => {
      await current?.stop();
      for (const close of closing) await close();
      await sshd.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Memory of this process that is in use, in MiB, from the kernel. */
export async function residentMiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024;
}
