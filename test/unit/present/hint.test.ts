import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { AscalonError } from "../../../src/cli/errors.ts";
import { renderDoctor } from "../../../src/cli/present/doctor.ts";
import { renderError } from "../../../src/cli/present/error.ts";

const sources = fileURLToPath(new URL("../../../src/cli/", import.meta.url));
const commands =
  /^(ascalon|limactl|brew|\/opt\/homebrew\/bin\/brew|apt|home-manager|ls|lsattr|df|file|cat|ps|\/bin\/ps|kill|chmod|mv|rm|iconv|git|export|unset|VISUAL=|EDITOR=|pkill|launchctl|loginctl|systemctl|log|pmset|sudo|\$\{)/;
/** No command can do these. */
const advice = [
  "run ascalon as your own user",
  "run ascalon as your own user, without sudo",
  "restart it, in its terminal or through the Nix configuration",
];

test("what sources put behind run: begins with a command: other words would be taken for one", () => {
  const texts = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => /^(?!bridge\/|nixos\/flake-upload).*\.ts$/.test(name))
    .flatMap((name) => [
      ...readFileSync(`${sources}${name}`, "utf8").matchAll(
        /\b(?:run|fix):\s*(?:[^"`\n;{]*\?\s*)?(["`])(.+?)\1/g,
      ),
    ])
    .map((found) => found[2] ?? "");
  expect(texts.length).toBeGreaterThan(120);
  expect(texts.filter((text) => !commands.test(text) && !advice.includes(text))).toEqual([]);
});

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
