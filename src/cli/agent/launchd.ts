import { agentLabel, agentStopSeconds } from "../projections/agent-service.ts";
import { callManager, type ServiceHost, type ServiceManager } from "./service-manager.ts";

/** launchd kills the agent after its own time; a busy machine takes longer to say so. */
const goneWithinMs = (agentStopSeconds + 10) * 1_000;
const bootstrapWithinMs = 15_000;
const pollMs = 250;

/**
 * What `launchctl bootstrap` says for some seconds after a label was taken out (EIO), and while launchd is still at it
 * (EALREADY, 37 on macOS).
 */
const soon = new Set([5, 37]);

/** launchd: a job stays loaded when its process has ended with 0, so that it is loaded says nothing of a process. */
export function isRunning(printed: string): boolean {
  return /^\s*state = running\s*$/m.test(printed) || /^\s*pid = \d+\s*$/m.test(printed);
}

/** 112: there is no such domain; 125: it is there and takes no jobs. Over ssh, before the first login at the screen. */
const noDomain = new Set([112, 125]);

/** Whether the user is logged in at the screen. A launchctl that says anything else is asked for the job itself. */
export async function hasGuiDomain(host: ServiceHost): Promise<boolean> {
  const { exitCode } = await callManager(host, ["launchctl", "print", `gui/${host.uid}`], 5_000);
  return !noDomain.has(exitCode ?? -1);
}

export function launchd(host: ServiceHost): ServiceManager {
  const domain = `gui/${host.uid}`;
  const job = `${domain}/${agentLabel}`;
  const look: ServiceManager["look"] = async () => {
    const { exitCode, stdout, timedOut } = await callManager(host, ["launchctl", "print", job], 5_000);
    if (timedOut) return "mute";
    // 113 when there is none, 112 or 125 without its domain.
    if (exitCode === undefined) return "idle";
    if (exitCode !== 0) return "absent";
    return isRunning(stdout) ? "running" : "idle";
  };
  /** `bootout` returns before the job is gone, and `bootstrap` fails until it is. */
  const unload = async (): Promise<string | undefined> => {
    if ((await look()) === "absent") return undefined;
    const until = host.clock.monotonic() + goneWithinMs;
    const { failure } = await callManager(host, ["launchctl", "bootout", job]);
    while ((await look()) !== "absent") {
      if (host.clock.monotonic() >= until)
        return failure ?? `launchctl bootout ${job}: the agent does not stop`;
      await host.clock.sleep(pollMs);
    }
    return undefined;
  };
  const bootstrap = async (file: string): Promise<string | undefined> => {
    const until = host.clock.monotonic() + bootstrapWithinMs;
    for (;;) {
      const { exitCode, failure } = await callManager(host, ["launchctl", "bootstrap", domain, file]);
      if (failure === undefined || !soon.has(exitCode ?? -1) || host.clock.monotonic() >= until)
        return failure;
      await host.clock.sleep(pollMs * 2);
    }
  };
  return {
    look,
    unload,
    load: async (file) =>
      (await unload()) ??
      // Undoes an old `launchctl disable`, with which bootstrap is refused.
      (await callManager(host, ["launchctl", "enable", job])).failure ??
      (await bootstrap(file)),
    restart: async () => (await callManager(host, ["launchctl", "kickstart", "-k", job], 45_000)).failure,
    forget: async () => undefined,
  };
}
