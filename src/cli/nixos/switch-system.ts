import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { readSystemFacts } from "./system-facts.ts";
import { argvOf, guestOf, isDown, lastLines, runAsRoot, type SystemWork, targetOf } from "./system-work.ts";

const askAgainMs = 2000;
/** The timer of the guest ends a switch that hangs; what it does then is told a little later. */
const afterTimerMs = 20_000;

/** Switches, and when the connection is lost meanwhile finds out how it went. Throws E_SWITCH when it did not go well. */
export async function switchTo(work: SystemWork, progress: Progress): Promise<void> {
  const { clock } = work.context;
  const timeoutMs = work.wish.confirmSeconds * 1000 + afterTimerMs;
  const end = clock.monotonic() + timeoutMs;
  const result = await runAsRoot(work, { argv: await argvOf(work, "activate"), progress, timeoutMs });
  if (result.kind === "ended") {
    if (result.code === 0) return;
    throw new AscalonError("E_SWITCH", {
      what: `the switch to the new system failed (code ${result.code})`,
      details: lastLines(result.stderr),
      // NixOS 26.05 refuses live switches that change what cannot be changed live, another D-Bus daemon for one.
      ...(/inhibit/i.test(result.stderr) ? { run: "ascalon rebuild --boot    (it wants a restart)" } : {}),
    });
  }
  progress(`the connection was lost during the switch: ${result.why}`);
  do {
    if (await isDown(work)) {
      throw new AscalonError("E_SWITCH", {
        what: "the VM went down in the middle of the switch",
        run: "ascalon up    (then: ascalon rebuild)",
      });
    }
    const facts = await readSystemFacts(await guestOf(work));
    if (facts && !facts.isSwitching) {
      if (facts.system === targetOf(work)) return;
      throw new AscalonError("E_SWITCH", { what: "the switch to the new system did not end well" });
    }
    await clock.sleep(askAgainMs, work.context.signal);
  } while (clock.monotonic() < end);
  throw new AscalonError("E_SWITCH", {
    what: "the guest cannot be reached since the switch",
    why: result.why,
  });
}
