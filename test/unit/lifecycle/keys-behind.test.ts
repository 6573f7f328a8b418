import { expect, it } from "vitest";
import { keysBehind } from "../../../src/cli/lifecycle/keys-behind.ts";
import { projectNixJson } from "../../../src/cli/projections/nix-json.ts";
import type { Settings } from "../../../src/cli/settings/settings.ts";
import { testHost } from "../../support/fake-context.ts";
import { factsOf, settingsOf } from "../../support/machine-facts.ts";

/** With a flake, one folder, and a VM of this kind. */
function wanted(folder: string, type: "vz" | "qemu"): Settings {
  const settings = settingsOf(`system: { flake: /flake }\nmounts: [{ host: ${folder} }]\n`);
  return { ...settings, vm: { ...settings.vm, type } };
}

it.each<readonly [string, Settings, readonly string[]]>([
  ["the same", wanted("/srv/a", "qemu"), []],
  ["another folder", wanted("/srv/b", "qemu"), ["mounts"]],
  // How a folder is mounted is the VM's business, which has its kind until there is another one.
  ["another kind of VM", wanted("/srv/a", "vz"), []],
])("a system is behind settings with %s in what it was told otherwise", (_what, settings, behind) => {
  const applied = wanted("/srv/a", "qemu");
  const told = projectNixJson(applied, testHost);
  expect(keysBehind(settings, factsOf("ours", "running", { applied, told }))).toEqual(behind);
});
