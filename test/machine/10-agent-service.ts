import { chmod, copyFile, cp, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bed, guest, until } from "./bed.ts";

/**
 * The agent as a service of a real `systemd --user`. Test machines have none of their own, so ascalon runs in the guest
 * here, as it would on a Linux host: the unit, its start at login, its restarts and its end are systemd's.
 */
const folder = `${bed.projects}/agent-service`;
const unit = "ascalon-agent.service";

const ascalon = (...words: readonly string[]): Promise<string> =>
  guest(
    "sh",
    "-c",
    '"$@" 2>&1; echo "code $?"',
    "sh",
    "/home/dev/agent/node",
    "/home/dev/agent/dist/ascalon.mjs",
    ...words,
  );
const systemctl = (...words: readonly string[]): Promise<string> => guest("systemctl", "--user", ...words);
const property = (name: string): Promise<string> => systemctl("show", `--property=${name}`, "--value", unit);

describe("the agent under systemd --user", () => {
  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    // The guest's own Node is older than the CLI asks for.
    await copyFile(process.execPath, `${folder}/node`);
    await cp(dirname(bed.cli), `${folder}/dist`, { recursive: true, verbatimSymlinks: true });
    await chmod(`${folder}/node`, 0o755);
    await guest("cp", "-r", folder, "/home/dev/agent");
    await ascalon("config", "set", "vm.autostart", "off");
  });

  afterAll(async () => {
    await guest(
      "rm",
      "-rf",
      "/home/dev/agent",
      "/home/dev/.config/ascalon",
      "/home/dev/.local/state/ascalon",
    );
  });

  it("install: runs, is enabled for each login, and says that it does", async () => {
    expect(await ascalon("agent", "install")).toContain("The agent is running and starts at each login.");
    expect(await systemctl("is-active", unit)).toBe("active");
    expect(await systemctl("is-enabled", unit)).toBe("enabled");
    expect(await ascalon("agent", "install")).toContain("nothing to do");
    // Not the Node that the guest has in PATH.
    expect(await property("ExecStart")).toContain("path=/home/dev/agent/node");
    const shown = await until(
      () => ascalon("agent", "status"),
      (text) => text.includes("status.json  fresh"),
      180_000,
    );
    expect(shown).toMatch(/installed +yes\nthis version yes\nrunning +yes/);
    expect(await guest("stat", "-c", "%a", "/home/dev/.local/state/ascalon/status.json")).toBe("600");
  });

  it("killed -9, systemd starts it anew", async () => {
    const before = await property("MainPID");
    await guest("kill", "-9", before);
    await until(
      async () => [await property("ActiveState"), await property("MainPID")],
      ([state, pid]) => state === "active" && pid !== before && pid !== "0",
      180_000,
    );
    expect(Number(await property("NRestarts"))).toBeGreaterThan(0);
  });

  it("ended in order it stays away, and the log is told of", async () => {
    await systemctl("stop", unit);
    expect(await property("Result")).toBe("success");
    expect(await property("ActiveState")).toBe("inactive");
    expect(await ascalon("agent", "logs")).not.toBe("");
    await systemctl("start", unit);
  });

  it("uninstall: nothing runs and nothing is left", async () => {
    expect(await ascalon("agent", "uninstall")).toContain("stopped and removed");
    expect(await property("LoadState")).toBe("not-found");
    expect(await ascalon("agent", "status")).toContain("installed    no");
    expect(await ascalon("agent", "uninstall")).toContain("No agent is installed");
  });
});
