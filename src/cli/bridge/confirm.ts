import type { Context } from "../context.ts";
import { environmentFor } from "./environment.ts";
import type { ProgramFinder } from "./programs.ts";

/** How long a person may take. */
const patienceSeconds = 60;

const appleScript = [
  "on run argv",
  'set said to display dialog (text 2 thru -1 of item 1 of argv) with title "ascalon" buttons {"Refuse", "Allow"} ' +
    `default button "Refuse" giving up after ${patienceSeconds}`,
  "return button returned of said",
  "end run",
];

/**
 * Asks the person on the host. The question is made of our own words (the label of a call), never of the guest's.
 * Whatever is not a clear yes is a no: no program to ask with, no answer, another button. The question goes away with
 * the client.
 */
export async function confirmCall(
  context: Pick<Context, "processes" | "host" | "env">,
  programs: ProgramFinder,
  label: string,
  gone: AbortSignal,
): Promise<boolean> {
  const question = `A program in the VM wants to run: ${label}`;
  const isMac = context.host.platform === "darwin";
  const program = await programs.find([isMac ? "osascript" : "notify-send"]);
  if (!program) return false;
  const args = isMac
    ? [...appleScript.flatMap((line) => ["-e", line]), `=${question}`]
    : [
        "--app-name=ascalon",
        "--wait",
        "--action=allow=Allow",
        "--action=refuse=Refuse",
        "--",
        "ascalon",
        question,
      ];
  const { exitCode, stdout } = await context.processes.run(program.file, args, {
    env: environmentFor(context, [], []),
    timeoutMs: (patienceSeconds + 5) * 1000,
    signal: gone,
  });
  return exitCode === 0 && stdout.trim() === (isMac ? "Allow" : "allow");
}
