import { describe, expect, test } from "vitest";
import type { MachineFacts } from "../../../src/cli/machine/facts.ts";
import { renderStatus } from "../../../src/cli/present/status.ts";
import { statusDocument } from "../../../src/cli/present/status-document.ts";
import { factsOf, settingsOf } from "../../support/machine-facts.ts";

const loaded = { path: "/f", origin: "defaults", text: "", settings: settingsOf(), notes: [] } as const;
const style = { colors: false, now: 0, home: "/home/mia" };

function shown(facts: MachineFacts) {
  const document = statusDocument(facts, loaded, { changes: [], behind: [] }, { state: "none" }, 0);
  return { document, text: renderStatus(document, style) };
}

describe("status says what is known, and no more", () => {
  test("of a guest agent that only Lima can ask there is no row", () => {
    const { document, text } = shown(factsOf("ours", "running", { guestAgent: undefined }));
    expect(document.guestAgent).toBeNull();
    expect(text).not.toContain("guest agent");
  });

  test.each([
    ["starting", "no port yet: the VM is starting"],
    ["stopping", "not asked: the VM is stopping"],
    ["broken", "not asked: the VM is broken"],
    ["stopped", "no port: the VM is not running"],
    ["leftover", "no port: the VM is not running"],
  ] as const)("no port while %s", (process, said) => {
    const facts = factsOf("ours", process, {
      ssh: { state: "unknown", port: undefined, answerMs: undefined },
    });
    expect(shown(facts).text).toContain(said);
  });

  test.each([
    ["starting", "not finished"],
    ["running", "not finished"],
    ["stopping", "not known: the VM is stopping"],
    ["broken", "not known: the VM is broken"],
    ["stopped", "none: the VM is not running"],
    ["leftover", "none: the VM is not running"],
  ] as const)("of its boot while %s, without Lima's word that it is ready", (process, said) => {
    const { text } = shown(factsOf("ours", process, { ready: false }));
    expect(text).toContain(`  boot      ${said}\n`);
  });

  test.each([
    ["running", "its file is gone; /home is lost when the VM stops"],
    ["stopping", "none yet"],
    ["stopped", "none yet"],
  ] as const)("of a home disk that is not there while %s", (process, said) => {
    const { text } = shown(factsOf("ours", process, { homeDisk: undefined }));
    expect(text).toContain(`  home disk ${said}`);
  });

  test.each([
    [10, "10 MiB are free there. Free some space, then: ascalon up"],
    [300, "300 MiB are free there. Resume it with: ascalon up"],
  ])("of a guest that stands still with %d MiB free", (mebibytes, said) => {
    const freeBytes = mebibytes * 1024 ** 2;
    const { document, text } = shown(
      factsOf("ours", "running", { sshState: "silent", halted: { freeBytes } }),
    );
    expect(document).toMatchObject({ state: "unreachable", halted: { freeBytes } });
    expect(text).toContain(
      `\n\nThe VM is running, but QEMU paused it at a failed write to its disk; ${said}\n`,
    );
  });
});
