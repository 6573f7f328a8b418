import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ascalon,
  bed,
  guest,
  killProcess,
  readSettings,
  run,
  start,
  status,
  until,
  up,
  writeSettings,
} from "./bed.ts";
import {
  closeLinks,
  dockerSocket,
  endAgent,
  heals,
  linkNames,
  openLinks,
  ourSsh,
  readStatus,
  startAgent,
  startDocker,
  state,
  stopDocker,
} from "./link-bed.ts";

/** Leaves a socket file behind that nobody listens on. */
const bindAndDie = (path: string): string =>
  `require("node:net").createServer().listen("${path}", () => process.kill(process.pid, "SIGKILL"))`;

describe("links", () => {
  beforeAll(openLinks);
  afterAll(closeLinks);

  it("all come up, and bytes flow both ways", async () => {
    await heals({ name: "agent started", inject: async () => startAgent(), loses: ["mux"] });
    const { stdout } = await ascalon(["status"]);
    expect(stdout).toMatch(/link +docker +up/);
    expect(stdout).toContain(`the settings name it, ~/d.sock`);
    expect((await stat(`${state}/sock`)).mode & 0o777).toBe(0o700);
    expect((await stat(`${state}/sock/mux.sock`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${state}/status.json`)).mode & 0o777).toBe(0o600);
  });

  it("heal after our ssh was killed -9", async () => {
    const pid = await ourSsh();
    const inject = async () => killProcess(pid, "SIGKILL");
    await heals({ name: "our ssh killed -9", inject, loses: ["mux"] });
  });

  it("do not notice the end of Lima's master", async () => {
    const inject = () =>
      run("ssh", ["-F", `${bed.limaHome}/ascalon/ssh.config`, "-O", "exit", "lima-ascalon"]);
    await heals({ name: "Lima's master ended", inject, loses: [] });
  });

  it("survive a restart of the guest's sshd, and the end of its sessions", async () => {
    const restart = () => guest("sudo", "systemctl", "restart", "ssh");
    await heals({ name: "guest sshd restarted", inject: restart, loses: [] });
    // The shell that asks goes with them.
    const kill = () => ascalon(["shell", "--no-cwd", "--", "sudo", "pkill", "-KILL", "-x", "sshd"]);
    const killAndStart = async () => {
      await kill();
      await until(
        async () => (await ascalon(["shell", "--no-cwd", "--", "sudo", "systemctl", "start", "ssh"])).code,
        (code) => code === 0,
        180_000,
      );
    };
    await heals({ name: "guest sshd and its sessions killed -9", inject: killAndStart, loses: ["mux"] });
  });

  it("heal after the Docker socket was removed and made again", async () => {
    const inject = async () => {
      await stopDocker();
      await until(
        async () => (await readStatus())?.links.find(({ name }) => name === "docker")?.state,
        (seen) => seen === "waiting",
        60_000,
      );
      await startDocker();
    };
    await heals({ name: "host's Docker socket removed and made again", inject, loses: ["docker"] });
  });

  it("heal after /run/ascalon was emptied in the guest", async () => {
    const inject = () => guest("sh", "-c", "rm -f /run/ascalon/*");
    await heals({
      name: "/run/ascalon emptied in the guest",
      inject,
      loses: ["docker", "ssh-agent", "bridge"],
    });
  });

  it("heal after /run/ascalon itself was removed in the guest, which only root can make again", async () => {
    const inject = () => guest("sudo", "rm", "-rf", "/run/ascalon");
    await heals({ name: "/run/ascalon removed in the guest", inject, loses: ["docker"] });
    expect(await guest("stat", "-c", "%a %U", "/run/ascalon")).toBe("700 dev");
  });

  it("heal after the socket folder was removed under us", async () => {
    const inject = () => rm(`${state}/sock`, { recursive: true, force: true });
    await heals({ name: "socket folder removed under us", inject, loses: ["mux"] });
  });

  it("heal over stale sockets on both sides", async () => {
    const inject = async () => {
      await endAgent("SIGKILL");
      await rm(`${state}/sock/mux.sock`, { force: true });
      await start(bed.node, ["-e", bindAndDie(`${state}/sock/mux.sock`)]).ended;
      await guest("rm", "-f", "/run/ascalon/docker.sock");
      await ascalon(["shell", "--no-cwd", "--", "node", "-e", bindAndDie("/run/ascalon/docker.sock")]);
      expect(await guest("ls", "/run/ascalon/docker.sock")).not.toBe("");
      startAgent();
    };
    await heals({ name: "agent killed -9, stale sockets on both sides", inject, loses: ["mux"] });
  });

  it("heal by a new agent after the first was killed -9", async () => {
    const inject = async () => {
      await endAgent("SIGKILL");
      await writeFile(`${state}/status.json`, "{}");
      startAgent();
    };
    await heals({ name: "agent killed -9 and started again", inject, loses: ["mux"] });
  });

  it("status.json comes back when it is removed, and when nobody may read it", async () => {
    await rm(`${state}/status.json`, { force: true });
    await until(readStatus, (seen) => seen !== undefined, 60_000);
    await chmod(`${state}/status.json`, 0);
    const modeOf = async (): Promise<number> => (await stat(`${state}/status.json`)).mode & 0o777;
    await until(modeOf, (mode) => mode === 0o600, 60_000);
  });

  it("a second agent is refused and says who holds the links", async () => {
    const second = await ascalon(["agent", "run"], { timeoutMs: 120_000 });
    expect(second.code).toBe(9);
    expect(second.stderr).toContain("ascalon agent run");
  });

  it("a hundred more come and go while the agent runs, and the others are not cut", async () => {
    const before = (await readStatus())?.links.find(({ name }) => name === "mux")?.since;
    const extra = Array.from({ length: 100 }, (_, i) => ({
      name: `extra-${i}`,
      host: dockerSocket,
      guest: `/run/ascalon/extra-${i}.sock`,
      direction: "host-to-guest",
    }));
    expect((await ascalon(["config", "set", "sockets.extra", JSON.stringify(extra)])).code).toBe(0);
    const countUp = async (): Promise<number> =>
      (await readStatus())?.links.filter((link) => link.state === "up").length ?? 0;
    const began = performance.now();
    await until(countUp, (count) => count === 104, 240_000);
    process.stderr.write(`100 more links: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    expect(await guest("curl", "-s", "--unix-socket", "/run/ascalon/extra-99.sock", "http://d/_ping")).toBe(
      "OK",
    );
    expect((await ascalon(["config", "unset", "sockets.extra"])).code).toBe(0);
    await until(countUp, (count) => count === 4, 120_000);
    expect((await readStatus())?.links.find(({ name }) => name === "mux")?.since).toBe(before);
  });

  it("a key that an editor changes in the settings file reaches WezTerm's file while the agent runs", async () => {
    const before = await readSettings();
    const key = async (): Promise<string> =>
      JSON.parse(await readFile(`${state}/wezterm/plugin.json`, "utf8")).key;
    expect(await key()).toBe("CMD|SHIFT+A");
    await writeSettings(`${before}wezterm:\n  key: CTRL|SHIFT+B\n`);
    await until(key, (now) => now === "CTRL|SHIFT+B", 60_000);
    await writeSettings(before);
    await until(key, (now) => now === "CMD|SHIFT+A", 60_000);
  });

  it("heal asks the agent, and tells how each link is", async () => {
    const { code, stdout } = await ascalon(["heal"]);
    expect(code).toBe(0);
    for (const name of linkNames) expect(stdout).toMatch(new RegExp(`^${name} +up`, "m"));
  });

  it("heal after QEMU stood still for 15 s", async () => {
    const { process: vm } = await status();
    const inject = async () => {
      killProcess(vm.driverPid, "SIGSTOP");
      await sleep(15_000);
      killProcess(vm.driverPid, "SIGCONT");
    };
    await heals({ name: "QEMU frozen for 15 s", inject, loses: [] });
  });

  it("heal after the guest rebooted", async () => {
    const inject = async () => {
      await run(bed.node, [bed.cli, "shell", "--", "sudo", "systemctl", "reboot"]);
      await until(status, ({ state: seen }) => seen !== "ready", 180_000);
      await up();
    };
    await heals({ name: "guest rebooted (from ready)", inject, loses: ["mux"] });
  });

  it("heal after the VM was stopped and started, on its new port", async () => {
    const inject = async () => {
      await ascalon(["stop"]);
      await up();
    };
    await heals({ name: "VM stopped and started (from ready)", inject, loses: ["mux"] });
  });

  it("heal after QEMU was killed -9: the agent of the next login starts the VM", async () => {
    const { process: vm } = await status();
    const inject = async () => {
      killProcess(vm.driverPid, "SIGKILL");
      await until(status, ({ state: seen }) => seen === "stopped", 120_000);
      await endAgent("SIGTERM");
      startAgent();
      await until(status, ({ ready }) => ready, 600_000);
    };
    await heals({ name: "QEMU killed -9, agent started (from ready)", inject, loses: ["mux"] });
  });

  it("doctor finds nothing wrong with them", async () => {
    const { stdout } = await ascalon(["doctor", "--json"]);
    const { findings } = JSON.parse(stdout) as { findings: { id: string; verdict: string }[] };
    const ofLinks = findings.filter(({ id }) => id.startsWith("link-"));
    // Whole findings, so that a failure tells what was wrong.
    expect(ofLinks.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(ofLinks.map(({ id }) => id)).toEqual(linkNames.map((name) => `link-${name}`));
  });

  it("--hold keeps the links without an agent, until it is told to end", async () => {
    await endAgent("SIGTERM");
    const held = start(bed.node, [bed.cli, "heal", "--hold"]);
    await until(
      async () => held.stderr(),
      (text) => text.includes("kept until Ctrl-C"),
      120_000,
    );
    expect(held.stderr()).toMatch(/^docker +up/m);
    held.kill("SIGINT");
    expect((await held.ended).code).toBe(0);
    const nobody = await ascalon(["heal"]);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining("ascalon heal --hold") });
  });
});
