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
    expect([code, err]).toEqual([1, expect.stringContaining("its system is not Nix's [E_NOT_NIXOS]")]);
    expect((await runApp(["generations"], elsewhere())).out).toContain("its system is not Nix's");
  },
);
