import { expect, test } from "vitest";
import type { Finding } from "../../../src/cli/doctor/check.ts";
import { doctorDocument, renderDoctor } from "../../../src/cli/present/doctor.ts";

const findings: readonly Finding[] = [
  { id: "lima-version", verdict: "ok", evidence: "Lima 2.2.0" },
  { id: "link-docker", verdict: "warning", evidence: "Docker is not there (/d.sock)" },
  { id: "clock", verdict: "skipped", evidence: "the VM is not running" },
  { id: "agent", verdict: "problem", evidence: "the agent does not run", fix: "ascalon agent install" },
];

test("problems first, with the way out under them", () => {
  expect(renderDoctor(findings, false)).toMatchInlineSnapshot(`
    "problem  agent         the agent does not run
                           run: ascalon agent install
    warning  link-docker   Docker is not there (/d.sock)
    skipped  clock         the VM is not running
    ok       lima-version  Lima 2.2.0

    1 problem.
    "
  `);
});

test("nothing wrong", () => {
  expect(renderDoctor(findings.slice(0, 1), false)).toContain("No problems found.");
});

test("the document says whether all is well", () => {
  expect(doctorDocument(findings)).toEqual({ schema: 1, ok: false, findings });
  expect(doctorDocument(findings.slice(0, 3))).toMatchObject({ ok: true });
});
