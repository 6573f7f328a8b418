import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DockerDouble, startDockerDouble } from "../doubles/docker-double.ts";
import { ascalon, bed, guest, killProcess, type Running, run, start, startAscalon, until } from "./bed.ts";

const state = `${bed.home}/.local/state/ascalon`;
const dockerSocket = `${bed.home}/d.sock`;
const agentSocket = `${bed.home}/a.sock`;
const proved = ["mux", "docker", "ssh-agent", "bridge"];

interface StatusDocument {
  readonly writtenAt: number;
  readonly links?: readonly { readonly name: string; readonly state: string; readonly reason?: string }[];
}

let agent: Running;
let docker: DockerDouble;
let sshAgent: Running;
const measured: string[] = [];

const startAgent = (): Running =>
  startAscalon(["agent", "run"], { env: { SSH_AUTH_SOCK: agentSocket }, timeoutMs: 1_200_000 });

async function readStatus(): Promise<StatusDocument | undefined> {
  try {
    return JSON.parse(await readFile(`${state}/status.json`, "utf8")) as StatusDocument;
  } catch {
    return undefined;
  }
}

async function startDocker(): Promise<void> {
  docker = await startDockerDouble({ path: dockerSocket });
  // The test may be root, the agent is not.
  await chmod(dockerSocket, 0o777);
}

/** Bytes through the guest, not what a file says of them: Docker's answer and the agent's keys, asked from inside. */
async function bytesFlow(): Promise<boolean> {
  const ask =
    'test "$(curl -s --max-time 2 --unix-socket /run/docker.sock http://d/_ping)" = OK && ' +
    "timeout 2 ssh-add -l >/dev/null 2>&1; code=$?; test $code -le 1";
  const { code } = await ascalon(["shell", "--no-cwd", "--", "sh", "-c", ask], { timeoutMs: 8000 });
  return code === 0;
}

const allUp = (status: StatusDocument | undefined): boolean =>
  proved.every((name) => status?.links?.find((link) => link.name === name)?.state === "up");

/** From now on until every link is proved by the agent and bytes were carried for the guest. */
async function healed(fault: string, timeoutMs = 60_000): Promise<number> {
  const began = performance.now();
  await until(
    async () => allUp(await readStatus()),
    (up) => up,
    timeoutMs,
  );
  const ms = performance.now() - began;
  expect(await bytesFlow()).toBe(true);
  measured.push(`| ${fault} | ${(ms / 1000).toFixed(1)} s |`);
  return ms;
}

/** The agent noticed that something is wrong; without this a fault could be "healed" before it was seen. */
async function noticed(timeoutMs = 60_000): Promise<void> {
  await until(
    async () => allUp(await readStatus()),
    (up) => !up,
    timeoutMs,
  );
}

async function ourSsh(): Promise<number> {
  const { stdout } = await run("ps", ["-eo", "pid=,args="]);
  const line = stdout.split("\n").find((text) => text.includes(`${state}/sock/`) && text.includes("ssh -F"));
  if (!line) throw new Error("the agent runs no ssh");
  return Number.parseInt(line, 10);
}

describe("links", () => {
  beforeAll(async () => {
    await ascalon(["config", "set", "sockets.docker", dockerSocket]);
    await ascalon(["up"]);
    await startDocker();
    await rm(agentSocket, { force: true });
    sshAgent = start("ssh-agent", ["-D", "-a", agentSocket], { timeoutMs: 1_200_000 });
    const double = await readFile(new URL("../doubles/mux-double.mjs", import.meta.url));
    await ascalon(["shell", "--no-cwd", "--", "sh", "-c", "cat > ~/mux-double.mjs"], { input: double });
    const unit =
      "[Unit]\nDescription=double of wezterm-mux-server\n[Service]\nExecStart=/usr/bin/node %h/mux-double.mjs\nRestart=on-failure\n[Install]\nWantedBy=default.target\n";
    await ascalon(
      [
        "shell",
        "--no-cwd",
        "--",
        "sh",
        "-c",
        "mkdir -p ~/.config/systemd/user && cat > ~/.config/systemd/user/wezterm-daemon.service && systemctl --user daemon-reload && systemctl --user enable --now wezterm-daemon.service",
      ],
      { input: unit },
    );
    agent = startAgent();
  });

  afterAll(async () => {
    agent?.kill("SIGTERM");
    await agent?.ended;
    sshAgent?.kill("SIGTERM");
    await docker?.close();
    await ascalon(["config", "unset", "sockets.docker"]);
    process.stderr.write(
      `\n| fault | until every link carries bytes again |\n|--|--|\n${measured.join("\n")}\n\n`,
    );
  });

  it("all come up, and bytes flow both ways", async () => {
    await healed("agent started", 90_000);
    const { stdout } = await ascalon(["status"]);
    expect(stdout).toMatch(/link\s+docker\s+up/);
    const { mode } = await stat(`${state}/sock`);
    expect(mode & 0o777).toBe(0o700);
    expect((await stat(`${state}/sock/mux.sock`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${state}/status.json`)).mode & 0o777).toBe(0o600);
  });

  it("heal after our ssh was killed -9", async () => {
    killProcess(await ourSsh(), "SIGKILL");
    await noticed();
    await healed("our ssh killed -9");
  });

  it("do not notice the end of Lima's master", async () => {
    await run("ssh", ["-F", `${bed.limaHome}/ascalon/ssh.config`, "-O", "exit", "lima-ascalon"]);
    await healed("Lima's master ended");
  });

  it("survive a restart of the guest's sshd", async () => {
    await guest("sudo", "systemctl", "restart", "ssh");
    await healed("guest sshd restarted");
  });

  it("heal after the Docker socket was removed and made again", async () => {
    await docker.close();
    await rm(dockerSocket, { force: true });
    await noticed();
    await startDocker();
    await healed("Docker socket removed and made again");
  });

  it("heal after /run/ascalon was emptied in the guest", async () => {
    await guest("sh", "-c", "rm -f /run/ascalon/*");
    await noticed();
    await healed("/run/ascalon emptied");
  });

  it("heal after the socket folder was removed under us", async () => {
    await rm(`${state}/sock`, { recursive: true, force: true });
    await noticed();
    await healed("socket folder removed");
  });

  it("status.json comes back when it is removed", async () => {
    await rm(`${state}/status.json`, { force: true });
    await until(readStatus, (status) => status !== undefined, 15_000);
  });

  it("a second agent is refused and says who holds the links", async () => {
    const second = await ascalon(["agent", "run"], { timeoutMs: 30_000 });
    expect(second.code).toBe(9);
    expect(second.stderr).toContain(`ascalon agent run`);
  });

  it("heal by a new agent after the first was killed -9", async () => {
    agent.kill("SIGKILL");
    await agent.ended;
    await sleep(500);
    await writeFile(`${state}/status.json`, "{}");
    agent = startAgent();
    await healed("agent killed -9 and started again");
  });

  it("heal after QEMU stood still for 15 s", async () => {
    const { stdout } = await ascalon(["status", "--json"]);
    const { process: vm } = JSON.parse(stdout) as { process: { driverPid: number } };
    killProcess(vm.driverPid, "SIGSTOP");
    await sleep(15_000);
    killProcess(vm.driverPid, "SIGCONT");
    await healed("QEMU frozen 15 s");
  });

  it("heal after the guest rebooted", async () => {
    await run(bed.node, [bed.cli, "shell", "--", "sudo", "systemctl", "reboot"]);
    await noticed();
    await until(
      async () => (await ascalon(["shell", "--no-cwd", "--", "true"], { timeoutMs: 8000 })).code,
      (code) => code === 0,
      120_000,
    );
    await healed("guest rebooted (from its first shell)", 120_000);
  });

  it("heal after the VM was stopped and started, on its new port", async () => {
    await ascalon(["stop"]);
    await noticed();
    expect((await ascalon(["up"])).code).toBe(0);
    await healed("VM stopped and started (from ready)", 120_000);
  });

  it("doctor finds nothing wrong with them", async () => {
    const { stdout } = await ascalon(["doctor", "--json"], { env: { SSH_AUTH_SOCK: agentSocket } });
    const { findings } = JSON.parse(stdout) as { findings: { id: string; verdict: string }[] };
    expect(findings.filter(({ id }) => id.startsWith("link-")).map(({ verdict }) => verdict)).toEqual(
      proved.map(() => "ok"),
    );
  });
});
