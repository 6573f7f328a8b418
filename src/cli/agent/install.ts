import type { Context } from "../context.ts";
import type { Paths } from "../paths.ts";
import { type AgentService, agentEnvironment, agentLabel, agentUnit } from "../projections/agent-service.ts";
import { projectLaunchdPlist } from "../projections/launchd-plist.ts";
import { projectSystemdUnit } from "../projections/systemd-unit.ts";

type Host = Pick<Context, "env" | "host" | "uid" | "files" | "processes">;

/** Where the service is described, in which words, and what its manager is told. */
export interface ServicePlan {
  readonly file: string;
  readonly text: string;
  /** argv lists; the ones marked may fail. */
  readonly load: readonly ServiceCall[];
  readonly unload: readonly ServiceCall[];
  readonly check: ServiceCall;
}

export interface ServiceCall {
  readonly argv: readonly [string, ...string[]];
  readonly mayFail: boolean;
}

const call = (argv: readonly [string, ...string[]], mayFail = false): ServiceCall => ({ argv, mayFail });

export const agentLogFile = (paths: Pick<Paths, "logDir">): string => `${paths.logDir}/agent.log`;

/** Pure. `program`: node and the bundle that runs now. */
export function planService(
  host: Pick<Host, "env" | "host" | "uid">,
  paths: Pick<Paths, "logDir">,
  program: readonly string[],
): ServicePlan {
  const { home, platform } = host.host;
  const service: AgentService = {
    argv: [...program, "agent", "run"],
    environment: agentEnvironment(host.env),
    home,
    logFile: agentLogFile(paths),
  };
  if (platform === "darwin") {
    const file = `${home}/Library/LaunchAgents/${agentLabel}.plist`;
    const domain = `gui/${host.uid}`;
    return {
      file,
      text: projectLaunchdPlist(service),
      // bootstrap refuses a label that is loaded, and enable undoes an old `launchctl disable`.
      load: [
        call(["launchctl", "bootout", `${domain}/${agentLabel}`], true),
        call(["launchctl", "enable", `${domain}/${agentLabel}`]),
        call(["launchctl", "bootstrap", domain, file]),
      ],
      unload: [call(["launchctl", "bootout", `${domain}/${agentLabel}`], true)],
      check: call(["launchctl", "print", `${domain}/${agentLabel}`], true),
    };
  }
  const config = host.env.XDG_CONFIG_HOME || `${home}/.config`;
  return {
    file: `${config}/systemd/user/${agentUnit}`,
    text: projectSystemdUnit(service),
    load: [
      call(["systemctl", "--user", "daemon-reload"]),
      call(["systemctl", "--user", "enable", agentUnit]),
      call(["systemctl", "--user", "restart", agentUnit]),
    ],
    unload: [
      call(["systemctl", "--user", "disable", "--now", agentUnit], true),
      call(["systemctl", "--user", "daemon-reload"], true),
    ],
    check: call(["systemctl", "--user", "is-active", "--quiet", agentUnit], true),
  };
}

/** Stops at the first call that must not fail; says what failed and why. */
async function runCalls(host: Host, calls: readonly ServiceCall[]): Promise<string | undefined> {
  for (const { argv, mayFail } of calls) {
    const [file, ...args] = argv;
    const result = await host.processes.run(file, args, { timeoutMs: 20_000 });
    if (result.exitCode === 0 || mayFail) continue;
    const why = result.startError
      ? `could not be run (${result.startError})`
      : result.stderr.trim() || "failed without a word";
    return `${argv.slice(0, 3).join(" ")}: ${why}`;
  }
  return undefined;
}

export interface ServiceState {
  readonly installed: boolean;
  /** Described as this ascalon would: same program, same environment. */
  readonly current: boolean;
  readonly running: boolean;
}

export async function observeService(host: Host, plan: ServicePlan): Promise<ServiceState> {
  const text = await host.files.readText(plan.file);
  const [file, ...args] = plan.check.argv;
  const running =
    text !== undefined && (await host.processes.run(file, args, { timeoutMs: 5_000 })).exitCode === 0;
  return { installed: text !== undefined, current: text === plan.text, running };
}

export const noManager = "no service manager runs for this login (systemd --user)";

/** Whether this login has a service manager. Without one nothing is written. */
export async function hasServiceManager({ env, host, uid, files }: Host): Promise<boolean> {
  if (host.platform === "darwin") return true;
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${uid}`;
  return (await files.info(`${runtime}/systemd/private`))?.kind === "socket";
}

export type ServiceChange =
  | { readonly kind: "no-manager" }
  | { readonly kind: "done" }
  | { readonly kind: "unchanged" }
  /** `why`: the call that failed, and its words. */
  | { readonly kind: "failed"; readonly why: string };

const outcome = (failure: string | undefined): ServiceChange =>
  failure === undefined ? { kind: "done" } : { kind: "failed", why: failure };

/** Idempotent: an agent that runs and is described as it should be is left alone. */
export async function installService(
  host: Host,
  paths: Pick<Paths, "logDir">,
  plan: ServicePlan,
): Promise<ServiceChange> {
  const state = await observeService(host, plan);
  if (state.current && state.running) return { kind: "unchanged" };
  if (!(await hasServiceManager(host))) return { kind: "no-manager" };
  await host.files.makeFolder(paths.logDir);
  await host.files.writeAtomic(plan.file, plan.text, 0o600);
  return outcome(await runCalls(host, plan.load));
}

export async function uninstallService(host: Host, plan: ServicePlan): Promise<ServiceChange> {
  if ((await host.files.info(plan.file)) === undefined) return { kind: "unchanged" };
  const [first, ...rest] = plan.unload;
  const failure = await runCalls(host, first ? [first] : []);
  await host.files.remove(plan.file);
  return outcome(failure ?? (await runCalls(host, rest)));
}
