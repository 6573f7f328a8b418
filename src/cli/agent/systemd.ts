import { agentStopSeconds, agentUnit } from "../projections/agent-service.ts";
import { callManager, type ServiceHost, type ServiceManager } from "./service-manager.ts";

/** `restart` waits for the end of the process that was there. */
const callMs = (agentStopSeconds + 15) * 1_000;

export function systemd(host: ServiceHost): ServiceManager {
  const call = async (...words: readonly string[]): Promise<string | undefined> =>
    (await callManager(host, ["systemctl", "--user", ...words], callMs)).failure;
  return {
    look: async () => {
      const words = ["is-active", "--quiet", agentUnit] as const;
      const { exitCode, timedOut } = await callManager(host, ["systemctl", "--user", ...words], 5_000);
      if (timedOut) return "mute";
      return exitCode === 0 ? "running" : "idle";
    },
    load: async () =>
      (await call("daemon-reload")) ??
      (await call("enable", agentUnit)) ??
      (await call("restart", agentUnit)),
    restart: () => call("restart", agentUnit),
    unload: async () => {
      // Not there any more is what was wanted.
      await call("disable", "--now", agentUnit);
      return undefined;
    },
    forget: async () => {
      await call("daemon-reload");
      return undefined;
    },
  };
}
