import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSettingsText, settingsFrom } from "../../../src/cli/settings/from-text.ts";
import { resolveSettings } from "../../../src/cli/settings/resolve.ts";
import type { HostFacts } from "../../../src/cli/settings/settings.ts";
import { testHost } from "../../support/fake-context.ts";
import { anyWritten } from "../../support/settings-arbitraries.ts";

const GiB = 1024 ** 3;
const mac: HostFacts = { ...testHost, platform: "darwin", arch: "arm64", home: "/Users/mia" };
const small: HostFacts = { ...testHost, cpus: 2, memoryBytes: 8 * GiB };

const resolved = (text: string, host: HostFacts = testHost) => settingsFrom(text, "ascalon.yaml", host);
const problems = (text: string, host: HostFacts = testHost) => {
  const checked = checkSettingsText(text, "ascalon.yaml", host);
  return "problems" in checked ? checked.problems : [];
};

describe("defaults and the host", () => {
  it("are the documented ones on a host that is large enough", async () => {
    const { settings, notes } = resolved("");
    expect(notes).toEqual([]);
    await expect(`${JSON.stringify(settings, null, 2)}\n`).toMatchFileSnapshot(
      "../../golden/default-settings.json",
    );
  });

  it("why #17: are lowered to what the host has, and that is said", () => {
    const { settings, notes } = resolved("", small);
    expect(settings.vm).toMatchObject({ cpus: 2, memoryBytes: 6 * GiB });
    expect(notes).toEqual([
      "vm.cpus is 2 instead of the default 6: this host has no more",
      "vm.memory is 6GiB instead of the default 12GiB: three quarters of this host's",
    ]);
  });

  it("of memory are lowered where the host has them and they are more than three quarters of it", () => {
    const { settings, notes } = resolved("", { ...testHost, memoryBytes: 14 * GiB });
    expect(settings.vm.memoryBytes).toBe(10 * GiB);
    expect(notes).toEqual([expect.stringContaining("vm.memory is 10GiB instead of the default 12GiB")]);
  });

  it("leave a 16 GiB host a quarter without a note", () => {
    expect(resolved("", { ...testHost, memoryBytes: 16 * GiB })).toMatchObject({ notes: [] });
  });

  it("count in quarters of a GiB on a host that is very small", () => {
    const { settings } = resolved("", { ...testHost, memoryBytes: 1.9 * GiB });
    expect(settings.vm.memoryBytes).toBe(1.25 * GiB);
  });

  it("why #17: do not lower a written value: it is refused with its position", () => {
    expect(problems("vm:\n  cpus: 3\n  memory: 9GiB\n", small)).toEqual([
      "ascalon.yaml:2:9 vm.cpus: 3 is more than this host has (2)",
      "ascalon.yaml:3:11 vm.memory: 9GiB is more than this host has (8GiB)",
    ]);
  });

  it("take a written value as large as the host", () => {
    expect(resolved("vm: { cpus: 2, memory: 8GiB }", small).settings.vm).toMatchObject({
      cpus: 2,
      memoryBytes: 8 * GiB,
    });
  });
});

describe("the VM's type", () => {
  it.each([
    ["auto", testHost, "qemu"],
    ["auto", mac, "vz"],
    ["qemu", mac, "qemu"],
    ["vz", mac, "vz"],
    ["qemu", testHost, "qemu"],
  ] as const)("%s", (type, host, expected) => {
    expect(resolved(`vm: { type: ${type} }`, host).settings.vm.type).toBe(expected);
  });
});

describe("paths", () => {
  it("are absolute and plain afterwards", () => {
    const { settings } = resolved(
      "vm: { image: ~/i/../images.yaml }\nsystem: { flake: ~/sysinit }\nmounts: [{ host: ~/Projects/ }, { host: /srv//x/., writable: true }]\nsockets: { docker: ~/d.sock, extra: [{ name: pg, host: ~/pg.sock, guest: /run/pg.sock }] }\n",
      mac,
    );
    expect(settings).toMatchObject({
      vm: { image: "/Users/mia/images.yaml" },
      system: { flake: "/Users/mia/sysinit", host: "ascalon" },
      mounts: [
        { host: "/Users/mia/Projects", writable: false },
        { host: "/srv/x", writable: true },
      ],
      sockets: {
        docker: "/Users/mia/d.sock",
        sshAgent: "auto",
        extra: [
          { name: "pg", host: "/Users/mia/pg.sock", guest: "/run/pg.sock", direction: "host-to-guest" },
        ],
      },
    });
  });

  it("of a socket may be shorter on macOS than on Linux", () => {
    const text = `sockets: { docker: /run/${"a".repeat(100)} }`;
    expect(problems(text)).toEqual([]);
    expect(problems(text, mac)).toEqual([
      expect.stringContaining("is 105 bytes long; a socket's path may have at most 103"),
    ]);
  });
});

describe("any valid settings", () => {
  it("resolve on a large host, and to the same again", () => {
    fc.assert(
      fc.property(anyWritten, (written) => {
        const once = resolveSettings(written, testHost);
        expect(once).toHaveProperty("settings");
        expect(resolveSettings(written, testHost)).toEqual(once);
      }),
    );
  });
});
