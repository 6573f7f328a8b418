import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile } from "node:fs/promises";
import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, it } from "vitest";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { createStatusWriter } from "../../src/cli/agent/status-file.ts";
import type { StatusFile } from "../../src/shared/status.ts";
import { commandAs, environmentOf } from "../../tools/bed/user.mjs";
import { type DockerDouble, startDockerDouble } from "../doubles/docker-double.ts";
import { ascalon, bed, guest, type Running, startAscalon, until, up } from "../machine/bed.ts";
import { median, type Row, table } from "./paired.ts";

const runs = Number(process.env.BENCH_ROUND_TRIPS ?? 301);
const idleSeconds = Number(process.env.BENCH_IDLE ?? 30);
const state = `${bed.home}/.local/state/ascalon`;
const echo = { host: `${bed.home}/echo.sock`, guest: "/run/ascalon/echo.sock" };
const dockerSocket = `${bed.home}/d.sock`;
let agent: Running;
let docker: DockerDouble;

beforeAll(async () => {
  docker = await startDockerDouble({ path: dockerSocket });
  await chmod(dockerSocket, 0o777);
  await ascalon(["config", "set", "sockets.docker", dockerSocket]);
  const extra = [{ name: "echo", ...echo, direction: "guest-to-host" }];
  await ascalon(["config", "set", "sockets.extra", JSON.stringify(extra)]);
  await up();
  // One process between the socket and the byte's way back, as behind ssh.
  await guest("sh", "-c", `setsid socat UNIX-LISTEN:${echo.guest},fork,unlink-early PIPE >/dev/null 2>&1 &`);
  agent = startAscalon(["agent", "run"], { timeoutMs: 1_200_000 });
  await until(
    readStatus,
    (status) =>
      ["echo", "docker"].every((name) => status?.links.find((one) => one.name === name)?.state === "up"),
    60_000,
  );
}, 600_000);

afterAll(async () => {
  agent?.kill("SIGTERM");
  await agent?.ended;
  await docker?.close();
}, 60_000);

const readStatus = async (): Promise<StatusFile | undefined> =>
  JSON.parse(await readFile(`${state}/status.json`, "utf8").catch(() => "null")) as StatusFile | undefined;

/** One byte there and back, ms. */
async function roundTrip(to: Writable, from: Readable): Promise<number> {
  const began = performance.now();
  to.write("x");
  await once(from, "data");
  return performance.now() - began;
}

async function muxRow(): Promise<Row> {
  const link = connect(echo.host);
  await once(link, "connect");
  const config = `${bed.limaHome}/ascalon/ssh.config`;
  const alone = ["-o", "ControlMaster=no", "-o", "ControlPath=none", "-T"];
  const [file, args] = commandAs(bed.user, "ssh", ["-F", config, ...alone, "lima-ascalon", "cat"]);
  const env = { ...environmentOf(bed.user), HOME: bed.home, PATH: bed.path };
  const channel = spawn(file, args, { env, stdio: ["pipe", "pipe", "ignore"] });
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = -10; round < runs; round += 1) {
    const a = await roundTrip(link, link);
    const b = await roundTrip(channel.stdin, channel.stdout);
    if (round < 0) continue;
    ours.push(a);
    theirs.push(b);
  }
  link.destroy();
  channel.stdin.end();
  return row("one byte through a link / through `ssh … cat`", 1.35, ours, theirs);
}

/** Median of requests with a connection each, in one process, so that no program start is counted. */
const pings = `
const { request } = require("node:http");
const ask = () => new Promise((resolve, reject) => {
  const began = performance.now();
  request({ socketPath: process.argv[1], path: "/_ping" }, (reply) =>
    reply.resume().on("end", () => resolve(performance.now() - began))).on("error", reject).end();
});
(async () => {
  const took = [];
  for (let i = -20; i < 100; i += 1) { const ms = await ask(); if (i >= 0) took.push(ms); }
  console.log(JSON.stringify(took));
})();`;

async function dockerRow(): Promise<Row> {
  const ours = JSON.parse(await guest("node", "-e", pings, "/run/docker.sock")) as number[];
  const [file, args] = [process.execPath, ["-e", pings, dockerSocket]];
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  return row("Docker `_ping` from the guest / on the host", Number.NaN, ours, JSON.parse(text) as number[]);
}

const row = (what: string, goal: number, ours: readonly number[], theirs: readonly number[]): Row => ({
  what,
  goal,
  oursMs: median(ours),
  theirsMs: median(theirs),
  ratio: median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN))),
});

async function statusWriteMs(): Promise<number> {
  const status = await readStatus();
  if (!status) throw new Error("no status.json");
  const writer = createStatusWriter(systemFiles, `${bed.home}/written.json`, () => {});
  const took: number[] = [];
  for (let i = 0; i < 50; i += 1) {
    const began = performance.now();
    await writer.write(status);
    took.push(performance.now() - began);
  }
  return median(took);
}

/** Share of a core over the given time, and resident memory, both from the kernel. */
async function atRest(pid: number, seconds: number): Promise<{ percent: number; mib: number }> {
  const ticks = async (): Promise<number> => {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = await ticks();
  await sleep(seconds * 1000);
  const used = (await ticks()) - before;
  const memory = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  // Linux counts a hundred ticks a second, on every processor it runs on here.
  return { percent: used / seconds, mib: Number(memory) / 1024 };
}

async function agentPid(): Promise<number> {
  const folder = `${state}/agent/lock.d`;
  const turns = ((await systemFiles.list(folder)) ?? []).map(Number).filter(Number.isInteger);
  return (JSON.parse(await readFile(`${folder}/${Math.max(...turns)}`, "utf8")) as { pid: number }).pid;
}

it("what the links cost", { timeout: 600_000 }, async () => {
  const rest = await atRest(await agentPid(), idleSeconds);
  const rows = [await muxRow(), await dockerRow()];
  const write = await statusWriteMs();
  process.stdout.write(
    `\n${table(rows)}\n\nAgent at rest: ${rest.percent.toFixed(2)} % of a core, ${rest.mib.toFixed(0)} MiB. ` +
      `status.json written in ${write.toFixed(2)} ms.\n`,
  );
});
