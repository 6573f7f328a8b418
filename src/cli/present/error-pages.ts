import { catalogue, exitCodes } from "../errors.ts";

const note = "<!-- Made by `npm run gen` from src/cli/errors.ts; do not edit. -->";

/** What each exit code says, besides the errors that end with it. */
const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "Done, or nothing to do.",
  failed:
    "It failed. The message says what failed, why, and what to run. Also: `doctor` found a problem, or no agent is running (`agent status`).",
  usage: "The command line was not understood, or a confirmation was missing.",
  noSuchVm: "There is no VM.",
  notRunning: "The VM is not running.",
  settingsInvalid: "The settings are not valid. Nothing was changed.",
  dependency: "A program that ascalon needs is missing, too old, or cannot work here.",
  notReady: "Not ready in time. The VM may still be booting.",
  pending: "Work is pending (`plan`), or the packages differ (`parity`).",
  locked: "Another ascalon command is changing the VM.",
  shellFailed:
    "Only from `shell`, and from `attach` when it falls back to a shell: ascalon failed, or did not understand its options. 126 and 127 are as in sh; any other code is the guest program's own.",
  interrupted: "Interrupted. The next `ascalon up` carries on.",
};

/** docs/exit-codes.md */
export function exitCodesPage(): string {
  const rows = Object.entries(exitCodes).map(([name, code]) => {
    const errors = Object.entries(catalogue).filter(([, entry]) => entry.exit === code);
    const links = errors.map(([error]) => `[${error}](troubleshooting.md#${error.toLowerCase()})`);
    return `| ${code} | ${meanings[name as keyof typeof exitCodes]} | ${links.join(", ")} |`;
  });
  return `# Exit codes

${note}

Every command ends with one of these. \`ascalon shell\` passes the guest program's code through.

| code | meaning | errors |
|--|--|--|
${rows.join("\n")}
`;
}

/** docs/troubleshooting.md, a heading for each error code. */
export function troubleshootingPage(): string {
  const parts = Object.entries(catalogue).map(
    ([code, { exit, means, wayOut }]) =>
      `## ${code}\n\n${means}\n\nWhat to do: ${wayOut}\n\nExit code ${exit}.\n`,
  );
  return `# Troubleshooting

${note}

Every error shows its code in brackets: \`ascalon: … [E_VM_MISSING]\`. With \`--json\` it is in the field \`error.code\`.

${parts.join("\n")}`;
}
