import { systemSwitchScript } from "../carried-files.ts";
import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { readSystemFacts } from "./system-facts.ts";
import {
  argvOf,
  guestOf,
  isDown,
  lastLines,
  runScript,
  type SystemWork,
  sameAgain,
  targetOf,
} from "./system-work.ts";
import { moreTime } from "./way-back.ts";

const askAgainMs = 2000;
/** The timer of the guest ends a switch that hangs; what it does then is told a little later. */
const afterTimerMs = 20_000;

/** switch-to-configuration: all was done, and some unit does not run. It may be one that did not run before either. */
const someUnitFailed = 4;

/** Switches, and when the connection is lost meanwhile finds out how it went. Throws E_SWITCH when it did not go well. */
export async function switchTo(work: SystemWork, progress: Progress): Promise<void> {
  const { clock } = work.context;
  const timeoutMs = work.wish.confirmSeconds * 1000 + afterTimerMs;
  const argv = await argvOf(work, "activate");
  const result = await runScript(work, systemSwitchScript, { argv, progress, timeoutMs });
  if (result.kind === "ended") {
    if (result.code === 0 || result.code === someUnitFailed) return;
    const { confirmSeconds } = work.wish;
    const isLate = clock.monotonic() - (work.found.armedMs ?? clock.monotonic()) >= confirmSeconds * 1000;
    const late = isLate ? `: it did not finish within ${confirmSeconds} s` : "";
    throw new AscalonError("E_SWITCH", {
      what: `the switch to the new system failed (code ${result.code})${late}`,
      ...(isLate ? { run: moreTime(work) } : {}),
      details: lastLines(result.stdout || result.stderr),
      // NixOS 26.05 refuses live switches that change what cannot be changed live, another D-Bus daemon for one.
      ...(/changes to critical components/i.test(result.stdout)
        ? { run: `${sameAgain(work)} --boot    (it needs a restart)` }
        : {}),
    });
  }
  progress(`the connection was lost during the switch: ${result.why}`);
  // From now on, because a host that slept was not there for a part of the time.
  let end = clock.monotonic() + timeoutMs;
  do {
    if (await isDown(work)) {
      throw new AscalonError("E_SWITCH", {
        what: "the VM went down in the middle of the switch",
        run: `ascalon up    (then: ${sameAgain(work)})`,
      });
    }
    const facts = await readSystemFacts(await guestOf(work));
    if (facts && !facts.isSwitching) {
      if (facts.system === targetOf(work)) return;
      throw new AscalonError("E_SWITCH", { what: "the switch to the new system failed" });
    }
    // A guest that is at work is waited for: its own timer ends a switch that hangs.
    if (facts && work.wish.rollback) end = clock.monotonic() + timeoutMs;
    await clock.sleep(askAgainMs, work.context.signal);
  } while (clock.monotonic() < end);
  throw new AscalonError("E_SWITCH", {
    what: "the guest has been unreachable since the switch",
    why: result.why,
  });
}

/** What the next start brings. Throws E_SWITCH when it stays what it was. */
export async function makeDefault(work: SystemWork, progress: Progress): Promise<void> {
  const argv = await argvOf(work, "make-default");
  const result = await runScript(work, systemSwitchScript, { argv, progress, timeoutMs: 600_000 });
  if (result.kind === "ended" && result.code === 0) return;
  throw new AscalonError("E_SWITCH", {
    // Live, the new system runs and is confirmed by now: it must not be lost at the next start without a word.
    what: work.wish.boot
      ? "the new system could not be made the one for the next start"
      : "the new system is running, but could not be made the one for the next start",
    ...(result.kind === "ended"
      ? { details: lastLines(result.stdout || result.stderr) }
      : {
          why: `the connection to the guest was lost: ${result.why}`,
          run: `ascalon up    (then: ${sameAgain(work)})`,
        }),
  });
}
