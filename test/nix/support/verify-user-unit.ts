import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { withSbin } from "./nix.ts";

/** What systemd-analyze(1) has to say of the file of a user's unit, and of those beside it that it names. */
export function verifyUserUnit(file: string): { code: number | null; talk: string } {
  const { status, stdout, stderr, error } = spawnSync(
    "systemd-analyze",
    ["verify", "--user", "--man=no", file],
    { encoding: "utf8", env: { ...withSbin(), XDG_RUNTIME_DIR: dirname(file) } },
  );
  if (error !== undefined) throw error;
  // systemd 255 says where there is no bus, as in a container, which is nothing about the unit.
  const talk = `${stdout}${stderr}`.replaceAll(/^Failed to connect to \w+ bus: .*\n/gm, "");
  return { code: status, talk };
}
