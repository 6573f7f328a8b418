/** What is needed of node:tty and node:fs. */
export interface TerminalTools {
  isatty(fd: number): boolean;
  closeSync(fd: number): void;
  openSync(path: string, flags: string): number;
}

/**
 * Leaves the terminal as it is; for the last moment of a program whose output goes into a pipe, or that ends in the
 * background. Node puts every terminal among its first three files back to how it was when Node started (`ResetStdio` in
 * node.cc), and takes the keyboard from a pager, a shell or an editor that has set it up since: `q` is shown on the
 * screen, and nothing else comes of it. A descriptor that has become another file is let alone.
 */
export function leaveTerminal({ isatty, closeSync, openSync }: TerminalTools, isInFront = true): void {
  if (isatty(1) && isInFront) return;
  for (const fd of [0, 1, 2]) {
    if (!isatty(fd)) continue;
    closeSync(fd);
    // The lowest free number, which is the one just closed.
    openSync("/dev/null", "r+");
  }
}
