import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commentsOf } from "../../../src/cli/settings/comments.ts";
import { type EditPath, setKey, unsetKey } from "../../../src/cli/settings/edit.ts";
import { keyAndValue } from "../../support/settings-arbitraries.ts";

const pathOf = (key: string): EditPath => key.split(".") as unknown as EditPath;
const comments = (text: string) => commentsOf(text).map(({ source }) => source);
const commentLines = (text: string) =>
  commentsOf(text)
    .filter(({ at }) => text.slice(text.lastIndexOf("\n", at) + 1, at).trim() === "")
    .map(({ source }) => source);
const valueAt = (text: string, key: string) =>
  pathOf(key).reduce<unknown>(
    (value, part) => (value as Record<string, unknown>)?.[part as string],
    parse(text),
  );

const layouts: readonly string[] = [
  "",
  "# only a comment\n",
  "# no line break at the end",
  "vm:\n  cpus: 4   # enough\n  # memory: 12GiB\nuser: { name: mia }\n",
  "vm:\n  # Processors.\n  # cpus: 6\n\n  # memory: 12GiB\n\nuser:\n  # name: dev\n# mounts: []\nports: {}\n",
  "# head\nvm: { cpus: 2, memory: 2GiB } # inline\nmounts: # of mine\n  # work\n  - host: ~/a # t\n    writable: true\n  # end\nsockets: {docker: off, }\n",
  "vm:\r\n  # a\r\n  cpus: 4 # b\r\n# c\r\nwezterm:\r\n  key: F5\r\n",
  "{ vm: { cpus: 3 }, user: { name: mia } }\n",
  "---\n# marked\nvm:\n    cpus: 1\n    disk: 9GiB\n...\n",
  "mounts: [\n  # one\n  { host: ~/a },\n  # two\n  { host: ~/b }, # t\n]\nbridge:\n  allow:\n  - op\n  # and\n  - open\nagent:\n  enabled: yes\n",
  'vm: null # why\nuser: ~ # me\nmounts: [] # none\nsystem: # s\n  flake: "/a\n    # b" # tail\n  host: a # h\n',
  "system:\n  flake:\n    /a/\n    b # tail\n  host: | # block\n    # no comment\nbridge: # b\n  allow: # al\n    - op # 1\n    # 2\n    - open # 3\n",
  "{ vm: { cpus: 3, # a\n memory: 1GiB }, # b\n  mounts: [ # c\n { host: ~/a } # d\n ], bridge: { allow: [ # e\n op # f\n ] } } # g\n",
  "null # nothing\n",
  "ports:\n  ignore:\n    # db\n    - 1\n  forward: true\nvm:\n  cpus:\n  memory: 1GiB",
];

describe("setting a key", () => {
  it.each([
    [
      "replaces a value and nothing else",
      "vm:\n  cpus: 4   # enough\n",
      "vm.cpus",
      6,
      "vm:\n  cpus: 6   # enough\n",
    ],
    [
      "gives a key that stands alone its value, before what is said of it",
      "vm:\n    cpus:   # later\n    disk:   9GiB\n",
      "vm.cpus",
      8,
      "vm:\n    cpus: 8   # later\n    disk:   9GiB\n",
    ],
    [
      "goes below its commented default",
      "vm:\n  # cpus: 6\n\n  # disk: 50GiB\n",
      "vm.cpus",
      8,
      "vm:\n  # cpus: 6\n  cpus: 8\n\n  # disk: 50GiB\n",
    ],
    [
      "goes last in a section",
      "vm:\n  cpus: 4 # x\nuser:\n",
      "vm.disk",
      "9GiB",
      "vm:\n  cpus: 4 # x\n  disk: 9GiB\nuser:\n",
    ],
    [
      "keeps the section's indentation",
      "vm:\n    cpus: 4\n",
      "vm.disk",
      "9GiB",
      "vm:\n    cpus: 4\n    disk: 9GiB\n",
    ],
    ["makes the section", "# mine\n", "vm.cpus", 8, "# mine\n\nvm:\n  cpus: 8\n"],
    ["makes the file", "", "vm.cpus", 8, "vm:\n  cpus: 8\n"],
    [
      "fills a value that was left out",
      "vm:\n  cpus:\n  disk: 9GiB\n",
      "vm.cpus",
      8,
      "vm:\n  cpus: 8\n  disk: 9GiB\n",
    ],
    [
      "extends a section in braces",
      "vm: { cpus: 4 } # c\n",
      "vm.disk",
      "9GiB",
      "vm: { cpus: 4, disk: 9GiB } # c\n",
    ],
    ["fills empty braces", "vm: {}\n", "vm.cpus", 8, "vm: { cpus: 8 }\n"],
    [
      "turns a list of several lines into one line and keeps its comments",
      "mounts: # of mine\n  # work\n  - host: ~/a # t\nvm:\n",
      "mounts",
      [{ host: "~/b", writable: true }],
      "mounts: [ { host: ~/b, writable: true } ] # of mine\n  # work\n  # t\nvm:\n",
    ],
    [
      "takes a null's place in a section and keeps what is said of it",
      "vm: null # why\nuser:\n  # cpus: 6\n",
      "vm.cpus",
      8,
      "vm: # why\n  cpus: 8\nuser:\n  # cpus: 6\n",
    ],
    [
      "keeps the comment behind a text of several lines",
      'system:\n  flake: "/a\n    b" # tail\n  host: a\n',
      "system.flake",
      "none",
      "system:\n  flake: none # tail\n  host: a\n",
    ],
    [
      "keeps the comment behind the last line of a deep text",
      "system:\n  flake:\n    /a/\n    b # tail\nvm:\n",
      "system.flake",
      "none",
      "system:\n  flake: none # tail\nvm:\n",
    ],
    [
      "takes no line of a text for a comment",
      "system:\n  flake: |- # head\n    # /a\nvm:\n",
      "system.flake",
      "none",
      "system:\n  flake: none # head\nvm:\n",
    ],
    [
      "keeps the comments of braces in several lines",
      "{ bridge: { allow: [\n  op, # one\n  open ] }, # two\n  vm: {} } # three\n",
      "bridge.allow",
      ["op"],
      "{\n  # one\n  bridge: { allow: [ op ] }, # two\n  vm: {}\n} # three\n",
    ],
    [
      "takes the place of a list where a section belongs",
      "vm: [a, b] # c\n",
      "vm.cpus",
      8,
      "vm: # c\n  cpus: 8\n",
    ],
    [
      "keeps the line breaks of Windows",
      "vm:\r\n  cpus: 4\r\n",
      "vm.disk",
      "9GiB",
      "vm:\r\n  cpus: 4\r\n  disk: 9GiB\r\n",
    ],
  ] as const)("%s", (_, text, key, value, expected) => {
    expect(setKey(text, pathOf(key), value)).toBe(expected);
  });

  it("gives the value back and keeps every comment, whatever the layout", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...layouts),
        fc.array(keyAndValue, { minLength: 1, maxLength: 4 }),
        (layout, edits) => {
          let text = layout;
          for (const [key, value] of edits) {
            text = setKey(text, pathOf(key), value);
            expect(valueAt(text, key)).toEqual(value);
          }
          expect(comments(text).sort()).toEqual(comments(layout).sort());
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a text with an alias", () => {
  it("is edited without a crash, and left for the check to refuse", () => {
    const text = "user:\n  name: &n mia\nsystem:\n  host: *n\n";
    expect(setKey(text, ["user", "name"], "u")).toBe("user:\n  name: &n u\nsystem:\n  host: *n\n");
  });
});

describe("unsetting a key", () => {
  it.each([
    ["takes its line away", "vm:\n  cpus: 4 # x\n  disk: 9GiB\n", "vm.cpus", "vm:\n  disk: 9GiB\n"],
    ["leaves the comments around it", "vm:\n  # a\n  cpus: 4\n  # b\n", "vm.cpus", "vm:\n  # a\n  # b\n"],
    [
      "keeps comment lines inside a list",
      "mounts:\n  # work\n  - host: ~/a\nvm:\n",
      "mounts",
      "  # work\nvm:\n",
    ],
    [
      "takes no line of a text for a comment",
      "system:\n  host: |\n    # a\n  # b\nvm:\n",
      "system.host",
      "system:\n  # b\nvm:\n",
    ],
    ["takes the first of braces", "vm: { cpus: 4, disk: 9GiB }\n", "vm.cpus", "vm: { disk: 9GiB }\n"],
    [
      "takes the first of braces as they are laid out",
      "vm: {cpus:   4,   disk:   9GiB}\n",
      "vm.cpus",
      "vm: {disk:   9GiB}\n",
    ],
    ["takes the last of braces", "vm: { cpus: 4, disk: 9GiB }\n", "vm.disk", "vm: { cpus: 4 }\n"],
    [
      "takes an emptied section along",
      "agent:\n  enabled: no\nvm:\n  cpus: 4 # x\n# of user\nuser:\n  name: a\n",
      "vm.cpus",
      "agent:\n  enabled: no\n# of user\nuser:\n  name: a\n",
    ],
    [
      "takes an emptied section along, and the gap before it",
      "# mine\n\nvm:\n  cpus: 4\n",
      "vm.cpus",
      "# mine\n",
    ],
    [
      "leaves a section that holds another key, as it is laid out",
      "vm:\n    cpus:   4\n    disk:   9GiB\n",
      "vm.cpus",
      "vm:\n    disk:   9GiB\n",
    ],
    ["takes emptied braces along", "vm: { cpus: 4 }\nuser: { name: a }\n", "vm.cpus", "user: { name: a }\n"],
    ["leaves braces that something is said of", "vm: { cpus: 4 } # big\n", "vm.cpus", "vm: { } # big\n"],
    ["leaves a section that something is said of", "vm: # big\n  cpus: 4\n", "vm.cpus", "vm: # big\n"],
    [
      "leaves a section with a comment at its end",
      "vm:\n  cpus: 4\n\n  # disk: 9GiB\nuser:\n",
      "vm.cpus",
      "vm:\n\n  # disk: 9GiB\nuser:\n",
    ],
    ["leaves a comment behind the file's last key", "vm:\n  cpus: 4\n# end\n", "vm.cpus", "# end\n"],
    ["does nothing when it is not there", "vm: { cpus: 4 }\n", "vm.disk", "vm: { cpus: 4 }\n"],
    ["does nothing in an empty file", "", "vm.disk", ""],
  ] as const)("%s", (_, text, key, expected) => {
    expect(unsetKey(text, pathOf(key))).toBe(expected);
  });

  it("undoes setting, and keeps every comment line, whatever the layout", () => {
    fc.assert(
      fc.property(fc.constantFrom(...layouts), keyAndValue, (layout, [key, value]) => {
        const text = unsetKey(setKey(layout, pathOf(key), value), pathOf(key));
        expect(valueAt(text, key)).toBeUndefined();
        expect(commentLines(text).map((line) => line.trim())).toEqual(
          expect.arrayContaining(
            commentLines(layout)
              .map((line) => line.trim())
              // The text of a block is a value, and goes with its key.
              .filter((line) => line !== "# no comment" || key !== "system.host"),
          ),
        );
      }),
      { numRuns: 150 },
    );
  });
});
