import type { CodecStatus } from "./status.ts";

/** One end of the mux protocol: what GetCodecVersion says. */
export interface CodecEnd {
  readonly codec: number;
  readonly version: string;
}

/**
 * WezTerm demands the same codec number on both ends, checked by the client alone and only at attach; the
 * maintainer's criterion is the number, not the version (wezterm#1972). The guest is the end that ascalon
 * builds, so it is the one to change unless the GUI is the older of the two.
 */
export function compareCodecs(gui: CodecEnd | undefined, guest: CodecEnd | undefined): CodecStatus {
  if (gui === undefined || guest === undefined) return { verdict: "unknown" };
  if (gui.codec === guest.codec) return { verdict: "equal" };
  return {
    verdict: "different",
    sentence: `WezTerm here is ${gui.version} (codec ${gui.codec}) and the VM's is ${guest.version} (codec ${guest.codec}); WezTerm attaches only to its own codec.`,
    fix: codecFix(gui.codec, guest.codec),
  };
}

function codecFix(gui: number, guest: number): string {
  if (gui < guest) {
    return "Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one.";
  }
  return "Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild.";
}
