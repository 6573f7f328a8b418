import { AscalonError } from "../../errors.ts";
import { wayToInstall } from "../../ways-to-install.ts";
import type { RunResult } from "../process.ts";
import { fatalMessage, parseLogLine } from "./log-line.ts";
import { translations } from "./translations.ts";

/**
 * A failed limactl call as an error of the catalogue. `verb` names the call for people: "create the VM". `agentWord` is
 * that of Lima's host agent, when it ended: limactl then says only that it did.
 */
export function translateFailure(verb: string, result: RunResult, agentWord?: string): AscalonError {
  if (result.startError !== undefined) return cannotStart(result.startError);
  const { errors, everything } = sentencesOf(result.stderr, agentWord);
  const said = fatalMessage(result.stderr);
  const fallback = said === "" ? `limactl ${endOf(result)}` : `limactl: ${firstLine(said)}`;
  const why = agentWord === undefined ? fallback : `Lima's host agent: ${firstLine(agentWord)}`;
  for (const { match, anyLevel, code, what, run } of translations) {
    const text = anyLevel ? everything : errors;
    const found = match.exec(text);
    if (!found) continue;
    const words = lineAt(text, found.index);
    return new AscalonError(code, {
      what: `cannot ${verb}: ${what(found)}`,
      why: `${agentWord?.includes(words) ? "Lima's host agent" : "limactl"}: ${words}`,
      // Of a sentence with an excerpt of a file below it, that.
      details: linesOf(said).slice(1, 21),
      ...(run ? { run: typeof run === "string" ? run : run(found) } : {}),
    });
  }
  const lines = linesOf(everything).slice(-20);
  return new AscalonError("E_LIMA", {
    what: `cannot ${verb}${result.timedOut ? ": limactl did not finish and was stopped" : ""}`,
    why,
    run: "ascalon status",
    details: lines.length > 1 ? lines : [],
  });
}

function cannotStart(startError: string): AscalonError {
  if (startError === "ENOENT") {
    return new AscalonError("E_LIMACTL_MISSING", {
      what: "limactl is not installed, or not on PATH",
      why: "Lima runs the VM",
      run: wayToInstall.lima,
    });
  }
  if (startError === "EACCES") {
    return new AscalonError("E_LIMACTL_MISSING", {
      what: "limactl is on PATH, but it is not executable",
      run: "ls -l $(which -a limactl)",
    });
  }
  return new AscalonError("E_LIMACTL_FOREIGN_ARCH", {
    what: "limactl cannot be executed here",
    why: `the system says ${startError}`,
    run: "file $(which limactl)    (then install Lima for this machine)",
  });
}

/** What limactl calls an error, and lines that are not limactl's own; and all it said, without times and levels. */
function sentencesOf(
  stderr: string,
  agentWord: string | undefined,
): { readonly errors: string; readonly everything: string } {
  const ofAgent = agentWord === undefined ? [] : [{ level: "fatal", message: agentWord }];
  const lines = [...linesOf(stderr).map(parseLogLine), ...ofAgent];
  const text = (which: typeof lines): string => which.map(({ message }) => message).join("\n");
  const isError = ({ level }: (typeof lines)[number]): boolean => ["fatal", "error", "raw"].includes(level);
  return { errors: text(lines.filter(isError)), everything: text(lines) };
}

const endOf = ({ exitCode, signal }: RunResult): string =>
  exitCode === undefined ? `was ended by ${signal ?? "an unknown cause"}` : `exited with code ${exitCode}`;

const linesOf = (text: string): readonly string[] => text.split("\n").filter((line) => line.trim() !== "");

/** The line of the text that this place is in. */
function lineAt(text: string, index: number): string {
  return firstLine(text.slice(text.lastIndexOf("\n", index) + 1));
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
