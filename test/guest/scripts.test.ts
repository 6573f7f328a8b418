import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const folder = (name: string) => new URL(`../../${name}`, import.meta.url).pathname;
const scripts = [
  "nix/guest/home-disk.sh",
  "test/guest/build.sh",
  "test/guest/download-kernel",
  "test/guest/initramfs-init",
  "test/guest/files/usr/local/sbin/lima-init",
];

describe("the guest's scripts", () => {
  it.each(scripts)("shellcheck has nothing to say about %s", (script) => {
    const { status, stdout, error } = spawnSync("shellcheck", [folder(script)], { encoding: "utf8" });
    expect([error, status, stdout]).toEqual([undefined, 0, ""]);
  });
});
