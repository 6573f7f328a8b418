import { stateFiles } from "../../shared/plugin-contract.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { keysBehind } from "../lifecycle/keys-behind.ts";
import { openSession } from "../lifecycle/session.ts";
import type { MachineFacts } from "../machine/facts.ts";
import { renderStatus } from "../present/status.ts";
import { type Pending, type StatusDocument, statusDocument } from "../present/status-document.ts";
import { withSameSettings } from "../same-settings.ts";
import { changedKeys } from "../settings/diff.ts";
import type { Settings } from "../settings/settings.ts";

/** Between two looks of --watch. Each may read sshd's banner, which OpenSSH from 9.8 on counts against its reader. */
const watchMs = 2000;

export const runStatus: CommandRun = async (context, flags) => {
  const look = async (): Promise<StatusDocument> => {
    // No fact of the VM needs the file, and a watch outlives a slip that is saved and mended.
    const session = await openSession(context, { needsNoSettings: true });
    const { facts, settings, loaded } = session;
    const path = `${session.paths.stateDir}/${stateFiles.status}`;
    const agent = await readAgentStatus(context, path);
    const pending = loaded.unusable ? nothingPending : pendingOf(settings, facts);
    return statusDocument(facts, loaded, pending, agent, context.clock.now());
  };
  const show = (document: StatusDocument): void => {
    const now = Math.floor(context.clock.now() / 1000);
    const style = { colors: context.stdout.colors, home: context.host.home, now };
    context.stdout.write(
      flags.json === true
        ? `${JSON.stringify(document)}\n`
        : withSameSettings(renderStatus(document, style), context.configFlag),
    );
  };
  let shown = await look();
  show(shown);
  if (flags.watch !== true) return exitCodes.ok;
  try {
    for (;;) {
      await context.clock.sleep(watchMs, context.signal);
      const now = await look();
      if (withoutTimes(now) === withoutTimes(shown)) continue;
      shown = now;
      if (flags.json !== true) context.stdout.write("\n");
      show(shown);
    }
  } catch (error) {
    // Ctrl-C is how a watch ends.
    if (context.signal.aborted) return exitCodes.ok;
    throw error;
  }
};

/** Compared with the defaults, which stand in for a file that cannot be used, everything written would be pending. */
const nothingPending: Pending = { changes: [], behind: [] };

const pendingOf = (settings: Settings, facts: MachineFacts): Pending => ({
  changes: facts.exists === "ours" && facts.applied ? changedKeys(facts.applied, settings) : [],
  behind: keysBehind(settings, facts),
});

/** What has to change for a watch to speak: not the uptime, nor how fast ssh answered, nor a disk's last bytes. */
function withoutTimes(document: StatusDocument): string {
  return JSON.stringify({
    ...document,
    uptimeMs: undefined,
    ssh: { ...document.ssh, answerMs: undefined },
    disks: undefined,
    agent: {
      ...document.agent,
      lateSeconds: undefined,
      links: document.agent.links.map(({ name, state, reason }) => ({ name, state, reason })),
    },
  });
}
