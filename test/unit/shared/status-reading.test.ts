import { describe, expect, test } from "vitest";
import { freshMux } from "../../../src/shared/status.ts";
import { readStatus } from "../../../src/shared/status-reading.ts";

const times = { schema: 1, writtenAt: 10, nextWriteBy: 20 };

describe("a status file", () => {
  test.each([
    [null],
    ["text"],
    [[]],
    [{}],
    [{ ...times, schema: "1" }],
    [{ ...times, writtenAt: undefined }],
    [{ ...times, nextWriteBy: null }],
  ])("%j is none", (value) => {
    expect(readStatus(value)).toBeUndefined();
  });

  test("with nothing but its times is one", () => {
    expect(readStatus(times)).toMatchObject({
      ...times,
      ascalon: "",
      vm: { state: "unknown", since: 0 },
      links: [],
      mux: { socketPath: "", hijacked: false },
      gui: [],
      codec: { verdict: "unknown" },
      attention: [],
    });
  });

  test("of a newer ascalon keeps what is known of it", () => {
    const read = readStatus({
      ...times,
      vm: { state: "levitating", since: 3, reason: "why" },
      links: [{ name: "mux", state: "entangled", since: 4 }, { state: "up" }, 7],
      gui: [{ pid: 7, codec: 44 }, { pid: 8 }, { codec: 44 }, "x"],
      codec: { verdict: "similar" },
      attention: ["look", 3],
      more: 1,
    });
    expect(read).toMatchObject({
      vm: { state: "unknown", since: 3, reason: "why" },
      links: [{ name: "mux", state: "off", since: 4 }],
      gui: [{ pid: 7, codec: 44, version: "of unknown version" }],
      codec: { verdict: "unknown" },
      attention: ["look"],
    });
    expect(read).not.toHaveProperty("more");
  });
});

test("of the mux link nothing is believed that is late, or not there", () => {
  const read = (links: unknown) => readStatus({ ...times, links });
  expect(freshMux(read([{ name: "mux", state: "up" }]), 20)).toMatchObject({ state: "up" });
  expect(freshMux(read([{ name: "mux", state: "up" }]), 21)).toBeUndefined();
  expect(freshMux(read([{ name: "docker", state: "up" }]), 20)).toBeUndefined();
  expect(freshMux(undefined, 20)).toBeUndefined();
});
