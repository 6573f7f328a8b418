import { describe, expect, it } from "vitest";
import { ascalon, guest, readSettings, status, up, writeSettings } from "./bed.ts";

interface PlanDocument {
  readonly steps: readonly { readonly kind: string }[];
  readonly changes: readonly {
    readonly key: string;
    readonly before: string;
    readonly after: string;
    readonly effect: string;
  }[];
}

async function plan(): Promise<PlanDocument & { code: number | null }> {
  const { code, stdout } = await ascalon(["plan", "--json"]);
  return { ...(JSON.parse(stdout) as PlanDocument), code };
}

describe("changed settings", () => {
  it("plan names each key with its effect, and restart applies what waits for one", async () => {
    const before = await readSettings();
    expect((await ascalon(["config", "set", "vm.cpus", "1"])).code).toBe(0);
    expect((await ascalon(["config", "set", "sockets.docker", "off"])).code).toBe(0);
    expect((await ascalon(["config", "set", "user.name", "someone"])).code).toBe(0);
    const pending = await plan();
    expect(pending.code).toBe(8);
    expect(pending.changes).toEqual([
      { key: "vm.cpus", before: "2", after: "1", effect: "restart" },
      { key: "user.name", before: "dev", after: "someone", effect: "recreate" },
      { key: "sockets.docker", before: "auto", after: "off", effect: "live" },
    ]);
    expect((await ascalon(["status"])).stdout).toContain("vm.cpus 2 -> 1");

    // A running VM gets what is live; the rest waits.
    expect((await up()).steps).toEqual(["apply-live"]);
    expect((await plan()).changes.map(({ key }) => key)).toEqual(["vm.cpus", "user.name"]);
    expect(await guest("nproc")).toBe("2");

    const restarted = await ascalon(["restart", "--json"]);
    expect(restarted.code).toBe(0);
    expect((JSON.parse(restarted.stdout) as { steps: string[] }).steps).toEqual([
      "stop",
      "reconfigure",
      "start",
    ]);
    expect(await guest("nproc")).toBe("1");
    // The user of a VM that exists stays: only a new VM can have another.
    expect(await guest("whoami")).toBe("dev");
    expect((await plan()).changes.map(({ key }) => key)).toEqual(["user.name"]);
    await writeSettings(before);
  });

  it("a broken settings file is refused with every position, and nothing is touched", async () => {
    const before = await readSettings();
    await writeSettings("vm:\n  cpus: six\n  memroy: 1GiB\n");
    const { code, stderr } = await ascalon(["up"]);
    await writeSettings(before);
    expect(code).toBe(5);
    expect(stderr).toContain('ascalon.yaml:2:9 vm.cpus: expected a whole number from 1 to 512, got "six"');
    expect(stderr).toContain("ascalon.yaml:3:3 vm.memroy: unknown key, did you mean memory?");
    expect((await status()).state).toBe("ready");
  });
});
