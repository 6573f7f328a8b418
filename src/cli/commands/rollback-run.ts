import { generationsScript } from "../carried-files.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { withSystemSteps } from "../lifecycle/first-system.ts";
import { openSession } from "../lifecycle/session.ts";
import { type Generation, parseGenerations, rollbackTarget } from "../nixos/generations.ts";
import { renderGenerations } from "../present/generations.ts";
import { changeVm } from "./change-vm.ts";
import { requireGuest } from "./require-guest.ts";

export const runGenerations: CommandRun = async (context, flags) => {
  requireGuest(await openSession(context));
  const generations = await readGenerations(context);
  context.stdout.write(
    flags.json === true ? `${JSON.stringify({ schema: 1, generations })}\n` : renderGenerations(generations),
  );
  return exitCodes.ok;
};

export const runRollback: CommandRun = async (context, flags, [text]) => {
  if (text !== undefined && !/^\d+$/.test(text)) {
    throw new AscalonError("E_USAGE", {
      what: `expected a generation number, got "${text}"`,
      run: "ascalon generations",
    });
  }
  requireGuest(await openSession(context));
  const generations = await readGenerations(context);
  if (generations.length === 0) throw notNixOs();
  const target = rollbackTarget(generations, text === undefined ? undefined : Number(text));
  if ("refusal" in target)
    throw new AscalonError("E_GENERATION", { what: target.refusal, run: "ascalon generations" });
  const { number, system, kernel, foreign } = target.generation;
  // From the image's system to one of ascalon's a live switch would cut its own connection.
  const boot = flags.boot === true || (!foreign && generations.some((one) => one.current && one.foreign));
  return await changeVm(context, flags, {
    command: "ascalon rollback",
    planFor: (session) => {
      requireGuest(session);
      const { settings } = session;
      return withSystemSteps(
        { steps: [], changes: [] },
        {
          host: settings.system.host,
          boot,
          rollback: true,
          confirmSeconds: settings.rebuild.confirmSeconds,
          generation: { number, system },
        },
        session.facts,
      );
    },
    idle: "nothing to do",
    next: () =>
      `The guest runs generation ${number}.${boot ? "" : ` Its kernel ${kernel} is used from the next start on.`}`,
    interrupted: {
      why: "if a new system was active and not confirmed by then, the guest goes back by itself",
      run: "ascalon generations",
    },
  });
};

/** NixOS has at least the generation that it runs. */
const notNixOs = (): AscalonError =>
  new AscalonError("E_NOT_NIXOS", {
    what: "the guest has no generations to go back to: its system is not built by Nix",
    run: "ascalon config get vm.image --origin    (another image than nixos-lima)",
  });

async function readGenerations(context: Context): Promise<readonly Generation[]> {
  const guest = await context.openGuest(context);
  const result = await guest.run(["sh", "-s"], { input: generationsScript, timeoutMs: 30_000 });
  if (result.kind === "ended" && result.code === 0) return parseGenerations(result.stdout);
  throw new AscalonError("E_SSH", {
    what: "the guest could not be asked for its systems",
    why: result.kind === "ended" ? `code ${result.code}: ${result.stderr.trim()}` : result.why,
    run: "ascalon status",
  });
}
