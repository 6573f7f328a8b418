import { posix } from "node:path";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { openSession } from "../lifecycle/session.ts";
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
async function hostManifest({ files, env, host }: Context): Promise<PackageManifest> {
  const config = env.XDG_CONFIG_HOME?.startsWith("/")
    ? env.XDG_CONFIG_HOME
    : posix.join(host.home, ".config");
  const places = [posix.join(config, "ascalon/packages.json"), guestFile];
  for (const path of places) {
    const text = await files.readText(path);
    if (text !== undefined) return manifestOf(text, path);
  }
  throw new AscalonError("E_PARITY", {
    what: `this host has no list of its packages (${places.join(", ")})`,
    why: "ascalon's module of home-manager or nix-darwin writes it",
    run: "see docs/nix.md    (homeModules.default, darwinModules.default)",
  });
}

async function guestManifest(context: Context): Promise<PackageManifest> {
  const result = await (await context.openGuest(context)).run(["cat", guestFile], { timeoutMs: 30_000 });
  if (result.kind === "ended" && result.code === 0)
    return manifestOf(result.stdout, `${guestFile} of the guest`);
  throw new AscalonError(result.kind === "ended" ? "E_PARITY" : "E_SSH", {
    what: "the guest has no list of its packages",
    why: result.kind === "ended" ? "its system was not built with ascalon's modules" : result.why,
    run: "ascalon rebuild",
  });
}

function manifestOf(text: string, where: string): PackageManifest {
  const manifest = parseManifest(text);
  if (!("refusal" in manifest)) return manifest;
  throw new AscalonError("E_PARITY", {
    what: `${where} cannot be read: ${manifest.refusal}`,
    run: "ascalon rebuild    (so that both sides are of one version)",
  });
}
