import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type ImageList, imagesOfLimaYaml } from "../../../src/cli/projections/image-list.ts";
import { limaYamlSchema } from "../../../src/cli/projections/lima-schema.ts";
import { projectLimaYaml } from "../../../src/cli/projections/lima-yaml.ts";
import { nixosLimaImages } from "../../../src/cli/projections/nixos-image.ts";
import { resolveSettings } from "../../../src/cli/settings/resolve.ts";
import type { Settings } from "../../../src/cli/settings/settings.ts";
import { testHost } from "../../support/fake-context.ts";
import { anyWritten } from "../../support/settings-arbitraries.ts";

const mac = { ...testHost, platform: "darwin", arch: "arm64", home: "/Users/mia" } as const;

describe("the schema of lima.yaml", () => {
  it("accepts the text made from any valid settings, on either system", () => {
    fc.assert(
      fc.property(anyWritten, fc.constantFrom(testHost, mac), (written, host) => {
        const resolved = resolveSettings(written, host);
        if (!("settings" in resolved)) throw new Error(JSON.stringify(resolved.problems));
        const yaml = parse(projectLimaYaml({ settings: resolved.settings, images: nixosLimaImages }));
        expect(limaYamlSchema.safeParse(yaml).error).toBeUndefined();
        expect(yaml.mounts).toHaveLength(resolved.settings.mounts.length);
        expect(yaml.user.name).toBe(resolved.settings.user.name);
      }),
    );
  });

  it("the record of the settings and the images in it give the same text again, so nothing is taken for an edit", () => {
    const standIn: ImageList = [
      {
        location: "~/images/a disk: no.raw",
        arch: "x86_64",
        kernel: { location: "/images/vmlinuz", cmdline: "root=/dev/vda rw # no comment" },
        initrd: { location: "/images/initrd" },
      },
    ];
    fc.assert(
      fc.property(
        anyWritten,
        fc.constantFrom(testHost, mac),
        fc.constantFrom(nixosLimaImages, standIn),
        (written, host, images) => {
          const resolved = resolveSettings(written, host);
          if (!("settings" in resolved)) throw new Error(JSON.stringify(resolved.problems));
          const text = projectLimaYaml({ settings: resolved.settings, images });
          const settings = JSON.parse(JSON.stringify(resolved.settings)) as Settings;
          const again = imagesOfLimaYaml(text);
          expect(projectLimaYaml({ settings, images: again ?? [] })).toBe(text);
        },
      ),
    );
  });

  it.each([undefined, "", "cpus: 2\n", "images: []\n", "images: [{location: 1}]\n", "{", "images: no\n"])(
    "%j names no images",
    (text) => {
      expect(imagesOfLimaYaml(text)).toBeUndefined();
    },
  );

  it.each([
    ["a key that Lima does not know", { autostart: true }],
    ["a socket rule", { portForwards: [{ guestSocket: "/run/a", hostSocket: "a" }] }],
    ["another uid", { user: { name: "dev", uid: 501, home: "/home/dev" } }],
    ["a mount that moves", { mounts: [{ location: "/a", mountPoint: "/b", writable: true }] }],
    ["containerd", { containerd: { system: false, user: true } }],
  ])("why #1: refuses %s", (_, change) => {
    const resolved = resolveSettings({}, testHost);
    if (!("settings" in resolved)) throw new Error("not valid");
    const yaml = parse(projectLimaYaml({ settings: resolved.settings, images: nixosLimaImages }));
    expect(limaYamlSchema.safeParse(yaml).success).toBe(true);
    expect(limaYamlSchema.safeParse({ ...yaml, ...change }).success).toBe(false);
  });
});
