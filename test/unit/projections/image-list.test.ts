import { describe, expect, it } from "vitest";
import { AscalonError } from "../../../src/cli/errors.ts";
import { parseImageList } from "../../../src/cli/projections/image-list.ts";

const file = "/srv/images/mine.yaml";

function detailsOf(text: string): readonly string[] {
  try {
    parseImageList(text, file);
    return [];
  } catch (error) {
    if (!(error instanceof AscalonError) || error.code !== "E_IMAGE") throw error;
    return error.details;
  }
}

describe("an image list", () => {
  it("is read with locations made absolute from its own folder", () => {
    const text = `
images:
  - location: disk.raw
    arch: x86_64
    kernel: { location: ./boot/vmlinuz, cmdline: "root=/dev/vda rw" }
    initrd: { location: ~/initrd }
  - { location: "https://example.com/a.qcow2", arch: aarch64, digest: "sha256:${"a".repeat(64)}" }
`;
    expect(parseImageList(text, file)).toEqual([
      {
        location: "/srv/images/disk.raw",
        arch: "x86_64",
        kernel: { location: "/srv/images/boot/vmlinuz", cmdline: "root=/dev/vda rw" },
        initrd: { location: "~/initrd" },
      },
      { location: "https://example.com/a.qcow2", arch: "aarch64", digest: `sha256:${"a".repeat(64)}` },
    ]);
  });

  it.each([
    ["an empty file", "", ["1:1 images: "]],
    ["an empty list", "images: []", ["1:9 images: "]],
    ["a list alone", "- location: a", ["1:1 "]],
    ["broken YAML", "images: [", ["1:1"]],
    ["a missing arch", "images:\n  - location: a", ["2:5 images[0].arch: "]],
    ["an unknown arch", "images:\n  - { location: a, arch: arm64 }", ["2:26 images[0].arch: "]],
    [
      "a short digest",
      "images:\n  - { location: a, arch: x86_64, digest: 'sha256:ab' }",
      ["2:42 images[0].digest: "],
    ],
    ["an unknown key", "images:\n  - { location: a, arch: x86_64, kernal: {} }", ["2:5 images[0]: "]],
    [
      "a kernel without location",
      "images:\n  - { location: a, arch: x86_64, kernel: {} }",
      ["2:34 images[0].kernel.location: "],
    ],
  ])("with %s is refused, with positions", (_, text, starts) => {
    const details = detailsOf(text);
    expect(details).toHaveLength(starts.length);
    starts.forEach((start, index) => {
      expect(details[index]).toContain(start === "1:1" ? ":" : `${file}:${start}`);
    });
  });
});
