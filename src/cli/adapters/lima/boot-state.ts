import type { Files } from "../files.ts";
import { type BootState, parseEventLog, saysBooted, wasToldToEnd } from "./event-log.ts";

/** Lima writes its own way through a boot there first, within a tenth of this. */
const bootBytes = 256 * 1024;

/**
 * How far the boot is, by the logs of a host agent.
 *
 * Somebody may have emptied or removed them while it runs (`rm ~/.lima/*\/*.log`), and it does not say again what it
 * said: then its other log tells of the boot, and where both are gone the boot is taken to be over. A boot is a minute
 * of a VM's weeks, and a VM that counts as booting is waited for.
 *
 * @param log the end of ha.stdout.log; undefined when it is not there
 */
export async function bootStateOf(
  files: Pick<Files, "readBytes" | "readTail">,
  folder: string,
  log: string | undefined,
  isAlive: boolean,
): Promise<BootState> {
  const told = parseEventLog(log ?? "");
  if (!isAlive) return told ?? nothing;
  const path = `${folder}/ha.stderr.log`;
  const isEnding = wasToldToEnd((await files.readTail(path, 16_384)) ?? "");
  const state = told ?? { ...nothing, ready: saysBooted(log, await files.readBytes(path, bootBytes)) };
  return { ...state, exiting: state.exiting || isEnding };
}

const nothing: BootState = { ready: false, exiting: false, errors: [] };
