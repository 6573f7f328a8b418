import type { Finding } from "../doctor/check.ts";
import { oneLine } from "../printable.ts";
import { hintParts } from "./hint.ts";
import { paint } from "./paint.ts";

const order = ["problem", "warning", "skipped", "ok"] as const satisfies readonly Finding["verdict"][];

/** One document with `"schema": 1`; `ok` is true when nothing is a problem. */
export function doctorDocument(findings: readonly Finding[]): object {
  return { schema: 1, ok: findings.every((one) => one.verdict !== "problem"), findings };
}

/** Problems first; what is fine last, in one line each. */
export function renderDoctor(findings: readonly Finding[], colors: boolean): string {
  const mark = paint(colors);
  const label = {
    problem: mark.red("problem"),
    warning: mark.yellow("warning"),
    skipped: mark.dim("skipped"),
    ok: mark.green("ok     "),
  } as const satisfies Record<Finding["verdict"], string>;
  const width = Math.max(...findings.map((one) => one.id.length), 0);
  const fixLines = (fix: string): readonly string[] => {
    const [command, words] = hintParts(oneLine(fix));
    const first = `${" ".repeat(11 + width)}${mark.dim("run:")} ${command}`;
    return words === undefined ? [first] : [first, `${" ".repeat(16 + width)}${words}`];
  };
  const lines = order.flatMap((verdict) =>
    findings
      .filter((one) => one.verdict === verdict)
      .flatMap(({ id, evidence, fix }) => [
        `${label[verdict]}  ${id.padEnd(width)}  ${oneLine(evidence)}`,
        ...(fix === undefined || verdict === "ok" ? [] : fixLines(fix)),
      ]),
  );
  const problems = findings.filter((one) => one.verdict === "problem").length;
  const last =
    problems === 0 ? "No problems found." : problems === 1 ? "1 problem." : `${problems} problems.`;
  return `${[...lines, "", last].join("\n")}\n`;
}
