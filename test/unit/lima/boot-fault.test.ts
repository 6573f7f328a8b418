import { describe, expect, it } from "vitest";
import { consoleFault } from "../../../src/cli/adapters/lima/boot-fault.ts";

const panicked = `[    1.204391] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
[    1.204512] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0
[    1.205001] Call Trace:
`;

describe("what a console tells of a boot", () => {
  it.each([
    ["nothing", ""],
    ["a good boot", "[  OK  ] Started sshd.service.\nWelcome to NixOS\nascalon login: "],
    ["a panic whose kernel restarts itself", `${panicked}[    1.206] Rebooting in 10 seconds..\n`],
    ["two of them", `${panicked}Rebooting in 10 seconds..\n`.repeat(2)],
    ["an emergency that somebody only reads about", "see systemd.special(7) for emergency.target\n"],
  ])("%s: no fault", (_, text) => {
    expect(consoleFault(text)).toBeUndefined();
  });

  it("a panic that stays, with its reason", () => {
    const text = `${panicked}[    1.207] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---\n`;
    expect(consoleFault(text)).toEqual({
      kind: "panic",
      words: "its kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)",
    });
  });

  it("a kernel that restarts itself and panics again and again", () => {
    expect(consoleFault(`${panicked}Rebooting in 10 seconds..\n`.repeat(3))).toMatchObject({ kind: "panic" });
  });

  it("emergency mode, with what failed", () => {
    const text = `[FAILED] Failed to mount /data.
[DEPEND] Dependency failed for Local File Systems.
You are in emergency mode. After logging in, type "journalctl -xb" to view
system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"
to boot into default mode.
`;
    expect(consoleFault(text)).toEqual({
      kind: "emergency",
      words: "it stopped in emergency mode, after this failed: Local File Systems",
    });
  });

  it.each([
    ["letters", "x".repeat(60_000)],
    ["blanks", `${" ".repeat(60_000)}x`],
    ["dots", ".".repeat(60_000)],
  ])("a hostile console of %s cannot fill a sentence, or keep us busy", (_, long) => {
    const end = consoleFault(`---[ end Kernel panic - not syncing: ${long} ]---\n`);
    const mode = consoleFault(`Failed to start ${long}\nYou are in rescue mode\n`);
    for (const fault of [end, mode]) expect(fault?.words.length).toBeLessThan(350);
  });

  it("rescue mode, without a unit that failed", () => {
    expect(consoleFault("You are in rescue mode. After logging in\n")).toEqual({
      kind: "emergency",
      words: "it stopped in rescue mode",
    });
  });
});
