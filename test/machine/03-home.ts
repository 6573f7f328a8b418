import { describe, expect, it } from "vitest";
import { ascalon, bed, guest, readSettings, run, status, up, writeSettings } from "./bed.ts";

const gib = 1024 ** 3;

describe("/home", () => {
  it("why #9: survives a new root disk, and grows when vm.home does", async () => {
    await guest("sh", "-c", "echo precious > /home/dev/kept; sudo touch /root-disk-mark");
    const sizeBefore = Number(
      await guest("df", "--output=size", "-B1", "/home").then((text) => text.split("\n")[1]),
    );
    expect((await ascalon(["stop"])).code).toBe(0);
    expect(await status()).toMatchObject({ state: "stopped", exists: "ours", process: { state: "stopped" } });

    const reset = await run("limactl", ["--tty=false", "factory-reset", "ascalon"]);
    expect(reset.code).toBe(0);
    expect((await ascalon(["config", "set", "vm.home", "3GiB"])).code).toBe(0);
    expect(await readSettings()).toContain("# both cores");

    expect((await up()).steps).toEqual(["grow-home-disk", "reconfigure", "start"]);
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
    expect(await guest("sh", "-c", "ls /root-disk-mark 2>/dev/null || echo new")).toBe("new");
    expect((await status()).disks.home?.sizeBytes).toBe(3 * gib);
    const sizeAfter = Number(
      await guest("df", "--output=size", "-B1", "/home").then((text) => text.split("\n")[1]),
    );
    expect(sizeAfter).toBeGreaterThan(sizeBefore + 0.8 * gib);
  });

  it("a smaller vm.home is refused and nothing changes", async () => {
    const before = await readSettings();
    await writeSettings(before.replace("home: 3GiB", "home: 1GiB"));
    await ascalon(["stop"]);
    const { code, stderr } = await ascalon(["up"]);
    expect(code).toBe(5);
    expect(stderr).toContain("E_DISK_SHRINK");
    expect((await status()).state).toBe("stopped");
    await writeSettings(before);
  });

  it("is on its disk in a guest too whose own system does not mount it, and has no file that lets nobody in", async () => {
    expect((await up()).steps).toEqual(["start"]);
    // As the generic image: only what Lima runs at each start knows of the disk.
    await guest("sudo", "sed", "-i.kept", "/ascalon-home/d", "/etc/fstab");
    await guest("sh", "-c", "cd && mv .bashrc kept-bashrc; echo 'echo hello; exit 3' > .bashrc");
    const doctor = await ascalon(["doctor"]);
    expect(doctor.stdout).toContain("the login shell ends with 3 before it runs anything");
    expect(doctor.stdout).toContain("run: ascalon restart");
    const restarted = await ascalon(["restart"]);
    expect(restarted).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("every login ended with 3 before it ran anything"),
    });
    expect(restarted.stderr).toContain("ascalon shell -- mv /home/dev/.bashrc.aside-1 /home/dev/.bashrc");
    expect((await ascalon(["doctor"])).stdout).toMatch(
      /warning +ssh +with \/home\/dev\/\.bashrc every login/,
    );
    expect(
      await guest("sh", "-c", "cd && cat .bashrc.aside-1 && rm .bashrc.aside-1 && mv kept-bashrc .bashrc"),
    ).toBe("echo hello; exit 3");
    expect((await ascalon(["doctor"])).stdout).toMatch(/ok +ssh +a login took/);
    expect(await guest("findmnt", "-no", "LABEL", "/home")).toBe("ascalon-home");
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
    expect(await guest("systemctl", "show", "--property=FragmentPath", "--value", "home.mount")).toBe("");
    await guest("sudo", "mv", "/etc/fstab.kept", "/etc/fstab");
    expect((await ascalon(["stop"])).code).toBe(0);
  });

  it("why #9: survives a setting that only a new VM can have: destroy and up", async () => {
    // The same disk by another name, which stays the suite's.
    const image = `${bed.imageFile}.copy.yaml`;
    expect((await run("cp", [bed.imageFile, image])).code).toBe(0);
    expect((await ascalon(["config", "set", "vm.image", image])).code).toBe(0);
    const planned = JSON.parse((await ascalon(["plan", "--json"])).stdout) as { changes: object[] };
    expect(planned.changes).toMatchObject([{ key: "vm.image", effect: "recreate" }]);
    // Nobody's VM is thrown away for a line in a file.
    expect((await up()).steps).toEqual(["start"]);
    expect((await ascalon(["plan"])).stdout).toContain(
      "ascalon destroy, then ascalon up (destroy says what will be lost)",
    );

    const unasked = await ascalon(["destroy"]);
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain("kept: /home");
    expect((await status()).exists).toBe("ours");

    expect((await ascalon(["destroy", "--yes"])).code).toBe(0);
    expect(await status()).toMatchObject({
      state: "absent",
      disks: { root: null, home: { sizeBytes: 3 * gib } },
    });
    expect((await up()).steps).toEqual(["create", "start"]);
    expect((await ascalon(["plan"])).stdout).toBe("Nothing is pending.\n");
    expect(await guest("cat", "/home/dev/kept")).toBe("precious");
    expect(await guest("stat", "-c", "%U:%G", "/home/dev/kept")).toBe("dev:dev");
    expect(bed.limaHome.length).toBeLessThan(40);
  });
});
