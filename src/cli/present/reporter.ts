import type { Output } from "../context.ts";
import type { Reporter } from "../lifecycle/reporter.ts";
import { stepWords } from "../lifecycle/steps.ts";
import { oneLine, printable } from "../printable.ts";
import { paint } from "./paint.ts";

export type ReporterKind = "auto" | "tty" | "plain" | "json" | "quiet";

/** The same events as a live line, as plain lines, or as NDJSON; always on stderr, because stdout is data. */
export function createReporter(kind: ReporterKind, output: Output, now: () => number): Reporter {
  switch (kind === "auto" ? (output.isTTY && !output.isDumb ? "tty" : "plain") : kind) {
    case "tty":
      return ttyReporter(output, now);
    case "json":
      return jsonReporter(output);
    case "quiet":
      return quietReporter;
    default:
      return plainReporter(output);
  }
}

export function duration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const ignore = (): void => {};
const quietReporter: Reporter = {
  begin: ignore,
  line: ignore,
  done: ignore,
  failed: ignore,
  note: ignore,
  end: ignore,
};

function plainReporter(output: Output): Reporter {
  return {
    begin: (step) => output.write(`${stepWords[step.kind][0]} ...\n`),
    line: ignore,
    done: (step, ms) => output.write(`${stepWords[step.kind][1]} (${duration(ms)})\n`),
    failed: (step, ms) => output.write(`${stepWords[step.kind][0]}: failed after ${duration(ms)}\n`),
    note: (text) => output.write(`${printable(text)}\n`),
    end: ignore,
  };
}

function jsonReporter(output: Output): Reporter {
  const emit = (event: object): void => output.write(`${JSON.stringify(event)}\n`);
  return {
    begin: (step) => emit({ event: "begin", step: step.kind }),
    line: (step, text) => emit({ event: "line", step: step.kind, text }),
    done: (step, ms) => emit({ event: "done", step: step.kind, ms: Math.round(ms) }),
    failed: (step, ms) => emit({ event: "failed", step: step.kind, ms: Math.round(ms) }),
    note: (text) => emit({ event: "note", text }),
    end: ignore,
  };
}

const clearLine = "\r\u001b[K";

function ttyReporter(output: Output, now: () => number): Reporter {
  const mark = paint(output.colors);
  let head = "";
  let detail = "";
  let began = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    // A line that reaches the last column would wrap, and then only half of it would be cleared.
    const line = `  ${head} (${duration(now() - began)})`.slice(0, output.columns - 1);
    const room = output.columns - line.length - 2;
    const rest = room > 10 && detail !== "" ? ` ${mark.dim(detail.slice(0, room))}` : "";
    output.write(`${clearLine}${line}${rest}`);
  };
  const finish = (text: string): void => {
    clearInterval(timer);
    timer = undefined;
    output.write(`${clearLine}${text}\n`);
  };
  return {
    begin: (step) => {
      head = stepWords[step.kind][0];
      detail = "";
      began = now();
      draw();
      timer = setInterval(draw, 500);
      timer.unref();
    },
    line: (_step, text) => {
      // Of letters that are one column wide, so that it does not wrap.
      detail = oneLine(text).replace(/[^\x20-\x7e]+/g, " ");
      draw();
    },
    done: (step, ms) =>
      finish(`${mark.green("ok")} ${stepWords[step.kind][1]} ${mark.dim(`(${duration(ms)})`)}`),
    failed: (step, ms) =>
      finish(`${mark.red("!!")} ${stepWords[step.kind][0]}: failed after ${duration(ms)}`),
    note: (text) => finish(printable(text)),
    end: () => {
      if (timer) finish("");
    },
  };
}
