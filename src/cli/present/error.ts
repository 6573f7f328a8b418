import { asDiskFullError } from "../disk-full-error.ts";
import { AscalonError } from "../errors.ts";
import { printable, shortened } from "../printable.ts";
import { withSameSettings } from "../same-settings.ts";
import { hintParts } from "./hint.ts";
import { paint } from "./paint.ts";

/** Anything thrown, as an error of the catalogue: what is not known is a bug of ours and says so. */
export function asAscalonError(error: unknown, interrupted: boolean): AscalonError {
  if (error instanceof AscalonError) return error;
  if (interrupted) return new AscalonError("E_INTERRUPTED", { what: "interrupted", run: "ascalon up" });
  const full = asDiskFullError(error);
  if (full) return full;
  const cause = error instanceof Error ? error : new Error(String(error));
  return new AscalonError("E_BUG", {
    what: `ascalon failed: ${cause.message}`,
    why: "this is a bug in ascalon, not something you did",
    run: "ascalon version --json    (send its output and the lines above with a report)",
    details: (cause.stack ?? "")
      .split("\n")
      .slice(1, 8)
      .map((line) => line.trim()),
    cause,
  });
}

/** What, why, what to run, all of which may hold words of the guest; as one JSON document on stderr when the command was asked for JSON. */
export function renderError(error: AscalonError, style: ErrorStyle): string {
  const run = error.run && withSameSettings(error.run, style.configFlag);
  const why = error.why && withSameSettings(error.why, style.configFlag);
  if (style.asJson) {
    const { code, exit, message: what, details } = error;
    return `${JSON.stringify({ schema: 1, error: { code, exit, what, why, run, details } })}\n`;
  }
  const mark = paint(style.colors);
  const lines = [`${mark.red("ascalon:")} ${printable(error.message)} ${mark.dim(`[${error.code}]`)}`];
  for (const line of shortened(error.details)) lines.push(`  ${printable(line)}`);
  if (why) lines.push(`  why: ${printable(why)}`);
  if (run) {
    const [command, words] = hintParts(printable(run));
    lines.push(`  run: ${mark.bold(command)}`, ...(words === undefined ? [] : [`       ${words}`]));
  }
  return `${lines.join("\n")}\n`;
}

interface ErrorStyle {
  readonly asJson: boolean;
  readonly colors: boolean;
  /** `--config` of the command that failed. */
  readonly configFlag?: string | undefined;
}
