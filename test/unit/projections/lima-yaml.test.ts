import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ImageList } from "../../../src/cli/projections/image-list.ts";
import { projectLimaYaml } from "../../../src/cli/projections/lima-yaml.ts";
import { nixosLimaImages } from "../../../src/cli/projections/nixos-image.ts";
import { settingsFrom } from "../../../src/cli/settings/from-text.ts";
import type { HostFacts, Settings } from "../../../src/cli/settings/settings.ts";
import { testHost } from "../../support/fake-context.ts";

const mac: HostFacts = { ...testHost, platform: "darwin", arch: "arm64", home: "/Users/mia" };

const settings = (text: string, host: HostFacts = testHost): Settings =>
  settingsFrom(text, "ascalon.yaml", host).settings;

const standIn: ImageList = [
  {
    location: "/images/disk.raw",
    arch: "x86_64",
    kernel: { location: "/images/vmlinuz", cmdline: "root=/dev/vda rw console=ttyS0" },
    initrd: { location: "/images/initrd" },
  },
];

const golden = (name: string) => `../../golden/lima-yaml/${name}.yaml`;

describe("lima.yaml", () => {
  it("why #1: for a Mac with Apple's processor", async () => {
    const text = `
mounts:
  - { host: ~/Projects, writable: true }
  - host: /Volumes/Data[big]
ports: { ignore: [5432, 8080] }
`;
    const yaml = projectLimaYaml({ settings: settings(text, mac), images: nixosLimaImages });
    await expect(yaml).toMatchFileSnapshot(golden("vz-aarch64"));
  });

  it("for Linux with KVM", async () => {
    const yaml = projectLimaYaml({ settings: settings("user: { name: mia2 }"), images: nixosLimaImages });
    await expect(yaml).toMatchFileSnapshot(golden("qemu-x86_64"));
  });

  it("for a kernel of its own, as under emulation", async () => {
    const text = `
vm: { cpus: 2, memory: 1GiB, disk: 4GiB, home: 256MiB }
mounts: [{ host: ~/src }]
ports: { forward: false, ignore: [80] }
`;
    const yaml = projectLimaYaml({ settings: settings(text), images: standIn });
    await expect(yaml).toMatchFileSnapshot(golden("qemu-tcg"));
  });

  it("is the same text for the same settings, in whatever order they are written", () => {
    const make = (text: string) => projectLimaYaml({ settings: settings(text), images: nixosLimaImages });
    expect(make("mounts: [{ writable: true, host: ~/a }]\nvm: { disk: 9GiB, cpus: 2 }")).toBe(
      make("vm: { cpus: 2, disk: 9GiB }\nmounts: [{ host: ~/a, writable: true }]"),
    );
  });

  it("has the braces of a template in one place only", () => {
    const yaml = projectLimaYaml({ settings: settings("", mac), images: nixosLimaImages });
    expect(yaml.match(/\{\{.*?\}\}/g)).toEqual(["{{.Param.ascalon}}"]);
  });

  it("quotes a user name that an old YAML parser takes for a boolean", () => {
    const yaml = projectLimaYaml({ settings: settings("user: { name: no }"), images: nixosLimaImages });
    expect(yaml).toContain('name: "no"');
    expect(parse(yaml).user).toEqual({ name: "no", uid: 1000, home: "/home/no" });
  });

  it("says nothing of a mount type without mounts", () => {
    expect(
      parse(projectLimaYaml({ settings: settings("", mac), images: nixosLimaImages })),
    ).not.toHaveProperty("mountType");
  });
});
