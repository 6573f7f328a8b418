import { copyFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ascalon, bed, guest, run, status, up } from "./bed.ts";

describe("up from nothing", () => {
  it("status says that there is no VM, and plan that one would be made", async () => {
    expect(await status()).toMatchObject({
      state: "absent",
      exists: "absent",
      process: { state: "stopped" },
    });
    const plan = await ascalon(["plan", "--json"]);
    expect(plan.code).toBe(8);
    const { steps } = JSON.parse(plan.stdout) as { steps: { kind: string }[] };
    expect(steps.map(({ kind }) => kind)).toEqual(["create-home-disk", "create", "start"]);
    expect((await status()).exists).toBe("absent");
  });

  it("shell says that there is no VM, and what to run", async () => {
    const { code, stderr } = await ascalon(["shell", "--", "true"]);
    expect(code).toBe(125);
    expect(stderr).toContain("ascalon up");
  });

  it("makes the home disk and the VM, and ends when it is ready", async () => {
    const result = await up();
    expect(result).toMatchObject({ state: "ready", steps: ["create-home-disk", "create", "start"] });
    expect(await status()).toMatchObject({
      state: "ready",
      exists: "ours",
      ready: true,
      guestAgent: true,
      process: { state: "running" },
      ssh: { state: "up" },
      cpus: 2,
    });
  });

  it("a second up has nothing to do and starts no program", async () => {
    const { code, stdout, stderr } = await ascalon(["up", "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ state: "ready", steps: [], changes: [] });
    const plan = await ascalon(["plan"]);
    expect(plan).toMatchObject({ code: 0, stdout: "Nothing is pending.\n" });
  });

  it("the guest is what the settings say", async () => {
    expect(await guest("whoami")).toBe("dev");
    expect(await guest("sh", "-c", "echo $HOME; id -u; nproc")).toBe("/home/dev\n1000\n2");
    expect(await guest("findmnt", "-no", "LABEL", "/home")).toBe("ascalon-home");
    expect(await guest("systemctl", "--failed", "--no-legend", "--plain")).toBe("");
  });

  it("why #1: Lima has no complaint about the lima.yaml", async () => {
    const { code, stderr } = await run("limactl", [
      "--tty=false",
      "validate",
      `${bed.limaHome}/ascalon/lima.yaml`,
    ]);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/level=(warning|error|fatal)/);
  });

  it.each(["qemu-tcg", "qemu-x86_64", "vz-aarch64"])("nor about the golden %s.yaml", async (name) => {
    const golden = new URL(`../golden/lima-yaml/${name}.yaml`, import.meta.url).pathname;
    const copy = `${bed.home}/${name}.yaml`;
    await copyFile(golden, copy);
    const { code, stderr } = await run("limactl", ["--tty=false", "validate", copy]);
    expect({ code, complaints: stderr.match(/level=(warning|error|fatal).*/g) }).toEqual({
      code: 0,
      complaints: null,
    });
  });

  it("a folder of the Mac is at the same path in the guest, for both to write", async () => {
    const { chmod, mkdir, readFile, writeFile } = await import("node:fs/promises");
    await writeFile(`${bed.projects}/from-host`, "hello\n");
    expect(await guest("cat", `${bed.projects}/from-host`)).toBe("hello");
    // 9p checks the guest's uid 1000 against the host's owner, whoever that is here (facts of the bed, not of macOS).
    await mkdir(`${bed.projects}/open`);
    await chmod(`${bed.projects}/open`, 0o777);
    await guest("sh", "-c", `echo back > ${bed.projects}/open/from-guest`);
    expect(await readFile(`${bed.projects}/open/from-guest`, "utf8")).toBe("back\n");
  });
});
