import { readdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ascalon, bed, guest, killProcess, run, start, startAscalon, status, until, up } from "./bed.ts";

const instance = `${bed.limaHome}/ascalon`;

/** Whether some ascalon holds the lock: the newest turn is not released. */
async function isLocked(): Promise<boolean> {
  const folder = `${bed.home}/.local/state/ascalon/lock.d`;
  const turns = await readdir(folder).catch(() => []);
  const newest = Math.max(0, ...turns.map(Number).filter(Number.isInteger));
  const text = await readFile(`${folder}/${newest}`, "utf8").catch(() => "");
  return text !== "" && !text.includes('"released"');
}

describe("every state is told truly, and up repairs it", () => {
  it("why #16: a rebooting guest is unreachable, not ready, and up waits until it is back", async () => {
    await run(bed.node, [bed.cli, "shell", "--", "sudo", "systemctl", "reboot"]);
    const down = await until(status, ({ state }) => state !== "ready", 180_000);
    expect(down).toMatchObject({ state: "unreachable", process: { state: "running" } });
    expect((await up()).steps).toEqual(["wait"]);
    expect((await status()).state).toBe("ready");
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
  });

  it("a guest that shuts down is waited for by up, which starts its VM once it is down", async () => {
    // Its sshd goes first, and this one service only when `up` waits.
    const gate = `${bed.projects}/may-go-down`;
    const stop = `ExecStop=/bin/sh -c 'until [ -e ${gate} ]; do sleep 0.2; done'`;
    const unit = [
      `--property=${stop}`,
      `--property=RequiresMountsFor=${bed.projects}`,
      "--remain-after-exit",
    ];
    await guest("sudo", "systemd-run", ...unit, "true");
    await run(bed.node, [bed.cli, "shell", "--", "sudo", "systemctl", "poweroff"]);
    await until(status, ({ state }) => state === "unreachable", 60_000);
    const going = startAscalon(["up", "--json"]);
    await until(
      async () => going.stderr(),
      (text) => text.includes("Waiting for the guest"),
      60_000,
    );
    await writeFile(gate, "");
    const { code, stdout } = await going.ended;
    const { steps } = JSON.parse(stdout) as { steps: string[] };
    // QEMU ends before Lima's host agent: whether that one has to be cleared away is a matter of a moment.
    expect([code, steps.filter((step) => step !== "recover")]).toEqual([0, ["wait", "start"]]);
    expect((await status()).state).toBe("ready");
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
  });

  it("QEMU killed -9 ends in stopped, and up starts it again", async () => {
    const { process: before } = await status();
    killProcess(before.driverPid, "SIGKILL");
    await until(status, ({ state }) => state === "stopped", 120_000);
    // Under status, plan says the same.
    expect((await ascalon(["plan"])).stdout).toContain("Starting the VM");
    expect((await up()).steps).toEqual(["start"]);
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
  });

  it("a host agent killed -9 is broken, and up lets the guest shut down before it starts anew", async () => {
    await guest("sh", "-c", "echo unsynced > /home/dev/last-word");
    const { process: before } = await status();
    killProcess(before.hostAgentPid, "SIGKILL");
    const broken = await until(status, ({ state }) => state === "broken", 120_000);
    expect(broken.process).toMatchObject({
      state: "broken",
      hostAgentPid: null,
      driverPid: before.driverPid,
    });
    const shown = await ascalon(["status"]);
    expect(shown.stdout).toContain("ascalon up");

    expect((await up()).steps).toEqual(["recover", "start"]);
    // Powered off in order: the last write was not lost with the killed processes.
    expect(await guest("cat", "/home/dev/last-word")).toBe("unsynced");
  });

  it("pid files that name another program's process are cleared, and that process lives on", async () => {
    expect((await ascalon(["stop"])).code).toBe(0);
    const innocent = start("sleep", ["600"]);
    await writeFile(`${instance}/ha.pid`, `${innocent.pid}\n`);
    await writeFile(`${instance}/qemu.pid`, `${innocent.pid}\n`);
    expect(await status()).toMatchObject({ state: "broken", process: { state: "leftover" } });
    // Lima itself would refuse to start, and kill the process with stop --force.
    const lima = await run("limactl", ["--tty=false", "list", "--format", "{{.Status}}", "ascalon"]);
    expect(lima.stdout.trim()).toBe("Broken");

    // The boot that follows is the one the next test interrupts.
    const going = startAscalon(["up"]);
    await until(status, ({ process: { state } }) => state === "starting", 120_000);
    process.kill(innocent.pid, 0);
    process.kill(innocent.pid, "SIGKILL");
    await innocent.ended;

    // Ctrl-C while it boots: the boot goes on, and the next up waits for it.
    going.kill("SIGINT");
    const ended = await going.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain("ascalon up");
    expect((await status()).state).toBe("starting");
    expect((await up()).steps).toEqual(["wait"]);
    expect((await status()).state).toBe("ready");
  });

  it("a VM that is still booting is stopped in order: it misses the power button, and is asked once it can be", async () => {
    expect((await ascalon(["stop"])).code).toBe(0);
    expect((await ascalon(["up", "--no-wait"])).code).toBe(0);
    await until(status, ({ process: { state } }) => state === "starting", 120_000);
    const stopped = await ascalon(["stop"]);
    expect([stopped.code, stopped.stderr]).toEqual([0, expect.not.stringContaining("power cut")]);
    expect((await status()).state).toBe("stopped");
    await up();
  });

  it("why #16: a kernel that panics while it boots is told with its own words, and the next up repairs it", async () => {
    expect((await ascalon(["stop"])).code).toBe(0);
    const cmdline = `${instance}/kernel.cmdline`;
    const good = await readFile(cmdline, "utf8");
    // No init in the initramfs, no root file system without it.
    await writeFile(cmdline, `${good.trim()} rdinit=/none`);
    const failed = await ascalon(["up"]);
    await writeFile(cmdline, good);
    expect(failed.code).toBe(7);
    expect(failed.stderr).toMatch(/the guest does not boot: its kernel panicked: .*(root|init)/);
    expect(failed.stderr).toContain("started once more");
    expect(failed.stderr).toContain("ascalon logs vm");
    expect((await ascalon(["logs", "vm"])).stdout).toContain("Kernel panic");
    expect(await status()).toMatchObject({ state: "starting" });
    // It stands where it panicked; nothing but a start anew helps it.
    expect((await up()).steps).toEqual(["wait"]);
    expect((await status()).state).toBe("ready");
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
  });

  it("two ups at once: one starts the VM, the other says who does and waits for it", async () => {
    expect((await ascalon(["stop"])).code).toBe(0);
    const both = await Promise.all([ascalon(["up", "--json"]), ascalon(["up", "--json"])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const told = both.map(({ stdout, stderr }) => ({
      ...(JSON.parse(stdout) as { state: string; steps: string[] }),
      stderr,
    }));
    expect(told.map(({ state }) => state)).toEqual(["ready", "ready"]);
    const [starter, ...others] = told.sort((a, b) => b.steps.length - a.steps.length);
    expect(starter?.steps).toEqual(["start"]);
    expect(starter?.stderr).not.toContain("waiting for it");
    expect(others.map(({ steps }) => steps)).toEqual([[]]);
    expect(others[0]?.stderr).toMatch(/The VM is being started by ascalon up \(pid \d+\): waiting for it/);
    expect((await status()).state).toBe("ready");
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
  });

  it("a stop beside an up is refused and says who works; a killed one's lock is nobody's", async () => {
    expect((await ascalon(["stop"])).code).toBe(0);
    const first = startAscalon(["up"]);
    await until(isLocked, (locked) => locked, 60_000);
    // From here on there is something to stop, and the lock is kept until the guest is ready.
    await until(status, ({ process: { state } }) => state === "starting", 120_000);
    const second = await ascalon(["stop"]);
    expect(second.code).toBe(9);
    expect(second.stderr).toContain("ascalon up");
    expect(second.stderr).toMatch(/pid \d+/);
    expect(await isLocked()).toBe(true);
    first.kill("SIGKILL");
    await first.ended;
    expect((await up()).state).toBe("ready");
    expect(await isLocked()).toBe(false);
  });
});
