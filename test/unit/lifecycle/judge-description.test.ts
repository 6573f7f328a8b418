import { expect, it } from "vitest";
import { judgeDescription } from "../../../src/cli/lifecycle/judge-description.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { factsOf } from "../../support/machine-facts.ts";

it.each([
  ["edited", "edited"],
  ["lost", "lost"],
  ["as-written", "outdated"],
  [undefined, "outdated"],
] as const)(
  "a lima.yaml that is %s and not what this ascalon writes is %s",
  async (description, expected) => {
    const facts = factsOf("ours", "stopped", { description });
    expect((await judgeDescription(fakeContext(), facts)).description).toBe(expected);
  },
);
