import { posix } from "node:path";
import { asAccessError } from "../access-error.ts";
import { starterFlake, starterGuest } from "../carried-files.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { type AscalonOrigin, ascalonOrigin } from "../nixos/ascalon-ref.ts";
import { expandHome, pathsOf } from "../paths.ts";
import { quote } from "../quote.ts";
import { withSameSettings } from "../same-settings.ts";
import { loadSettings } from "../settings/load.ts";
import { madeByNix, optionOf } from "../settings/made-by-nix.ts";
import { yamlLine } from "../settings/yaml-line.ts";
import { ownProgram } from "../wezterm/plugin-files.ts";

export const runInit: CommandRun = async (context, flags, [named]) => {
  const { files, host, cwd } = context;
  const { settings } = await loadSettings(context);
  const folder =
    named === undefined
      ? posix.dirname(pathsOf(context).configFile)
      : posix.resolve(cwd, expandHome(named, host.home));
  const origin = await ascalonOrigin(context, ownProgram().script);
  const flake = starterFlake
    .replace("github:OWNER/ascalon", origin?.ref ?? "github:OWNER/ascalon")
    // The entry that will be built is named after the settings; quoted, as it may begin with a digit.
    .replace("nixosConfigurations.ascalon", `nixosConfigurations."${settings.system.host}"`);
  const texts = [
    ["flake.nix", flake],
    ["guest.nix", starterGuest],
  ] as const;
  const { written, kept } = await writeNew(files, folder, texts).catch(async (error) => {
    throw named === undefined ? await insteadOf(context, folder, error) : error;
  });
  if (flags.json === true) context.stdout.write(`${JSON.stringify({ schema: 1, folder, written, kept })}\n`);
  else {
    for (const path of kept) context.stderr.write(`Kept as it is: ${path}\n`);
    for (const path of written) context.stderr.write(`Wrote ${path}\n`);
    if (written.some((path) => path.endsWith("/flake.nix"))) {
      context.stderr.write(sourceOf(origin, folder));
    }
    const next = settings.system.flake === folder ? "ascalon up" : await howToName(context, folder);
    context.stderr.write(withSameSettings(`Next: ${next}\n`, context.configFlag));
  }
  return exitCodes.ok;
};

/** Each text as a file, but for those that are there. */
async function writeNew(
  files: Context["files"],
  folder: string,
  texts: readonly (readonly [string, string])[],
) {
  const written: string[] = [];
  const kept: string[] = [];
  if ((await files.info(folder)) === undefined) await files.makeFolder(folder);
  for (const [name, text] of texts) {
    const path = posix.join(folder, name);
    const isMade = (await files.info(path)) === undefined && (await files.linkExclusive(path, text));
    (isMade ? written : kept).push(path);
  }
  return { written, kept };
}

/** The settings lie where only the system writes, as those that nix-darwin makes: the flake has to lie elsewhere. */
async function insteadOf(context: Context, folder: string, error: unknown): Promise<unknown> {
  const refused = await asAccessError(context, error);
  const isHome = folder.startsWith(`${context.host.home}/`);
  if (!refused || (isHome && (await madeByNix(context, pathsOf(context).configFile)) === undefined))
    return error;
  return new AscalonError("E_ACCESS", {
    what: `the flake cannot be written beside the settings: ${refused.message}`,
    ...(refused.why === undefined ? {} : { why: refused.why }),
    run: "ascalon init ~/ascalon-guest    (or another folder of yours)",
    cause: error,
  });
}

/** How the settings come to name the folder. */
async function howToName(context: Context, folder: string): Promise<string> {
  const module = await madeByNix(context, pathsOf(context).configFile);
  if (module === undefined) return `ascalon config set system.flake ${quote(yamlLine(folder))}`;
  const text = JSON.stringify(folder).replaceAll("${", "\\${");
  return `set ${optionOf("system.flake")} = ${text}; in your ${module} configuration, switch to it, then: ascalon up`;
}

/** The flake is evaluated in the guest, by its root: a folder of this host or a key of its person is not there. */
function sourceOf(origin: AscalonOrigin | undefined, folder: string): string {
  if (origin === undefined) {
    return "Say in flake.nix where ascalon comes from: a public repository, or path:./ascalon for a copy in this folder.\n";
  }
  const { ref, mayBePrivate, checkout } = origin;
  const taken = `flake.nix takes ascalon from ${ref}, where this one came from.\n`;
  if (!mayBePrivate) return taken;
  return `${taken}You fetched it with a key and the guest has none, so the repository must be public. If it is not, put a copy into
the folder and name it in flake.nix as path:./ascalon:
  git -C ${quote(checkout)} archive --prefix=ascalon/ HEAD | tar -xC ${quote(folder)}
`;
}
