import { describe, expect, it } from "vitest";
import { AscalonError, catalogue, type ErrorCode, exitCodes } from "../../../src/cli/errors.ts";
import { asAscalonError, renderError } from "../../../src/cli/present/error.ts";

const error = new AscalonError("E_LIMA", {
  what: "cannot start the VM",
  why: "limactl: no",
  run: "ascalon status",
  details: ["one", "two"],
});

describe("errors", () => {
  it("for people: what, details, why, what to run", () => {
    expect(renderError(error, { asJson: false, colors: false })).toBe(
      "ascalon: cannot start the VM [E_LIMA]\n  one\n  two\n  why: limactl: no\n  run: ascalon status\n",
    );
  });

  it("however many the details are, people get the first hundred and programs all", () => {
    const details = Array.from({ length: 200_000 }, (_, index) => `problem ${index}`);
    const many = new AscalonError("E_SETTINGS_INVALID", { what: "no", details });
    const lines = renderError(many, { asJson: false, colors: false }).trimEnd().split("\n");
    expect(lines).toHaveLength(102);
    expect(lines.slice(-2)).toEqual(["  problem 99", "  and 199900 more"]);
    expect(JSON.parse(renderError(many, { asJson: true, colors: false })).error.details).toEqual(details);
  });

  it("what to run next is about the settings file that --config named", () => {
    const shown = (run: string, asJson = false) =>
      renderError(new AscalonError("E_USAGE", { what: "no", run }), {
        asJson,
        colors: false,
        configFlag: "my file.yaml",
      });
    expect(shown("ascalon config edit")).toContain("run: ascalon --config 'my file.yaml' config edit\n");
    expect(JSON.parse(shown("ascalon up", true)).error.run).toBe("ascalon --config 'my file.yaml' up");
    expect(shown("ascalon --config x config edit")).toContain("run: ascalon --config x config edit\n");
    expect(shown("df -h")).toContain("run: df -h\n");
  });

  it("and so is what the reason names", () => {
    const why = "it was told not to go back; ascalon rollback does";
    const told = "it was told not to go back; ascalon --config a.yaml rollback does";
    const shown = (asJson: boolean) =>
      renderError(new AscalonError("E_SWITCH", { what: "no", why }), {
        asJson,
        colors: false,
        configFlag: "a.yaml",
      });
    expect(shown(false)).toContain(`why: ${told}\n`);
    expect(JSON.parse(shown(true)).error.why).toBe(told);
  });

  it("for programs: one JSON document", () => {
    expect(JSON.parse(renderError(error, { asJson: true, colors: true }))).toEqual({
      schema: 1,
      error: {
        code: "E_LIMA",
        exit: 1,
        what: "cannot start the VM",
        why: "limactl: no",
        run: "ascalon status",
        details: ["one", "two"],
      },
    });
  });

  it("colours change nothing but colours", () => {
    const colored = renderError(error, { asJson: false, colors: true });
    const plain = colored.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g"), "");
    expect(plain).toBe(renderError(error, { asJson: false, colors: false }));
  });

  it("what nobody foresaw is a bug of ours, with the place it happened", () => {
    const bug = asAscalonError(new TypeError("x is undefined"), false);
    expect(bug).toMatchObject({ code: "E_BUG", message: "ascalon failed: x is undefined" });
    expect(bug.details[0]).toMatch(/^at /);
    expect(asAscalonError("text", false).message).toBe("ascalon failed: text");
  });

  it("a full disk is none", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(asAscalonError(full, false)).toMatchObject({ code: "E_DISK_FULL", run: expect.any(String) });
    const quota = Object.assign(new Error("EDQUOT: quota exceeded"), { code: "EDQUOT" });
    expect(asAscalonError(quota, false).code).toBe("E_DISK_FULL");
  });

  it("after Ctrl-C everything is an interrupt, except what has a name", () => {
    expect(asAscalonError(new Error("This operation was aborted"), true).code).toBe("E_INTERRUPTED");
    expect(asAscalonError(error, true)).toBe(error);
  });

  it.each(Object.entries(catalogue))("%s has an exit code of the table and a way out", (_code, entry) => {
    expect(Object.values(exitCodes)).toContain(entry.exit);
    expect(entry.means).toMatch(/\.$/);
    expect(entry.wayOut).toMatch(/[.)]$/);
  });

  it("the exit code is the catalogue's", () => {
    const codes = Object.keys(catalogue) as ErrorCode[];
    for (const code of codes) expect(new AscalonError(code, { what: "x" }).exit).toBe(catalogue[code].exit);
  });
});
