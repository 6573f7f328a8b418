import { expect, test } from "vitest";
import { AscalonError } from "../../../src/cli/errors.ts";
import { renderDoctor } from "../../../src/cli/present/doctor.ts";
import { renderError } from "../../../src/cli/present/error.ts";

const run = "ascalon logs vm    (then: ascalon restart --force)";

test("what stands behind run: is the command alone, ready to paste; our words about it follow", () => {
  const error = new AscalonError("E_LIMA", { what: "it hangs", run });
  expect(renderError(error, { asJson: false, colors: false })).toBe(
    "ascalon: it hangs [E_LIMA]\n  run: ascalon logs vm\n       (then: ascalon restart --force)\n",
  );
  expect(renderError(error, { asJson: true, colors: false })).toContain(run);
  const finding = { id: "vm", verdict: "problem", evidence: "it hangs", fix: run } as const;
  expect(renderDoctor([finding], false)).toBe(
    "problem  vm  it hangs\n             run: ascalon logs vm\n                  (then: ascalon restart --force)\n\n1 problem.\n",
  );
});
