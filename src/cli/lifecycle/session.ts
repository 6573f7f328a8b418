import type { Context } from "../context.ts";
import type { MachineFacts } from "../machine/facts.ts";
import type { Machine } from "../machine/machine.ts";
import { type Paths, pathsOf } from "../paths.ts";
import { type LoadedSettings, loadSettings } from "../settings/load.ts";
import type { Settings } from "../settings/settings.ts";

/** The first two thirds of every command's story: settings read, machine observed. */
export interface Session {
  readonly paths: Paths;
  readonly loaded: LoadedSettings;
  readonly settings: Settings;
  readonly machine: Machine;
  readonly facts: MachineFacts;
}

export async function openSession(context: Context): Promise<Session> {
  const loaded = await loadSettings(context);
  const machine = await context.openMachine(context, loaded.settings.vm.type);
  const facts = await machine.observe();
  return { paths: pathsOf(context), loaded, settings: loaded.settings, machine, facts };
}
