import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { quote } from "../quote.ts";
import { lockedInputs, suggestedInput, unknownInput, updatedInputs } from "./flake-inputs.ts";
import { argvOf, guestOf, mustRun, type SystemWork, triedFlakeOf } from "./system-work.ts";

/** Newer inputs for the copy in the guest, and what they are; throws E_FLAKE for one that the flake does not have. */
export async function updateInputs(work: SystemWork, progress: Progress): Promise<void> {
  const argv = await argvOf(work, "update");
  const { stderr } = await mustRun(
    work,
    { argv, progress, mayStop: true },
    "E_BUILD",
    "the inputs could not be updated",
  );
  const unknown = unknownInput(stderr);
  if (unknown !== undefined) throw noSuchInput(unknown, await inputsOf(work));
  const updated = updatedInputs(stderr);
  work.note(updated.length === 0 ? "There are no newer inputs." : `Newer inputs: ${updated.join(", ")}`);
}

async function inputsOf(work: SystemWork): Promise<readonly string[]> {
  const lock = `${triedFlakeOf(work)}/flake.lock`;
  const result = await (await guestOf(work)).run(["cat", lock], { timeoutMs: 30_000 });
  return result.kind === "ended" && result.code === 0 ? lockedInputs(result.stdout) : [];
}

/** More would hide the flake's own, which come first. */
const shownInputs = 12;

/** Nix itself only warns and goes on, and everything is as old as it was. */
function noSuchInput(name: string, inputs: readonly string[]): AscalonError {
  const suggested = suggestedInput(name, inputs);
  const shown = inputs.slice(0, shownInputs).join(", ");
  const more = inputs.length > shownInputs ? `, and ${inputs.length - shownInputs} more` : "";
  return new AscalonError("E_FLAKE", {
    what: `the flake has no input ${name} that could be updated, and nothing was built`,
    why: inputs.length === 0 ? "it has no inputs" : `its inputs are ${shown}${more}`,
    run:
      suggested === undefined
        ? "ascalon rebuild --update    (all of them)"
        : `ascalon rebuild --update ${quote(suggested)}`,
  });
}
