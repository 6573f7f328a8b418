import { expect, it } from "vitest";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

/** A guest that is not NixOS: it has no generation, not even the one that runs. */
const elsewhere = () =>
  hostContext({
    machine: fakeMachine({
      exists: "ours",
      process: "running",
      applied: settingsOf(),
      homeBytes: 50 * 1024 ** 3,
    }),
    guest: {
      run: async () => ({ kind: "ended", code: 0, stdout: "", stderr: "" }),
      follow: async () => {},
    },
  });

it.each([["rollback"], ["rollback", "7"]])(
  "%s %s: a guest that is not NixOS is told as one",
  async (...argv) => {
    const { code, err } = await runApp(argv, elsewhere());
    expect([code, err]).toEqual([1, expect.stringContaining("its system is not built by Nix [E_NOT_NIXOS]")]);
    expect((await runApp(["generations"], elsewhere())).out).toContain("its system is not built by Nix");
  },
);

it.each([
  ["", "the guest runs its image's system", "run: ascalon init\n"],
  [
    "system: { flake: ~/sysinit }",
    "the guest keeps the system of /home/mia/sysinit; only a new VM has the image's again",
    "run: ascalon config set system.flake /home/mia/sysinit\n",
  ],
])("rebuild without a flake, of a guest made with %j", async (applied, why, run) => {
  const machine = fakeMachine({ exists: "ours", process: "running", applied: settingsOf(applied) });
  for (const argv of [["rebuild"], ["rebuild", "--dry-run"]]) {
    const { code, err } = await runApp(argv, hostContext({ machine }));
    expect(code).toBe(1);
    expect(err).toContain("system.flake is not set, so there is nothing to build the guest from [E_FLAKE]");
    expect(err).toContain(why);
    expect(err).toContain(run);
  }
});

it("rebuild without a VM does not speak of the system that it runs", async () => {
  for (const argv of [["rebuild"], ["rebuild", "--dry-run"]]) {
    const { code, err } = await runApp(argv, hostContext({ machine: fakeMachine() }));
    expect([code, err]).toEqual([3, expect.stringContaining("there is no VM yet [E_VM_MISSING]")]);
  }
});
