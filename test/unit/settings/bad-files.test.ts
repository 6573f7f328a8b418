import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkSettingsText } from "../../../src/cli/settings/from-text.ts";
import { testHost } from "../../support/fake-context.ts";

const folder = new URL("../../fixtures/settings-bad/", import.meta.url);
const names = readdirSync(folder).sort();

/** The problems as a person sees them, on a Linux host with 8 processors and 32 GiB. */
function problemsOf(name: string): readonly string[] {
  const checked = checkSettingsText(readFileSync(new URL(name, folder), "utf8"), "ascalon.yaml", testHost);
  return "problems" in checked ? checked.problems : [];
}

describe("bad settings files", () => {
  it.each(names)("%s is refused, each problem with a position", (name) => {
    const problems = problemsOf(name);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^ascalon\.yaml:\d+:\d+ \S/);
  });

  it("are described in words that have not changed by accident", async () => {
    const text = names.map(
      (name) =>
        `${name}\n${problemsOf(name)
          .map((problem) => `  ${problem}\n`)
          .join("")}`,
    );
    await expect(text.join("\n")).toMatchFileSnapshot("../../golden/settings-bad.txt");
  });
});
