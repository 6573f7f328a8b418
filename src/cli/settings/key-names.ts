/**
 * The names of keys that WezTerm knows beside single characters (wezterm-input-types, KeyCode and PhysKeyCode; the same in
 * 20240203 and 2025-02). With any other the plugin's key is refused, and in a wezterm.lua without config_builder the whole
 * configuration. Keys that are modifiers are left out.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const mapped = new Set([
  ...words(`
    Applications Backspace BrowserBack BrowserFavorites BrowserForward BrowserHome BrowserRefresh BrowserSearch BrowserStop
    Cancel Clear Copy Cut Delete DownArrow End Enter Escape Execute Help Home Insert LeftArrow MediaNextTrack
    MediaPlayPause MediaPrevTrack MediaStop PageDown PageUp Paste Pause Print PrintScreen Return RightArrow ScrollLock
    Select Sleep Tab UpArrow VolumeDown VolumeMute VolumeUp
    Add Decimal Divide Multiply Separator Subtract`),
  ...Array.from({ length: 24 }, (_, index) => `F${index + 1}`),
  ...Array.from({ length: 10 }, (_, index) => `Numpad${index}`),
]);

const physical = new Set([
  ...words(`
    Backslash Backspace Comma Delete DownArrow End Equal Escape Grave Help Home Insert LeftArrow LeftBracket Minus PageDown
    PageUp Period Quote Return RightArrow RightBracket Semicolon Slash Space Tab UpArrow VolumeDown VolumeMute VolumeUp
    KeypadAdd KeypadClear KeypadDecimal KeypadDelete KeypadDivide KeypadEnter KeypadEquals KeypadMultiply KeypadSubtract`),
  ...Array.from({ length: 24 }, (_, index) => `F${index + 1}`),
  ...Array.from({ length: 10 }, (_, index) => `K${index}`),
  ...Array.from({ length: 10 }, (_, index) => `Keypad${index}`),
]);

/** Whether WezTerm takes the text for a key: what follows the plus of a chord. */
export function isKeyName(text: string): boolean {
  if (text.startsWith("phys:")) return /^phys:[A-Za-z]$/.test(text) || physical.has(text.slice(5));
  const name = text.startsWith("mapped:") ? text.slice(7) : text;
  return [...name].length === 1 || mapped.has(name);
}
