import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { describe, test } from "vitest";
import { run } from "../../src/cli/app.ts";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { createGuestWorld } from "../support/guest-world.ts";
import { realContext } from "../support/real-context.ts";
import { putVmPrograms } from "../support/vm-programs.ts";

/** `up` of a machine whose settings name a flake: the image's system first, then the flake's, by a restart. */
function openFirstSystemBed() {
  const home = mkdtempSync("/tmp/asc-home-");
  const world = createGuestWorld({ ascalon: false });
  const machine = fakeMachine();
  const { start } = machine;
  machine.start = async (...args) => {
    await start(...args);
    await world.restart();
  };
  const flake = (text: string): void => writeFileSync(`${home}/flake/guest.nix`, text);
  const settings = (host: string): void =>
    writeFileSync(
      `${home}/.config/ascalon/ascalon.yaml`,
      `system: { flake: ~/flake, host: ${host} }\nrebuild: { confirm: 10 }\nvm: { type: qemu }\n`,
    );
  const ascalon = async (argv: readonly string[], guest: GuestPort = world.port) => {
    const env = { NO_COLOR: "1", PATH: `${home}/bin:${process.env.PATH}` };
    const { context, out, err } = realContext({ home, machine, guest, env });
    const code = await run(argv, context);
    return { code, out: out(), err: err() };
  };
  /** A guest that is lost at the nth command, and stays so. */
  const lostAt = (n: number): GuestPort & { readonly wasLost: () => boolean } => {
    let count = 0;
    return {
      ...world.port,
      run: async (...call) => {
        count += 1;
        return count < n
          ? await world.port.run(...call)
          : { kind: "unreachable", why: "the connection broke" };
      },
      wasLost: () => count >= n,
    };
  };
  mkdirSync(`${home}/flake`);
  writeFileSync(`${home}/flake/flake.nix`, "{ outputs = _: { }; }\n");
  flake("{ }\n");
  mkdirSync(`${home}/.config/ascalon`, { recursive: true });
  putVmPrograms(home, ["limactl"]);
  settings(hostname());
  const close = (): void => {
    world.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { home, world, machine, flake, settings, ascalon, lostAt, close };
}

/** Each with a bed of its own, so that those that wait for a lost guest wait beside each other. */
const it = test.extend<{ readonly bed: ReturnType<typeof openFirstSystemBed> }>({
  bed: async ({ task: _ }, use) => {
    const bed = openFirstSystemBed();
    await use(bed);
    bed.close();
  },
});

describe("up with a flake", () => {
  it("why #6: makes the VM, then brings its system by a restart, and a second one has nothing to do", async ({
    bed: { world, machine, ascalon },
    expect,
  }) => {
    const { code, err } = await ascalon(["up"]);
    expect(err).toContain("Restarted the VM with the system");
    expect(code).toBe(0);
    const { runs, profile, loader } = world.state();
    expect(runs).toContain("nixos-system-ascalon");
    expect([profile, loader]).toEqual([runs, runs]);
    expect(machine.calls.filter((call) => /^(start|stop)/.test(call))).toEqual(["start", "stop", "start"]);
    expect(world.read("/var/lib/ascalon/rollback/armed")).toBeUndefined();
    expect((await ascalon(["up"])).err).toContain("nothing to do");
    expect((await ascalon(["plan"])).code).toBe(0);
  });

  it("brings flake.lock back, and says so, because there was none", async ({
    bed: { home, world, ascalon },
    expect,
  }) => {
    const { err } = await ascalon(["up"]);
    expect(err).toContain(`Nix created a flake.lock; it is now in ${home}/flake`);
    expect(readFileSync(`${home}/flake/flake.lock`, "utf8")).toBe(world.read("/etc/nixos/flake.lock"));
  });

  it("plan and --dry-run show the steps", async ({ bed: { ascalon }, expect }) => {
    const { out, code } = await ascalon(["plan"]);
    expect(code).toBe(8);
    for (const step of [
      "Copying the flake into the guest",
      "Building the system",
      "Preparing the automatic rollback",
    ])
      expect(out).toContain(step);
    expect((await ascalon(["up", "--dry-run"])).out).toContain("Building the system");
  });

  it("--no-wait leaves the system for the next up", async ({ bed: { world, ascalon }, expect }) => {
    expect((await ascalon(["up", "--no-wait"])).code).toBe(0);
    expect(world.commands).toEqual([]);
    expect((await ascalon(["up"])).code).toBe(0);
    expect(world.state().runs).toContain("nixos-system-ascalon");
  });

  it("a flake that cannot be built leaves a VM that runs, with the image's system", async ({
    bed: { world, machine, flake, ascalon },
    expect,
  }) => {
    const before = world.state();
    flake("# double: breaks\n{ }\n");
    const { code, err } = await ascalon(["up"]);
    expect([code, err]).toEqual([1, expect.stringContaining("E_BUILD")]);
    expect(world.state()).toEqual(before);
    expect(machine.state.process).toBe("running");
  });

  it("why #7: a guest that is not NixOS is refused with a sentence", async ({
    bed: { world, ascalon },
    expect,
  }) => {
    writeFileSync(`${world.root}/etc/os-release`, "ID=debian\n");
    const { code, err } = await ascalon(["up"]);
    expect([code, err]).toEqual([1, expect.stringContaining("the guest runs debian, not NixOS")]);
    expect(world.read("/etc/nixos/flake.nix")).toBeUndefined();
  });

  it("a system that is not well restarts into the image's again", async ({
    bed: { world, settings, ascalon },
    expect,
  }) => {
    const before = world.state();
    settings("another");
    const { code, err } = await ascalon(["up"]);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(`the guest is called ${hostname()}, not another`),
    ]);
    expect(err).toContain("the guest restarts with");
    expect(world.read("/reboot-asked")).toBe("");
    await world.restart();
    expect(world.state()).toEqual(before);
  });
});

describe.concurrent("up with a flake, lost", () => {
  it.for([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])(
    "at command %i: the next up carries on to the same end",
    { timeout: 60_000 },
    async (n, { bed: { home, world, machine, ascalon, lostAt }, expect }) => {
      const guest = lostAt(n);
      await ascalon(["up"], guest);
      expect(guest.wasLost()).toBe(true);
      const { code, err } = await ascalon(["up"]);
      expect(err).not.toContain("E_");
      expect(code).toBe(0);
      const { runs, profile, loader } = world.state();
      expect(runs).toContain("nixos-system-ascalon");
      expect([profile, loader]).toEqual([runs, runs]);
      expect(world.read("/var/lib/ascalon/rollback/armed")).toBeUndefined();
      expect(machine.applied?.system.flake).toBe(`${home}/flake`);
    },
  );
});
