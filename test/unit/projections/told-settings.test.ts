import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { projectNixJson } from "../../../src/cli/projections/nix-json.ts";
import { keysOfNixJson, keysToldOtherwise } from "../../../src/cli/projections/nix-parts.ts";
import { resolveSettings } from "../../../src/cli/settings/resolve.ts";
import type { Settings } from "../../../src/cli/settings/settings.ts";
import { testHost } from "../../support/fake-context.ts";
import { settingsOf } from "../../support/machine-facts.ts";
import { anyWritten } from "../../support/settings-arbitraries.ts";

const anySettings: fc.Arbitrary<Settings> = anyWritten
  .map((written) => resolveSettings(written, testHost))
  .filter((resolved) => "settings" in resolved)
  .map(({ settings }) => settings);

/** As Nix writes it: members in the order of the alphabet. */
const toldOf = (settings: Settings): unknown =>
  JSON.parse(JSON.stringify(projectNixJson(settings, testHost)), (_name, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

describe("what a system was told of the settings", () => {
  it("is the same as the settings that its ascalon.json was made from", () => {
    fc.assert(
      fc.property(anySettings, (any) => {
        expect(keysToldOtherwise(toldOf(any), any)).toEqual([]);
      }),
    );
  });

  it("is told otherwise exactly where another ascalon.json would be made", () => {
    fc.assert(
      fc.property(anySettings, anySettings, (before, after) => {
        const { mounts, sockets, bridge } = projectNixJson(after, testHost);
        const was = projectNixJson(before, testHost);
        const differs =
          JSON.stringify([mounts, sockets, bridge]) !== JSON.stringify([was.mounts, was.sockets, was.bridge]);
        expect(keysToldOtherwise(toldOf(before), after).length > 0).toBe(differs);
      }),
    );
  });

  it.each<readonly [string, string, string, readonly string[]]>([
    ["a folder", "", "mounts: [{ host: ~/a }]", ["mounts"]],
    ["that may be written", "mounts: [{ host: ~/a }]", "mounts: [{ host: ~/a, writable: true }]", ["mounts"]],
    ["Docker off", "", "sockets: { docker: off }", ["sockets.docker"]],
    ["another of the host's sockets", "", "sockets: { docker: ~/d.sock, ssh-agent: ~/a.sock }", []],
    ["an allowed command", "", "bridge: { allow: [notify] }", ["bridge.allow"]],
    [
      "what the guest is not told",
      "",
      "vm: { cpus: 2 }\nbridge: { rules: [{ command: op, confirm: true }] }",
      [],
    ],
  ])("%s", (_name, before, after, keys) => {
    expect(keysToldOtherwise(toldOf(settingsOf(before)), settingsOf(after))).toEqual(keys);
  });

  it.each([{}, [], "x", { mounts: 1, sockets: null, bridge: [] }])(
    "%j tells nothing that is right",
    (told) => {
      expect(keysToldOtherwise(told, settingsOf())).toEqual(keysOfNixJson);
    },
  );
});
