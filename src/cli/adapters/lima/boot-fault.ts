/** What a boot that will not end by itself was seen to do. */
export interface BootFault {
  readonly kind: "panic" | "emergency" | "silent";
  /** For a person: "its kernel panicked: …". */
  readonly words: string;
}

/** After this many the kernel's own restart (panic=) does not help. */
const panicsThatStay = 3;

/**
 * Reads the guest's console; undefined when it tells of no fault that stays. The kernel's last word, "end Kernel
 * panic", is said only by one that will not restart itself (Linux kernel/panic.c); systemd's are in
 * systemd's units/emergency.service.in and rescue.service.in.
 */
export function consoleFault(text: string): BootFault | undefined {
  const end = /end Kernel panic - not syncing: (.*?)(?: \]---)?\s*$/m.exec(text);
  if (end) return panic(end[1]);
  const panics = [...text.matchAll(/Kernel panic - not syncing: (.*)$/gm)];
  if (panics.length >= panicsThatStay) return panic(panics.at(-1)?.[1]);
  const mode = /You are in (emergency|rescue) mode/.exec(text);
  if (!mode) return undefined;
  const failed = [...text.matchAll(/(?:Failed to start|Dependency failed for) (.{1,200}?)\.?\s*$/gm)];
  const unit = failed.at(-1)?.[1];
  return {
    kind: "emergency",
    words: `it stopped in ${mode[1]} mode${unit === undefined ? "" : `, after this failed: ${unit}`}`,
  };
}

const panic = (reason = "no reason given"): BootFault => ({
  kind: "panic",
  words: `its kernel panicked: ${reason.trim().slice(0, 200)}`,
});
