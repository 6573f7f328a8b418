/** What is needed of node:tty and node:fs. */
export interface TerminalTools {
  isatty(fd: number): boolean;
  closeSync(fd: number): void;
  openSync(path: string, flags: string): number;
}

/**
 * To be called when a program begins. What it returns leaves the terminals as they are; for the last moment of a program
 * whose output goes into a pipe, or that ends in the background. Node puts every terminal among its first three files back
 * to how it was when Node started (`ResetStdio` in node.cc), and takes the keyboard from a pager, a shell or an editor that
 * has set it up since: `q` is shown on the screen, and nothing else comes of it. Over one that is no terminal any more,
 * because its window was closed, Node aborts, with a core dump: that one is left by every program.
 */
export function terminalsToLeave(tools: TerminalTools): (isInFront?: boolean) => void {
  const { isatty, closeSync, openSync } = tools;
  const isTerminal = [isatty(0), isatty(1), isatty(2)];
  return (isInFront = true) => {
    const isOurs = isatty(1) && isInFront;
    for (const fd of [0, 1, 2]) {
      if (isTerminal[fd] !== true || (isOurs && isatty(fd))) continue;
      closeSync(fd);
      // The lowest free number, which is the one just closed.
      openSync("/dev/null", "r+");
    }
  };
}
