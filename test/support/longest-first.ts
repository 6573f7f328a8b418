import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Those of test/process that wait for other programs for 20 s and more, those that take longest first; and the one that
 * computes longer than any other.
 */
const longest = [
  "lua/random",
  "process/lima-machine",
  "process/shell-trouble",
  "process/agent",
  "process/links-denied",
  "process/bridge-floods",
  "process/first-system",
  "process/links-slow",
  "process/links-stall",
  "process/rebuild-lost",
  "process/rebuild",
  "process/bridge-trouble",
  "process/links",
  "process/bridge-terminal",
  "process/bridge-calls",
  "process/signals",
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
  longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
