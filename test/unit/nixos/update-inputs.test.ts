import { expect, it } from "vitest";
import type { GuestResult } from "../../../src/cli/machine/guest-port.ts";
import type { SystemWork } from "../../../src/cli/nixos/system-work.ts";
import { updateInputs } from "../../../src/cli/nixos/update-inputs.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { fakeMachine } from "../../support/fake-machine.ts";
import { settingsOf } from "../../support/machine-facts.ts";
import { systemFactsOf } from "../../support/system-facts.ts";

const said = (stdout: string, stderr = ""): GuestResult => ({ kind: "ended", code: 0, stdout, stderr });

it("an input that there is not: what to run is safe to paste, whatever the flake calls its inputs", async () => {
  const context = fakeContext({});
  const nodes = { root: { inputs: { "$(touch x)": "a" } }, a: { inputs: { nixpkgs: "b" } }, b: {} };
  const work: SystemWork = {
    context,
    machine: fakeMachine({ exists: "ours", process: "running" }),
    settings: settingsOf(),
    wish: { host: "ascalon", boot: false, rollback: true, confirmSeconds: 180, update: ["nixpkgs"] },
    start: { timeoutMs: 1, wait: true, signal: context.signal },
    note: () => {},
    found: {
      guest: {
        run: async ([program]) =>
          program === "cat"
            ? said(JSON.stringify({ nodes, root: "root" }))
            : said("", "warning: 'nixpkgs' does not match any input of this flake\n"),
        follow: async () => {},
      },
      before: systemFactsOf("/nix/store/old-nixos-system"),
    },
  };
  await expect(updateInputs(work, () => {})).rejects.toMatchObject({
    run: "ascalon rebuild --update '$(touch x)/nixpkgs'",
  });
});
