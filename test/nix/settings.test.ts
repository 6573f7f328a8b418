import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { limaMountTag, projectNixJson, renderNixJson } from "../../src/cli/projections/nix-json.ts";
import { resolveSettings } from "../../src/cli/settings/resolve.ts";
import type { Written } from "../../src/cli/settings/schema.ts";
import type { HostFacts } from "../../src/cli/settings/settings.ts";
import { describeWith, guest, root, settingsWith } from "./support/nix.ts";

const mac: HostFacts = {
  platform: "darwin",
  arch: "arm64",
  cpus: 10,
  memoryBytes: 32 * 1024 ** 3,
  home: "/Users/dev",
};
const pc: HostFacts = { ...mac, platform: "linux", arch: "x64", home: "/home/mia" };

function nixJson(written: Written, host: HostFacts): string {
  const resolved = resolveSettings(written, host);
  if ("problems" in resolved) throw new Error(JSON.stringify(resolved.problems));
  return renderNixJson(projectNixJson(resolved.settings, host));
}

const everything: Written = {
  user: { name: "mia" },
  system: { flake: "~/sysinit", host: "devbox" },
  mounts: [
    { host: "~/Projects", writable: true },
    { host: "~/work/notes", writable: false },
    { host: "/opt/data", writable: false },
  ],
  sockets: {
    docker: "off",
    "ssh-agent": "auto",
    extra: [
      { name: "pg", host: "~/run/pg.sock", guest: "/run/ascalon/pg.sock", direction: "host-to-guest" },
      { name: "web", host: "~/run/web.sock", guest: "/home/mia/web.sock", direction: "guest-to-host" },
    ],
  },
  bridge: { allow: ["op", "notify"] },
};

describe("ascalon.json", () => {
  it("of the defaults on a Mac is the one that the flake builds its own guest from", () => {
    expect(nixJson({}, mac)).toBe(readFileSync(`${root}nix/ascalon.json`, "utf8"));
  });

  it.each([
    ["mac", mac],
    ["pc", pc],
  ] as const)("of all settings on a %s is the golden one", async (name, host) => {
    await expect(nixJson(everything, host)).toMatchFileSnapshot(`${root}test/golden/nix-json/${name}.json`);
  });

  it("why #8: gives the modules the same home as lima.yaml", () => {
    expect(JSON.parse(nixJson(everything, mac)).user).toEqual({ name: "mia", uid: 1000, home: "/home/mia" });
  });

  it("names a mount's device as Lima does: 16 hex digits over both paths", () => {
    const digest = createHash("sha256").update("/Users/dev/Projects:/Users/dev/Projects").digest("hex");
    expect(limaMountTag("/Users/dev/Projects")).toBe(`lima-${digest.slice(0, 16)}`);
  });
});

describeWith(["nix-instantiate"], "ascalon.json in the modules", () => {
  it.each(["mac", "pc"])("of all settings on a %s is taken without a complaint", (name) => {
    const { failed, config } = guest(`settings = ${root}test/golden/nix-json/${name}.json;`);
    expect(failed).toEqual([]);
    expect(config.networking).toEqual({ hostName: "devbox" });
  });

  it("missing a member is a mistake that is named, for no module has a default for it", () => {
    expect(() => guest(settingsWith('removeAttrs s [ "host" ]'))).toThrow(
      "ascalon.settings.host is used and nothing defines it",
    );
  });

  it("with a member that no module knows is refused", () => {
    expect(() => guest(settingsWith('s // { hosts = "x"; }'))).toThrow(
      "ascalon.settings.hosts: there is no such option",
    );
  });
});
