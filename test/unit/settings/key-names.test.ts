import { describe, expect, test } from "vitest";
import { isKeyName } from "../../../src/cli/settings/key-names.ts";

/** Each as 20240203's DeferredKeyCode::try_from answers (config/src/keys.rs). */
describe("names of keys", () => {
  test.each(
    ["A", "é", "+", "1", "F24", "Numpad9", "Enter", "VoidSymbol", "ApplicationUpArrow"]
      .concat(["Space", "LeftBracket", "Slash", "Keypad0", "mapped:a", "mapped:F5", "mapped:Numpad0"])
      .concat(["phys:A", "phys:z", "phys:1", "phys:Space", "phys:F20", "phys:KeypadEnter"]),
  )("%s is one", (name) => expect(isKeyName(name)).toBe(true));

  test.each(
    ["", "Spacebar", "space", "F0", "F25", "Numpad10", "K1", "A1"]
      .concat(["mapped:Space", "mapped:", "mapped:LeftBracket"])
      .concat(["phys:", "phys:é", "phys:K1", "phys:F21", "phys:Enter", "phys:Numpad0", "phys:[", "phys:A1"]),
  )("%j is none", (name) => expect(isKeyName(name)).toBe(false));
});
