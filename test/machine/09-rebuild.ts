import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ascalon, bed, type Ended, guest, killProcess, startAscalon, status, until, up } from "./bed.ts";

/**
 * The guest is made to look like NixOS: doubles of nix, nix-env and the systems' switch scripts, which keep real
 * generations. systemd, ssh, the timer and /home are real.
 */
const flakeFolder = `${bed.home}/flake`;
const imageSystem = `/nix/store/${"0".repeat(32)}-nixos-system-nixos-26.05`;
const appliedFile = `${bed.limaHome}/ascalon/ascalon-applied.yaml`;

const disguise = `set -eu
lib=/usr/local/lib/ascalon-doubles
mkdir -p "$lib" /etc/ascalon ${imageSystem}/bin ${imageSystem}/sw /nix/var/nix/profiles /nix/var/nix/gcroots /boot
cp ${bed.projects}/doubles/*.sh "$lib/"
chmod 755 "$lib"/*.sh
ln -sfn "$lib/nix-double.sh" /usr/local/bin/nix
ln -sfn "$lib/nix-env-double.sh" /usr/local/bin/nix-env
cp "$lib/switch-to-configuration-double.sh" ${imageSystem}/bin/switch-to-configuration
mkdir -p "$lib/tools" "$lib/systemd" /etc/systemd/system/ascalon-rollback.service.d
ln -sf /usr/bin/* /usr/local/bin/nix-env "$lib/tools/"
ln -sfn "$lib/tools" ${imageSystem}/sw/bin
ln -sf /usr/bin/systemctl /usr/bin/systemd-run /usr/bin/journalctl "$lib/systemd/"
printf '[Service]\nEnvironment=PATH=%s\n' "$lib/systemd" >/etc/systemd/system/ascalon-rollback.service.d/as-on-nixos.conf
: >${imageSystem}/behaviour
ln -sfn ${imageSystem} /nix/var/nix/profiles/system-1-link
ln -sfn system-1-link /nix/var/nix/profiles/system
for link in /boot/default /run/current-system /run/booted-system; do ln -sfn ${imageSystem} "$link"; done
mkdir -p ${imageSystem}/etc/ascalon
for root in "" ${imageSystem}; do echo '{}' >"$root/etc/ascalon/ascalon.json"; done
cp --remove-destination /usr/lib/os-release /etc/os-release
sed -i s/^ID=.*/ID=nixos/ /etc/os-release
install -m 644 ${bed.projects}/doubles/*.service /etc/systemd/system/
systemctl daemon-reload
systemctl enable --quiet nixos-boot-double.service`;

const undisguise = `systemctl disable --quiet nixos-boot-double.service
rm -rf /etc/systemd/system/nixos-boot-double.service /etc/systemd/system/ascalon-rollback.service.d
systemctl daemon-reload
ln -sfn ../usr/lib/os-release /etc/os-release
rm -rf /nix /etc/ascalon /etc/nixos /var/lib/ascalon/flake /var/lib/ascalon/flakes /boot/default /run/current-system /run/booted-system /usr/local/bin/nix /usr/local/bin/nix-env`;

/** Stands for a pane: a process of the user's own manager. */
const startPane = `mkdir -p ~/.config/systemd/user
printf '[Service]\\nExecStart=/bin/sleep 1000\\n' >~/.config/systemd/user/ascalon-pane.service
systemctl --user daemon-reload && systemctl --user start ascalon-pane`;

const flake = (...words: readonly string[]): Promise<void> =>
  writeFile(`${flakeFolder}/guest.nix`, `${words.map((word) => `# double: ${word}\n`).join("")}{ }\n`);
const rebuild = (): Promise<Ended> => ascalon(["rebuild"]);
/** Seconds in which a system has to be confirmed: in four logins and more, each of which may take a slow guest ten. */
const enough = 180;
/** Where it never is, and the guest's own timer is waited for: it must not fire before the switch that it is to end. */
const short = 40;
const trial = (seconds: number): Promise<Ended> =>
  ascalon(["config", "set", "rebuild.confirm", String(seconds)]);
const runs = (): Promise<string> => guest("readlink", "-f", "/run/current-system");
const panePid = (): Promise<string> =>
  guest("systemctl", "--user", "show", "--property=MainPID", "--value", "ascalon-pane");

describe("rebuild", () => {
  let pane = "";

  beforeAll(async () => {
    await cp(new URL("../doubles/guest", import.meta.url), `${bed.projects}/doubles`, { recursive: true });
    await mkdir(flakeFolder, { recursive: true });
    await writeFile(`${flakeFolder}/flake.nix`, "{ outputs = _: { }; }\n");
    await flake("none-yet");
    // As one that comes from a store or a checkout of root's: the lock that Nix makes has no place in it.
    await chmod(flakeFolder, 0o555);
    await guest("sudo", "sh", "-c", disguise);
    await guest("sh", "-c", startPane);
    await guest("sh", "-c", "echo precious >/home/dev/before-rebuild");
    pane = await panePid();
    await ascalon(["config", "set", "system.flake", flakeFolder]);
    await trial(enough);
    // As after a first boot: from an image's system the first rebuild is a restart, which the doubles do not survive.
    const applied = JSON.parse(await readFile(appliedFile, "utf8")) as { system: { flake: string | null } };
    await writeFile(
      appliedFile,
      JSON.stringify({ ...applied, system: { ...applied.system, flake: flakeFolder } }),
    );
  });

  afterAll(async () => {
    await ascalon(["config", "unset", "system.flake"]);
    await ascalon(["config", "unset", "rebuild.confirm"]);
    const applied = JSON.parse(await readFile(appliedFile, "utf8")) as { system: { flake: string | null } };
    await writeFile(appliedFile, JSON.stringify({ ...applied, system: { ...applied.system, flake: null } }));
    await guest("systemctl", "--user", "stop", "ascalon-pane");
    await guest("sudo", "sh", "-c", undisguise);
  });

  /** What no rebuild may touch. */
  async function intact(): Promise<void> {
    expect(await panePid()).toBe(pane);
    expect(await guest("cat", "/home/dev/before-rebuild")).toBe("precious");
    expect(await guest("findmnt", "-no", "LABEL", "/home")).toBe("ascalon-home");
  }

  it("a good one switches, and panes and /home are as they were", async () => {
    expect(Number(pane)).toBeGreaterThan(1);
    await flake("first");
    const { code, stderr } = await rebuild();
    expect(stderr).toContain("Confirmed the system");
    expect(stderr).toContain(`${flakeFolder}/flake.lock could not be written (EACCES)`);
    expect(code).toBe(0);
    expect(await runs()).toContain("nixos-system-ascalon");
    expect(await guest("readlink", "-f", "/nix/var/nix/profiles/system")).toBe(await runs());
    await intact();
  });

  it("a unit that fails brings the system before back", async () => {
    const before = await runs();
    await flake("unit-fails=ascalon-double-unit.service");
    const { code, stderr } = await rebuild();
    expect(stderr).toContain("units failed: ascalon-double-unit.service");
    expect(stderr).toContain(`the guest runs ${before} again`);
    expect([code, await runs()]).toEqual([1, before]);
    await intact();
  });

  it("when no new connection can be made after the switch, the guest comes back by its own timer", async () => {
    const before = await runs();
    await flake("cuts-network");
    await trial(short);
    const { code, stderr } = await rebuild();
    expect(stderr).toContain("no new ssh connection can be made");
    expect(stderr).toContain("by itself");
    expect(code).toBe(1);
    await until(
      async () => (await ascalon(["generations"])).code,
      (ended) => ended === 0,
      300_000,
    );
    expect(await runs()).toBe(before);
    await intact();
  });

  it("a switch that hangs is ended by the guest's own timer", async () => {
    const before = await runs();
    await flake("switch-hangs");
    const { code } = await rebuild();
    expect(code).toBe(1);
    await until(runs, (system) => system === before, 180_000);
    expect(await guest("systemctl", "is-active", "ascalon-switch").catch(() => "gone")).not.toBe("active");
    await intact();
  });

  it("rollback goes to the generation before, and logs tell of it", async () => {
    await trial(enough);
    const { code, stderr } = await ascalon(["rollback"]);
    expect(stderr).toContain("runs generation 1");
    expect([code, await runs()]).toEqual([0, imageSystem]);
    await intact();
    const { stdout } = await ascalon(["logs", "rebuild", "--since", "60m"]);
    expect(stdout).toContain("Switching to the system");
    expect(stdout).toMatch(/rollback-timer: not confirmed: back to/);
  });

  it("the power goes in the middle of a switch: the system before comes up, whole", async () => {
    const before = await runs();
    await flake("switch-hangs");
    const going = startAscalon(["rebuild"]);
    await until(runs, (system) => system !== before, 300_000);
    killProcess((await status()).process.driverPid, "SIGKILL");
    const { code, stderr } = await going.ended;
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("the VM went down in the middle of the switch"),
    ]);
    expect(stderr).toContain(`its next start brings ${before}`);

    expect((await up()).steps).toContain("start");
    expect(await runs()).toBe(before);
    expect(await guest("sudo", "cat", "/var/lib/ascalon/rollback/fired")).toBe("0");
    expect(await guest("sudo", "sh", "-c", "ls /var/lib/ascalon/rollback/armed || true")).toBe("");
    expect(await guest("cat", "/home/dev/before-rebuild")).toBe("precious");
    // Nothing is in the way of the next one.
    await flake("after-the-power-cut");
    expect((await rebuild()).code).toBe(0);
    expect(await runs()).not.toBe(before);
  });
});
