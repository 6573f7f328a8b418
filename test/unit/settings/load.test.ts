import { describe, expect, it, vi } from "vitest";
import { AscalonError } from "../../../src/cli/errors.ts";
import { loadSettings } from "../../../src/cli/settings/load.ts";
import { type FakeOptions, fakeContext } from "../../support/fake-context.ts";

const folder = "/home/mia/.config/ascalon";
const file = "/home/mia/.config/ascalon/ascalon.yaml";
const cacheFile = "/home/mia/.local/state/ascalon/settings-cache.json";
const withText = (text: string, more: FakeOptions = {}) => fakeContext({ ...more, files: { [file]: text } });

/** Fails the test when the parsing part is loaded. */
function forbidParsing(): void {
  vi.resetModules();
  vi.doMock("../../../src/cli/settings/from-text.ts", () => ({
    settingsFrom: () => {
      throw new Error("parsed again");
    },
  }));
}

describe("loading settings", () => {
  it("gives the defaults when there is no file, and says so", async () => {
    const loaded = await loadSettings(fakeContext());
    expect(loaded).toMatchObject({ path: file, origin: "defaults", text: "" });
    expect(loaded.settings.vm).toMatchObject({ cpus: 6, memoryBytes: 12 * 1024 ** 3, type: "qemu" });
  });

  it("reads the file in its usual place", async () => {
    const loaded = await loadSettings(withText("vm:\n  cpus: 3\n"));
    expect(loaded).toMatchObject({ origin: "file", text: "vm:\n  cpus: 3\n", settings: { vm: { cpus: 3 } } });
  });

  it("throws every position of every problem", async () => {
    const failure = await loadSettings(withText("vm:\n  cpus: six\nfoo: 1\n")).catch((error) => error);
    expect(failure).toBeInstanceOf(AscalonError);
    expect(failure.code).toBe("E_SETTINGS_INVALID");
    expect(failure.details).toHaveLength(2);
    expect(failure.details[0]).toBe(`${file}:2:9 vm.cpus: expected a whole number from 1 to 512, got "six"`);
  });

  it("takes a named file that does not exist as an error", async () => {
    await expect(loadSettings(fakeContext({ configFlag: "/nowhere.yaml" }))).rejects.toMatchObject({
      code: "E_SETTINGS_UNREADABLE",
    });
  });

  it("says when the file is a folder", async () => {
    const context = fakeContext({ files: { [`${file}/x`]: "" } });
    await expect(loadSettings(context)).rejects.toMatchObject({
      code: "E_SETTINGS_UNREADABLE",
      why: "it is a folder",
      run: `ls -ld ${file}`,
    });
  });

  it.each([
    [{ "/home/mia/.config/ascalon/other": "" }, "the mode of /home/mia/.config/ascalon forbids it", folder],
    [{ [file]: "" }, "its mode forbids it", file],
  ])("names what keeps it from being read: %j", async (files, why, seen) => {
    const context = fakeContext({ files });
    context.files.readText = async () => {
      throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    };
    await expect(loadSettings(context)).rejects.toMatchObject({ why, run: `ls -ld ${seen}` });
  });

  it("goes without its cache when the state folder cannot be written", async () => {
    const context = fakeContext();
    context.files.writeAtomic = async () => {
      throw new Error("EROFS");
    };
    await expect(loadSettings(context)).resolves.toMatchObject({ origin: "defaults" });
  });
});

describe("the settings cache", () => {
  it("is private to the user", async () => {
    const context = withText("vm:\n  cpus: 3\n");
    await loadSettings(context);
    expect((await context.files.info(cacheFile))?.mode).toBe(0o600);
  });

  it("answers unchanged text without parsing", async () => {
    const context = withText("vm:\n  cpus: 3\n");
    const first = await loadSettings(context);
    forbidParsing();
    const again = await import("../../../src/cli/settings/load.ts");
    expect(await again.loadSettings(context)).toEqual(first);
    context.files.put(file, "vm:\n  cpus: 4\n");
    await expect(again.loadSettings(context)).rejects.toThrow("parsed again");
    vi.doUnmock("../../../src/cli/settings/from-text.ts");
  });

  it.each([
    ["another host", (text: string) => text.replace('"cpus":8', '"cpus":9')],
    ["another version", (text: string) => text.replace('"program":"', '"program":"9.')],
    ["another file", (text: string) => text.replace(file, "/other.yaml")],
    ["a damaged file", (text: string) => text.slice(0, -9)],
    ["an empty file", () => ""],
    ["a list", () => "[]"],
    ["a lost part", (text: string) => text.replace('"settings"', '"sittings"')],
  ])("is not believed after %s", async (_, change) => {
    const context = withText("vm:\n  cpus: 3\n");
    await loadSettings(context);
    const spoiled = change(context.files.text(cacheFile)?.replace('"cpus":3', '"cpus":5') ?? "");
    context.files.put(cacheFile, spoiled);
    expect((await loadSettings(context)).settings.vm.cpus).toBe(3);
    expect(context.files.text(cacheFile)).not.toBe(spoiled);
  });
});
