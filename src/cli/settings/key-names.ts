/**
 * The names of keys that WezTerm knows beside single characters (wezterm-input-types, KeyCode and PhysKeyCode; the same in
 * 20240203 and 2025-02). With any other the plugin's key is refused, and in a wezterm.lua without config_builder the whole
 * configuration. Keys that are modifiers are left out.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const numbered = (name: string, first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${name}${first + index}`);

const mapped = new Set([
  ...words(`
    ApplicationDownArrow ApplicationLeftArrow ApplicationRightArrow ApplicationUpArrow Applications Backspace BrowserBack
    BrowserFavorites BrowserForward BrowserHome BrowserRefresh BrowserSearch BrowserStop Cancel Clear Copy Cut Delete
    DownArrow End Enter Escape Execute Help Home Insert LeftArrow MediaNextTrack MediaPlayPause MediaPrevTrack MediaStop
    PageDown PageUp Paste Pause Print PrintScreen Return RightArrow ScrollLock Select Sleep Tab UpArrow VoidSymbol
    VolumeDown VolumeMute VolumeUp
    Add Decimal Divide Multiply Separator Subtract`),
  ...numbered("F", 1, 24),
  ...numbered("Numpad", 0, 9),
]);

const physical = new Set([
  ...words(`
    Backslash Backspace Comma Delete DownArrow End Equal Escape Grave Help Home Insert LeftArrow LeftBracket Minus PageDown
    PageUp Period Quote Return RightArrow RightBracket Semicolon Slash Space Tab UpArrow VolumeDown VolumeMute VolumeUp
    KeypadAdd KeypadClear KeypadDecimal KeypadDelete KeypadDivide KeypadEnter KeypadEquals KeypadMultiply KeypadSubtract`),
  // Not F21 to F24, though there are such keys: PhysKeyCode::make_map has no names for them.
  ...numbered("F", 1, 20),
  ...numbered("Keypad", 0, 9),
]);

const isMapped = (name: string): boolean => [...name].length === 1 || mapped.has(name);
const isPhysical = (name: string): boolean => /^[A-Za-z0-9]$/.test(name) || physical.has(name);

/** Whether WezTerm takes the text for a key: what follows the plus of a chord. Without a prefix it may be of either kind. */
export function isKeyName(text: string): boolean {
  if (text.startsWith("phys:")) return isPhysical(text.slice(5));
  if (text.startsWith("mapped:")) return isMapped(text.slice(7));
  return isMapped(text) || isPhysical(text);
}
