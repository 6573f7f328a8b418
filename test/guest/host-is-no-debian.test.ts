import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { linuxNeeds } from "../../tools/bed/needs.mjs";

// What mmdebstrap writes by itself, without gpg and with it.
const unsigned = "deb http://mirror.example/debian bookworm main\n";
const signed =
  'deb [signed-by="/usr/share/keyrings/debian-archive-keyring.gpg"] http://mirror.example/debian bookworm-updates main\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "no-debian-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "root/etc/apt"), { recursive: true });
  writeFileSync(join(folder, "root/etc/apt/sources.list"), unsigned + signed);
  // Runs the first hook as mmdebstrap does, and ends the build there.
  const double = `#!/bin/bash
for word; do
	case $word in --setup-hook=*)
		sh -c "\${word#*=}" exec "${folder}/root"
		exit 3 ;;
	esac
done
`;
  writeFileSync(join(folder, "bin/mmdebstrap"), double);
  chmodSync(join(folder, "bin/mmdebstrap"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function build(sources: string): string {
  const script = new URL("build.sh", import.meta.url).pathname;
  const env = { PATH: `${folder}/bin:${process.env.PATH}`, SOURCES: sources };
  const { status } = spawnSync("bash", [script, join(folder, "out")], { env, encoding: "utf8" });
  expect(status).toBe(3);
  return readFileSync(join(folder, "root/etc/apt/sources.list"), "utf8");
}

it("mmdebstrap's own sources are signed by Debian's keys, which no other host trusts by itself", () => {
  expect(build("")).toBe(
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian bookworm main\n${signed}`,
  );
});

it("the sources of a Debian host are taken as they are", () => {
  expect(build("/etc/apt/sources.list.d/debian.sources")).toBe(unsigned + signed);
});

it("the file with those keys is a need of the guest's", () => {
  expect(linuxNeeds.filter(({ for: purpose, files }) => purpose === "guest" && files !== undefined)).toEqual([
    expect.objectContaining({
      apt: "debian-archive-keyring",
      files: ["/usr/share/keyrings/debian-archive-keyring.gpg"],
    }),
  ]);
});
