/** What a boot that will not end by itself was seen to do. */
export interface BootFault {
  readonly kind: "panic" | "emergency" | "silent";
  /** For a person: "its kernel panicked: …". */
  readonly words: string;
}

/** After this many the kernel's own restart (panic=) does not help. */
const panicsThatStay = 3;

/** The guest writes them, so a line may be of any length; what is looked for stands in the first characters. */
const longestLine = 300;

const panicWord = "Kernel panic - not syncing: ";

/**
 * Reads the guest's console; undefined when it tells of no fault that stays. The kernel's last word, "end Kernel
 * panic", is said only by one that will not restart itself (Linux kernel/panic.c); systemd's are in
 * systemd's units/emergency.service.in and rescue.service.in.
 */
export function consoleFault(text: string): BootFault | undefined {
  const lines = text.split("\n").map((line) => line.slice(0, longestLine));
  const panics = lines.filter((line) => line.includes(panicWord));
  const end = panics.find((line) => line.includes(`end ${panicWord}`));
  if (end !== undefined) return panic(end);
  if (panics.length >= panicsThatStay) return panic(panics.at(-1) ?? "");
  const mode = lines.find((line) => line.includes("You are in emergency mode")) ? "emergency" : "rescue";
  if (!lines.some((line) => line.includes(`You are in ${mode} mode`))) return undefined;
  const failed = lines.flatMap(
    (line) => /(?:Failed to start|Dependency failed for) ([^.]+)/.exec(line)?.[1]?.trim() ?? [],
  );
  const after = failed.length === 0 ? "" : `, after this failed: ${failed.at(-1)}`;
  return { kind: "emergency", words: `it stopped in ${mode} mode${after}` };
}

function panic(line: string): BootFault {
  const reason = line.slice(line.indexOf(panicWord) + panicWord.length).replace(" ]---", "");
  return { kind: "panic", words: `its kernel panicked: ${reason.trim() || "no reason given"}` };
}
