import { describe, expect, test } from "vitest";
import { explainAttachFailure } from "../../../src/shared/attach-failure.ts";
import { decideAttach, type GateFacts } from "../../../src/shared/attach-gate.ts";
import { compareCodecs } from "../../../src/shared/codec.ts";
import type { StatusFile } from "../../../src/shared/status.ts";

const now = 1_800_000_000;

const well: StatusFile = {
  schema: 1,
  writtenAt: now - 1,
  nextWriteBy: now + 14,
  ascalon: "1",
  vm: { state: "running", since: 1 },
  links: [{ name: "mux", state: "up", since: 1 }],
  mux: { socketPath: "/s", codec: 44, version: "v44" },
  gui: [{ pid: 7, codec: 44, version: "v44" }],
  codec: { verdict: "equal" },
  attention: [],
};

const facts: GateFacts = {
  now,
  status: well,
  domain: "detached",
  hasPanes: false,
  busy: false,
  asked: false,
  cliKnown: true,
  guiPid: 7,
};

const mux = (state: "off" | "waiting" | "up" | "broken" | "healing"): Partial<StatusFile> => ({
  links: [{ name: "mux", state, since: 1 }],
});

describe("The attach gate decides", () => {
  test.each<[string, string, Partial<GateFacts>, Partial<StatusFile>]>([
    ["attach", "when all is well", {}, {}],
    ["attach", "when this GUI is not in the list yet", { guiPid: 9 }, {}],
    ["attach", "when the codecs are unknown", { guiPid: undefined }, { codec: { verdict: "unknown" } }],
    [
      "busy",
      "while another attach is in flight, whatever else is true",
      { busy: true, domain: "attached" },
      {},
    ],
    ["focus", "when attached with panes", { domain: "attached", hasPanes: true }, {}],
    [
      "focus",
      "when attached, even with a broken link",
      { domain: "attached", hasPanes: true },
      mux("broken"),
    ],
    ["spawn", "when attached without panes", { domain: "attached" }, {}],
    ["explain", "when the domain is unknown to WezTerm", { domain: "unregistered" }, {}],
    ["ask", "without a status", { status: undefined }, {}],
    ["ask", "on a status that is late", {}, { nextWriteBy: now - 1 }],
    ["ask", "on a status from the future", {}, { writtenAt: now + 61, nextWriteBy: now + 70 }],
    ["explain", "without a status and without a CLI", { status: undefined, cliKnown: false }, {}],
    ["explain", "when the CLI had no answer", { status: undefined, asked: true }, {}],
    ["attach", "on the CLI's answer, however old it says it is", { asked: true }, { nextWriteBy: now - 100 }],
    ["start", "when there is no VM", {}, { vm: { state: "absent", since: 1 } }],
    ["start", "when it is stopped", {}, { vm: { state: "stopped", since: 1 } }],
    ["start", "when it is starting", {}, { vm: { state: "starting", since: 1 } }],
    ["start", "when it is stopping", {}, { vm: { state: "stopping", since: 1 } }],
    ["explain", "when it is broken", {}, { vm: { state: "broken", since: 1 } }],
    ["attach", "when only the link is known to work", {}, { vm: { state: "unknown", since: 1 } }],
    ["start", "when there is no link", {}, { links: [] }],
    ["start", "when the link is off", {}, mux("off")],
    ["wait", "when the link waits", {}, mux("waiting")],
    ["wait", "when the link heals", {}, mux("healing")],
    ["explain", "when the link is broken", {}, mux("broken")],
    ["explain", "when the socket is hijacked", {}, { mux: { socketPath: "/s", hijacked: true } }],
    ["explain", "when this GUI has another codec", {}, { mux: { socketPath: "/s", codec: 45 } }],
    [
      "explain",
      "by the verdict when its own process is unknown",
      { guiPid: undefined },
      { codec: { verdict: "different" } },
    ],
    [
      "attach",
      "by its own codec against the verdict for another GUI",
      {},
      { codec: { verdict: "different" } },
    ],
  ])("%s %s", (act, _when, changed, status) => {
    const given = { ...facts, status: { ...well, ...status }, ...changed };
    expect(decideAttach(given).act).toBe(act);
  });
});

describe("Codecs", () => {
  const gui = { codec: 42, version: "20240203" };
  const guest = { codec: 44, version: "0-unstable" };

  test("that differ name both ends and the side to change", () => {
    expect(compareCodecs(gui, guest).sentence).toContain("20240203 (codec 42)");
    expect(compareCodecs(gui, guest).fix).toContain("Install a newer WezTerm here");
    expect(compareCodecs(guest, gui).fix).toContain("ascalon rebuild");
  });

  test("count, versions do not", () => {
    expect(compareCodecs(gui, { codec: 42, version: "another" })).toEqual({ verdict: "equal" });
  });

  test("are unknown when one end is", () => {
    expect(compareCodecs(undefined, guest)).toEqual({ verdict: "unknown" });
  });
});

describe("WezTerm's own words about a failed attach", () => {
  test.each([
    ['failed to connect to Socket("/s"): connecting to /s', "Nothing listens"],
    ["… EOF while reading leb128 encoded value …", "does not answer behind it"],
    ["… Connection reset by peer (os error 104)", "does not answer behind it"],
    ["Timed out while parsing the response from the server.", "does not answer"],
    ["The server version is a (codec version 42),\nours\nb (codec version 44).", "different versions"],
    ["something else", "could not attach"],
  ])("%s", (text, headline) => {
    expect(
      explainAttachFailure(`failed to attach domain ascalon: ${text}\nstack traceback:\n\t[C]`).headline,
    ).toContain(headline);
  });
});
