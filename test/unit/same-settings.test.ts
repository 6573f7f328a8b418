import { expect, it } from "vitest";
import { commandTable } from "../../src/cli/commands/table.ts";
import { commandWords, withSameSettings } from "../../src/cli/same-settings.ts";

it("knows every command of the table", () => {
  expect([...commandWords].sort()).toEqual(commandTable.map(({ name }) => name).sort());
});

it.each([
  ["ascalon up", "ascalon --config a.yaml up"],
  ["Start it with: ascalon up", "Start it with: ascalon --config a.yaml up"],
  [
    "ascalon agent install    (or, until Ctrl-C: ascalon heal --hold)",
    "ascalon --config a.yaml agent install    (or, until Ctrl-C: ascalon --config a.yaml heal --hold)",
  ],
  ["takes effect with `ascalon restart`", "takes effect with `ascalon --config a.yaml restart`"],
  ["ascalon ssh-config", "ascalon --config a.yaml ssh-config"],
  ["ascalon --config b.yaml up", "ascalon --config b.yaml up"],
  ["ascalon keeps trying, ascalon upgrades", "ascalon keeps trying, ascalon upgrades"],
  [
    "look into ~/ascalon up there, /opt/ascalon up, my-ascalon up",
    "look into ~/ascalon up there, /opt/ascalon up, my-ascalon up",
  ],
])("%s", (text, expected) => {
  expect(withSameSettings(text, "a.yaml")).toBe(expected);
  expect(withSameSettings(text, undefined)).toBe(text);
});

it("quotes the file for the shell, whatever its name holds", () => {
  expect(withSameSettings("ascalon up", "my $& file.yaml")).toBe("ascalon --config 'my $& file.yaml' up");
});
