/** How what ascalon needs comes onto a machine: the command that stands behind `run:`, and our words about it. */
export const wayToInstall = {
  lima: "brew install lima    (Linux without Homebrew: unpack a release of it into /usr/local, see lima-vm.io/docs/installation)",
  newerLima:
    "brew upgrade lima    (Linux without Homebrew: unpack a newer release over it, see lima-vm.io/docs/installation)",
  ssh: "apt install openssh-client    (macOS has it in /usr/bin: put that on PATH)",
} as const;
