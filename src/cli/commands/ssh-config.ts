import type { CommandSpec } from "../command.ts";

export const sshConfigCommand: CommandSpec = {
  name: "ssh-config",
  summary: "Show, install or remove the configuration for plain `ssh ascalon`",
  description: `Prints the Host block for ssh. With --install, ascalon keeps the block in a file of its own and adds one marked Include
line at the top of ~/.ssh/config; ssh, scp, git, rsync and editors then know the host \`ascalon\`. The block looks up the
VM's port at each connection, so a restart does not break it; an installed block also follows a VM recreated for another user.`,
  examples: [
    ["ascalon ssh-config --install", "once; then: ssh ascalon"],
    ["ascalon ssh-config", "print the block, to put it where you like"],
    ["ascalon ssh-config --remove", "remove the line and the file again"],
  ],
  options: [
    { flags: "--install", summary: "add one Include line to ~/.ssh/config" },
    { flags: "--remove", summary: "remove that line again" },
    { flags: "--json", summary: "the same facts as one JSON document" },
  ],
  load: async () => (await import("./ssh-config-run.ts")).runSshConfig,
};
