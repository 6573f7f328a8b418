import { chmod, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { StatusFile } from "../../src/shared/status.ts";
import { readStatus as parseStatus } from "../../src/shared/status-reading.ts";
import { type DockerDouble, startDockerDouble } from "../doubles/docker-double.ts";
import { ascalon, bed, killProcess, type Running, run, start, startAscalon, up } from "./bed.ts";

/** An agent, its targets on the host and a mux server in the guest, and the times that faults took to heal. */
export const state = `${bed.home}/.local/state/ascalon`;
export const dockerSocket = `${bed.home}/d.sock`;
const agentSocket = `${bed.home}/a.sock`;
/** What runs beside the tests is ended by them, however long they take. */
const wholeRunMs = 7_200_000;
export const linkNames = ["mux", "docker", "ssh-agent", "bridge"];

let agent: Running | undefined;
let docker: DockerDouble | undefined;
let sshAgent: Running | undefined;
const measured: string[] = [];

export async function startDocker(): Promise<void> {
  docker = await startDockerDouble({ path: dockerSocket });
  // The test may be root, the agent is not.
  await chmod(dockerSocket, 0o777);
}

export async function stopDocker(): Promise<void> {
  await docker?.close();
  await rm(dockerSocket, { force: true });
}

/** As launchd or systemd would start it: there is neither in the bed. */
export function startAgent(): void {
  agent = startAscalon(["agent", "run"], { env: { SSH_AUTH_SOCK: agentSocket }, timeoutMs: wholeRunMs });
}

export async function endAgent(signal: NodeJS.Signals): Promise<void> {
  if (!agent) return;
  // The agent alone, not its ssh: that has to end by itself.
  killProcess(agent.pid, signal);
  await agent.ended;
  agent = undefined;
}

const unit = `[Unit]
Description=double of wezterm-mux-server
[Service]
ExecStart=/usr/bin/node %h/mux-double.mjs
Restart=on-failure
[Install]
WantedBy=default.target
`;

/** A command in the guest with input, which must succeed. */
async function feed(input: string | Uint8Array, command: string): Promise<void> {
  const { code, stderr } = await ascalon(["shell", "--no-cwd", "--", "sh", "-c", command], { input });
  if (code !== 0) throw new Error(`${command}: code ${code}\n${stderr}`);
}

export async function openLinks(): Promise<void> {
  await ascalon(["config", "set", "sockets.docker", dockerSocket]);
  await up();
  await startDocker();
  await rm(agentSocket, { force: true });
  sshAgent = start("ssh-agent", ["-D", "-a", agentSocket], { timeoutMs: wholeRunMs });
  await feed(await readFile(new URL("../doubles/mux-double.mjs", import.meta.url)), "cat > ~/mux-double.mjs");
  await feed(unit, "mkdir -p ~/.config/systemd/user && cat > ~/.config/systemd/user/wezterm-daemon.service");
  await feed("", "systemctl --user daemon-reload && systemctl --user enable --now wezterm-daemon.service");
}

export async function closeLinks(): Promise<void> {
  await endAgent("SIGTERM");
  sshAgent?.kill("SIGTERM");
  await stopDocker();
  await ascalon(["config", "unset", "sockets.docker"]);
  process.stderr.write(
    `\n| fault | until every link carries bytes again | last |\n|--|--|--|\n${measured.join("\n")}\n\n`,
  );
}

export async function readStatus(): Promise<StatusFile | undefined> {
  try {
    return parseStatus(JSON.parse(await readFile(`${state}/status.json`, "utf8")));
  } catch {
    return undefined;
  }
}

/** Bytes through the guest, not what a file says of them: Docker's answer and the agent's keys, asked from inside. */
async function bytesFlow(): Promise<boolean> {
  const ask =
    'test "$(curl -s --max-time 2 --unix-socket /run/docker.sock http://d/_ping)" = OK && ' +
    "timeout 2 ssh-add -l >/dev/null 2>&1; code=$?; test $code -le 1";
  const { code } = await ascalon(["shell", "--no-cwd", "--", "sh", "-c", ask]);
  return code === 0;
}

interface Fault {
  readonly name: string;
  /** Ends when the cause is gone: from then on the time counts. */
  readonly inject: () => Promise<unknown>;
  /** One of these has to be up anew, or the fault was never seen: the others may be made anew before they are proved. */
  readonly loses: readonly string[];
  readonly timeoutMs?: number;
}

/** Injects a fault, waits until the agent has proved every link again and bytes flow for the guest. Returns ms. */
export async function heals({ name, inject, loses, timeoutMs = 60_000 }: Fault): Promise<number> {
  const sinceOf = (status: StatusFile | undefined, link: string): number =>
    status?.links.find((one) => one.name === link)?.since ?? 0;
  const before = await readStatus();
  await inject();
  const began = performance.now();
  let last = "all at once";
  for (;;) {
    const now = await readStatus();
    const isUp = (link: string): boolean => now?.links.find((one) => one.name === link)?.state === "up";
    const isNew = (link: string): boolean => sinceOf(now, link) > sinceOf(before, link);
    if (linkNames.every(isUp) && (loses.length === 0 || loses.some(isNew))) break;
    last = linkNames.filter((link) => !isUp(link)).join(", ");
    if (performance.now() - began > timeoutMs)
      throw new Error(`${name}: ${JSON.stringify(now?.links)}\n${agent?.stderr().slice(-3000)}`);
    await sleep(20);
  }
  const ms = performance.now() - began;
  expect(await bytesFlow()).toBe(true);
  measured.push(`| ${name} | ${(ms / 1000).toFixed(2)} s | ${last} |`);
  return ms;
}

export async function ourSsh(): Promise<number> {
  const { stdout } = await run("ps", ["-eo", "pid=,args="]);
  const line = stdout.split("\n").find((text) => text.includes(`${state}/sock/`) && text.includes("ssh -F"));
  if (!line) throw new Error("the agent runs no ssh");
  return Number.parseInt(line, 10);
}
