import type { SshTarget } from "../../src/cli/ssh/target.ts";

/** What Lima's ssh.config of a VM says, for tests that only pass it on. */
export const sshTarget: SshTarget = {
  configFile: "/l/ssh.config",
  host: "lima-ascalon",
  port: 40_022,
  user: "dev",
  controlPath: "/l/ssh.sock",
  identityFile: "/l/key",
};
