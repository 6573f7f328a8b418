import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/cli/errors.ts";
import { generatedFiles } from "../../src/cli/generated-files.ts";
import { setKey } from "../../src/cli/settings/edit.ts";
import { settingsFrom } from "../../src/cli/settings/from-text.ts";
import { settingInfos } from "../../src/cli/settings/keys.ts";
import { parseSettings } from "../../src/cli/settings/parse.ts";
import { starterFile } from "../../src/cli/settings/starter-file.ts";
import { testHost } from "../support/fake-context.ts";

const root = new URL("../../", import.meta.url);
const textOf = (name: string) => generatedFiles().find(({ path }) => path.endsWith(name))?.text ?? "";

describe("generated files", () => {
  it.each(generatedFiles().map(({ path, text }) => [path, text]))(
    "%s is what the sources give",
    (path, text) => {
      expect(readFileSync(new URL(path, root), "utf8")).toBe(text);
    },
  );
});

describe("the starter file", () => {
  const starter = starterFile("x.json");
  const uncommented = starter.replaceAll(/^( *)# ([\w-]+: .*)$/gm, (line, indent, entry) =>
    settingInfos().some(({ key }) => entry.startsWith(`${key.split(".").at(-1)}: `))
      ? `${indent}${entry}`
      : line,
  );

  it("is valid and changes nothing", () => {
    expect(settingsFrom(starter, "ascalon.yaml", testHost)).toEqual(
      settingsFrom("", "ascalon.yaml", testHost),
    );
  });

  it("shows every key with its default", () => {
    const { written, problems } = parseSettings(uncommented);
    expect(problems).toEqual([]);
    const shown = settingInfos().map(({ key }) =>
      key.split(".").reduce<unknown>((value, part) => (value as Record<string, unknown>)?.[part], written),
    );
    expect(shown).toEqual(settingInfos().map(({ fallback }) => fallback));
  });

  it("takes every key directly below its commented default", () => {
    for (const { key, example } of settingInfos()) {
      const lines = setKey(starter, key.split(".") as unknown as [string], example).split("\n");
      const name = key.split(".").at(-1);
      const at = lines.findIndex((line) => new RegExp(`^ *${name}: \\S`).test(line));
      expect(lines[at - 1]).toMatch(new RegExp(`^ *# ${name}: `));
    }
  });
});

describe("examples", () => {
  it.each(settingInfos().map(({ key, example }) => [key, example]))("of %s are accepted", (key, example) => {
    const text = setKey("", (key as string).split(".") as unknown as [string], example);
    expect(parseSettings(text).problems).toEqual([]);
  });
});

describe("the editor schema", () => {
  it("describes every key", () => {
    const missing: string[] = [];
    const visit = (schema: Record<string, unknown>, path: string): void => {
      if (path !== "" && !schema.description) missing.push(path);
      for (const [name, child] of Object.entries((schema.properties ?? {}) as Record<string, never>)) {
        visit(child, path === "" ? name : `${path}.${name}`);
      }
    };
    visit(JSON.parse(textOf("ascalon.schema.json")), "");
    expect(missing).toEqual([]);
  });

  it("has no word of ours that JSON Schema does not know", () => {
    expect(textOf("ascalon.schema.json")).not.toMatch(/"(apply|example|expected)":/);
  });
});

describe("the troubleshooting page", () => {
  it.each(Object.keys(catalogue))("has a heading for %s", (code) => {
    expect(textOf("troubleshooting.md")).toContain(`## ${code}\n`);
  });
});
