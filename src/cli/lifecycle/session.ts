import type { Context } from "../context.ts";
import type { MachineFacts } from "../machine/facts.ts";
import type { Machine } from "../machine/machine.ts";
import { type Paths, pathsOf } from "../paths.ts";
import { type LoadedSettings, loadSettings, loadSettingsOrDefaults } from "../settings/load.ts";
import type { Settings } from "../settings/settings.ts";

/** The first two thirds of every command's story: settings read, machine observed. */
export interface Session {
  readonly paths: Paths;
  readonly loaded: LoadedSettings;
  readonly settings: Settings;
  readonly machine: Machine;
  readonly facts: MachineFacts;
  /** Facts as the options want them. */
  readonly completed: (observed: MachineFacts) => Promise<MachineFacts>;
}

export interface SessionOptions {
  /** The command does its work whatever is wrong with the settings file. */
  readonly needsNoSettings?: boolean;
  /** Adds to the facts what observing does not tell (judge-description.ts). */
  readonly judge?: (context: Context, facts: MachineFacts) => Promise<MachineFacts>;
}

export async function openSession(
  context: Context,
  { needsNoSettings = false, judge }: SessionOptions = {},
): Promise<Session> {
  const loading = (needsNoSettings ? loadSettingsOrDefaults : loadSettings)(context);
  const observing = context
    .openMachine(context, async () => (await loading).settings.vm.type)
    .then(async (machine) => ({ machine, observed: await machine.observe() }));
  // Both at a time: the guest's answer is what takes longest. And both awaited, whichever of them fails.
  const [{ machine, observed }, loaded] = await Promise.all([observing, loading]);
  const { settings } = loaded;
  const completed = async (now: MachineFacts): Promise<MachineFacts> => {
    const facts = withWholeSettings(now, settings);
    return judge ? await judge(context, facts) : facts;
  };
  const facts = await completed(observed);
  return { paths: pathsOf(context), loaded, settings, machine, facts, completed };
}

/** The same session with the facts of now. */
export async function observeAgain(session: Session): Promise<Session> {
  return { ...session, facts: await session.completed(await session.machine.observe()) };
}

/**
 * A VM made by an older ascalon has no value for keys that are newer than it: for those, what the settings say counts
 * as what it has.
 */
export function withWholeSettings(facts: MachineFacts, settings: Settings): MachineFacts {
  return facts.applied ? { ...facts, applied: filled(facts.applied, settings) as Settings } : facts;
}

function filled(value: unknown, pattern: unknown): unknown {
  if (value === undefined) return pattern;
  if (!isSection(pattern)) return value;
  if (!isSection(value)) return pattern;
  const entries = Object.entries(pattern).map(([name, part]) => [name, filled(value[name], part)]);
  return Object.fromEntries(entries);
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
