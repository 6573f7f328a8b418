import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedKeys } from "../../../src/cli/settings/diff.ts";
import { settingsFrom } from "../../../src/cli/settings/from-text.ts";
import { keyEffects } from "../../../src/cli/settings/generated-keys.ts";
import { settingInfos } from "../../../src/cli/settings/keys.ts";
import { resolveSettings } from "../../../src/cli/settings/resolve.ts";
import { testHost } from "../../support/fake-context.ts";
import { anyWritten } from "../../support/settings-arbitraries.ts";

const settings = (text: string) => settingsFrom(text, "ascalon.yaml", testHost).settings;
const changes = (before: string, after: string) =>
  changedKeys(settings(before), settings(after)).map(
    ({ key, before, after, effect }) => `${key}: ${before} -> ${after} (${effect})`,
  );

describe("differences between settings", () => {
  it.each([
    ["vm: { cpus: 4 }", "vm: { cpus: 6 }", ["vm.cpus: 4 -> 6 (restart)"]],
    ["", "vm: { memory: 1536MiB }", ["vm.memory: 12GiB -> 1536MiB (restart)"]],
    ["vm: { memory: 2GiB }", "vm: { memory: 2048MiB }", []],
    ["", "system: { flake: ~/sysinit }", ["system.flake: none -> /home/mia/sysinit (rebuild)"]],
    ["system: { flake: ~/sysinit }", "", ["system.flake: /home/mia/sysinit -> none (recreate)"]],
    ["", "user: { name: mia2 }", ["user.name: dev -> mia2 (recreate)"]],
    [
      "mounts: [{ host: ~/a }]",
      "mounts: [{ host: ~/a, writable: true }, { host: ~/b }]",
      ["mounts: /home/mia/a -> /home/mia/a (writable), /home/mia/b (restart)"],
    ],
    ["ports: { ignore: [22] }", "ports: { ignore: [] }", ["ports.ignore: 22 -> none (restart)"]],
    ["", "bridge: { allow: [op] }", ["bridge.allow: op, open, pbcopy -> op (live)"]],
    [
      "",
      "sockets: { ssh-agent: off, extra: [{ name: pg, host: ~/p, guest: /run/p }] }",
      [
        "sockets.ssh-agent: auto -> off (live)",
        "sockets.extra: none -> pg (host /home/mia/p -> guest /run/p) (live)",
      ],
    ],
  ])("%s / %s", (before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it("tell a disk that would become smaller, which no restart does", () => {
    const shrinks = (before: string, after: string) =>
      changedKeys(settings(before), settings(after)).map(({ key, shrinks }) => [key, shrinks]);
    expect(shrinks("vm: { disk: 20GiB, home: 2GiB }", "vm: { disk: 10GiB, home: 3GiB }")).toEqual([
      ["vm.disk", true],
      ["vm.home", undefined],
    ]);
    expect(shrinks("vm: { home: 3GiB, memory: 2GiB }", "vm: { home: 2GiB, memory: 1GiB }")).toEqual([
      ["vm.memory", undefined],
      ["vm.home", true],
    ]);
  });

  it("are none between any settings and themselves, also after a trip through JSON", () => {
    fc.assert(
      fc.property(anyWritten, (written) => {
        const resolved = resolveSettings(written, testHost);
        if (!("settings" in resolved)) throw new Error("not valid");
        expect(changedKeys(resolved.settings, JSON.parse(JSON.stringify(resolved.settings)))).toEqual([]);
      }),
    );
  });
});

describe("the keys that hot paths know without the schema", () => {
  it("are the schema's", () => {
    expect(Object.entries(keyEffects)).toEqual(settingInfos().map(({ key, effect }) => [key, effect]));
  });
});
