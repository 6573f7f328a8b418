import { posix } from "node:path";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { openSession } from "../lifecycle/session.ts";
import { bornOut, readGuestPrograms, readHostPrograms } from "../nixos/installed-programs.ts";
import { compareParity, type PackageManifest, parseManifest } from "../nixos/parity.ts";
import { renderParity } from "../present/parity.ts";
import { requireGuest } from "./require-guest.ts";

const guestFile = "/etc/ascalon/packages.json";

export const runParity: CommandRun = async (context, flags) => {
  requireGuest(await openSession(context));
  const [host, guest] = [await hostManifest(context), await guestManifest(context)];
  const rows = compareParity(host, guest);
  context.stdout.write(
    flags.json === true ? `${JSON.stringify({ schema: 1, rows })}\n` : renderParity(rows, flags.all === true),
  );
  const differs = rows.some(({ verdict }) => ["differs", "host-only", "guest-only"].includes(verdict));
  return differs ? exitCodes.pending : exitCodes.ok;
};

/** home-manager's file, else nix-darwin's. */
async function hostManifest(context: Context): Promise<PackageManifest> {
  const { files, env, host } = context;
  const config = env.XDG_CONFIG_HOME?.startsWith("/")
    ? env.XDG_CONFIG_HOME
    : posix.join(host.home, ".config");
  const places = [posix.join(config, "ascalon/packages.json"), guestFile];
  for (const path of places) {
    const text = await files.readText(path);
    if (text === undefined) continue;
    const manifest = manifestOf(text, path);
    return bornOut(manifest, await readHostPrograms(context, manifest));
  }
  throw new AscalonError("E_PARITY", {
    what: `this host has no list of its packages (${places.join(", ")})`,
    why: "ascalon's home-manager or nix-darwin module writes it when programs.ascalon.packages.enable is true",
    run: "home-manager switch    (or darwin-rebuild switch, with that set; docs/nix.md shows a whole configuration)",
  });
}

async function guestManifest(context: Context): Promise<PackageManifest> {
  const guest = await context.openGuest(context);
  const result = await guest.run(["cat", guestFile], { timeoutMs: 30_000 });
  if (result.kind === "ended" && result.code === 0) {
    const manifest = manifestOf(result.stdout, `${guestFile} of the guest`);
    const seen = await readGuestPrograms(guest, manifest);
    if (seen) return bornOut(manifest, seen);
    throw new AscalonError("E_SSH", {
      what: "the guest did not say which programs it has",
      run: "ascalon doctor",
    });
  }
  throw new AscalonError(result.kind === "ended" ? "E_PARITY" : "E_SSH", {
    what: "the guest has no list of its packages",
    why:
      result.kind === "ended"
        ? "its system was not built with ascalon's modules, or with ascalon.packages.enable = false"
        : result.why,
    run: "ascalon rebuild",
  });
}

function manifestOf(text: string, where: string): PackageManifest {
  const manifest = parseManifest(text);
  if (!("refusal" in manifest)) return manifest;
  throw new AscalonError("E_PARITY", {
    what: `${where} cannot be read: ${manifest.refusal}`,
    run: "ascalon rebuild    (so that both sides are of the same version)",
  });
}
