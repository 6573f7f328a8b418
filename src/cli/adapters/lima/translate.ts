import { AscalonError } from "../../errors.ts";
import type { RunResult } from "../process.ts";
import { fatalMessage, parseLogLine } from "./log-line.ts";
import { translations } from "./translations.ts";

/** A failed limactl call as an error of the catalogue. `verb` names the call for people: "create the VM". */
export function translateFailure(verb: string, result: RunResult): AscalonError {
  if (result.startError !== undefined) return cannotStart(result.startError);
  const said = fatalMessage(result.stderr);
  const why = said === "" ? `limactl ${endOf(result)}` : `limactl: ${firstLine(said)}`;
  const details = said.split("\n").slice(1, 21);
  const { errors, everything } = sentencesOf(result.stderr);
  for (const { match, anyLevel, code, what, run } of translations) {
    const found = match.exec(anyLevel ? everything : errors);
    if (!found) continue;
    return new AscalonError(code, {
      what: `cannot ${verb}: ${what(found)}`,
      why,
      details,
      ...(run ? { run } : {}),
    });
  }
  if (result.timedOut) {
    return new AscalonError("E_LIMA", {
      what: `cannot ${verb}: limactl did not come to an end and was stopped`,
      why,
      run: "ascalon status",
    });
  }
  return new AscalonError("E_LIMA", {
    what: `cannot ${verb}`,
    why,
    run: "ascalon status",
    details: everything.trim().split("\n").slice(-20),
  });
}

function cannotStart(startError: string): AscalonError {
  if (startError === "ENOENT") {
    return new AscalonError("E_LIMACTL_MISSING", {
      what: "limactl is not installed, or not on PATH",
      why: "Lima runs the VM",
      run: "brew install lima    (Debian and Ubuntu: npm run try installs it)",
    });
  }
  if (startError === "EACCES") {
    return new AscalonError("E_LIMACTL_MISSING", {
      what: "limactl is on PATH, and its mode forbids to run it",
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
function sentencesOf(stderr: string): { readonly errors: string; readonly everything: string } {
  const lines = stderr
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parseLogLine);
  const text = (which: typeof lines): string => which.map(({ message }) => message).join("\n");
  const isError = ({ level }: (typeof lines)[number]): boolean => ["fatal", "error", "raw"].includes(level);
  return { errors: text(lines.filter(isError)), everything: text(lines) };
}

const endOf = ({ exitCode, signal }: RunResult): string =>
  exitCode === undefined ? `was ended by ${signal ?? "nobody knows what"}` : `ended with code ${exitCode}`;

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
