import type { Context } from "../../context.ts";
import { type BootState, parseEventLog, saysOfBoot, wasToldToEnd } from "./event-log.ts";

/** Lima writes its own way through a boot there first, within a tenth of this. */
const bootBytes = 256 * 1024;

/** A host agent says within a second of its start what it waits for. */
const firstWordMs = 60_000;

/**
 * How far the boot is, by the logs of a host agent.
 *
 * Somebody may have emptied or removed them while it runs (`rm ~/.lima/*\/*.log`), and it does not say again what it
 * said: then its other log tells of the boot, and where the beginning of that is lost too the boot is taken to be over.
 * A boot is a minute of a VM's weeks, and a VM that counts as booting is waited for.
 *
 * @param log the end of ha.stdout.log; undefined when it is not there
 */
export async function bootStateOf(
  { files, clock }: Pick<Context, "files" | "clock">,
  folder: string,
  log: string | undefined,
  isAlive: boolean,
): Promise<BootState> {
  const told = parseEventLog(log ?? "");
  if (!isAlive) return told ?? nothing;
  const path = `${folder}/ha.stderr.log`;
  const isEnding = wasToldToEnd((await files.readTail(path, 16_384)) ?? "");
  if (told) return { ...told, exiting: told.exiting || isEnding };
  const words = saysOfBoot((await files.readBytes(path, bootBytes))?.toString("utf8") ?? "");
  const startedAt = (await files.info(`${folder}/ha.pid`))?.modifiedAt ?? clock.now();
  const isLost = words === "nothing" && clock.now() - startedAt > firstWordMs;
  return { ...nothing, ready: words === "over" || isLost, exiting: isEnding };
}

const nothing: BootState = { ready: false, exiting: false, errors: [] };
