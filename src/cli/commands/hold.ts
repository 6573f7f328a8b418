/** Of every command that can make the links itself. */
export const holdOption = {
  flags: "--hold",
  summary: "without an agent: make the links and keep them up until Ctrl-C",
} as const;
