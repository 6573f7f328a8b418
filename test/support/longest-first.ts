import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of test/process that wait for other programs for 20 s and more, those that take longest first. */
const longest = [
  "lima-machine",
  "shell-trouble",
  "agent",
  "links-denied",
  "bridge-floods",
  "first-system",
  "links-slow",
  "links-stall",
  "rebuild-lost",
  "rebuild",
  "bridge-trouble",
  "links",
  "bridge-terminal",
  "bridge-calls",
  "signals",
];

/**
 * Starts them before all others: one that comes last has nothing beside it while it waits. vitest itself knows how long
 * a file takes only from an earlier run, and a clean clone has had none.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files.filter((file) => rank(file) < 0));
    const first = files.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b));
    return [...first, ...others];
  }
}

const rank = ({ moduleId }: TestSpecification): number =>
  longest.findIndex((name) => moduleId.endsWith(`/test/process/${name}.test.ts`));
