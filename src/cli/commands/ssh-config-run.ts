import { posix } from "node:path";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { loadSettings } from "../settings/load.ts";
import { type HostBlockFacts, hostBlock } from "../ssh/host-block.ts";
import { hasInclude, withInclude, withoutInclude } from "../ssh/include-line.ts";
import { hostBlockFacts, includeFileOf, userOfVm } from "../ssh/installed-block.ts";
import { editUserConfig, readUserConfig } from "../ssh/user-config.ts";

export const runSshConfig: CommandRun = async (context, flags) => {
  if (flags.install === true && flags.remove === true) {
    throw new AscalonError("E_USAGE", {
      what: "--install and --remove exclude each other",
      run: "ascalon help ssh-config",
    });
  }
  const places = placesOf(context);
  if (flags.remove === true) {
    await remove(context, places);
  } else {
    const facts = await factsOf(context);
    if (flags.install === true) await install(context, places, hostBlock(facts));
    else if (flags.json !== true) context.stdout.write(hostBlock(facts));
  }
  if (flags.json === true) context.stdout.write(`${JSON.stringify(await report(context, places))}\n`);
  return exitCodes.ok;
};

interface Places {
  readonly sshConfig: string;
  readonly includeFile: string;
}

const placesOf = (context: Context): Places => ({
  sshConfig: posix.join(context.host.home, ".ssh/config"),
  includeFile: includeFileOf(context),
});

async function factsOf(context: Context): Promise<HostBlockFacts> {
  const { settings } = await loadSettings(context);
  return hostBlockFacts(context, (await userOfVm(context)) ?? settings.user.name);
}

async function install(context: Context, places: Places, block: string): Promise<void> {
  await context.files.writeAtomic(places.includeFile, block, 0o600);
  const changed = await editUserConfig(context, places.sshConfig, (text) =>
    withInclude(text, places.includeFile),
  );
  say(
    context,
    changed
      ? `${places.sshConfig} has one more line; try: ssh ascalon`
      : "already installed; try: ssh ascalon",
  );
}

async function remove(context: Context, places: Places): Promise<void> {
  const changed = await editUserConfig(context, places.sshConfig, (text) =>
    text === undefined ? undefined : withoutInclude(text),
  );
  await context.files.remove(places.includeFile);
  say(context, changed ? `${places.sshConfig} is as it was` : "was not installed; nothing changed");
}

const say = (context: Context, sentence: string): void => context.stderr.write(`ascalon: ${sentence}\n`);

async function report(context: Context, places: Places): Promise<object> {
  const facts = await factsOf(context);
  const installed = hasInclude(await readUserConfig(context, places.sshConfig));
  return { schema: 1, host: "ascalon", ...facts, ...places, installed, text: hostBlock(facts) };
}
