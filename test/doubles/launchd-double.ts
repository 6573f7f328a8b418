import type { Clock } from "../../src/cli/adapters/clock.ts";
import type { Answer } from "../support/fake-processes.ts";

/** launchctl of macOS 14 for one job: its words and exit codes, and a `bootout` that takes its time. */
export interface LaunchdDouble {
  readonly answer: Answer;
  /** Every call as one line. */
  readonly calls: string[];
  loaded: boolean;
  /** Whether the user is logged in at the screen. */
  loggedIn: boolean;
  /** Whether `print` of the job is not answered. */
  hangs: boolean;
  /** What it ends with while he is not: 112 on some versions of macOS, 125 on others. */
  noDomainCode: number;
  /** undefined: the job is loaded and no process of it runs. */
  pid: number | undefined;
  /** How long after `bootout` the job is still there, and how long after that `bootstrap` fails. */
  endsAfterMs: number;
  refusesForMs: number;
}

const printed = (pid: number | undefined): string => `gui/501/ascalon.agent = {
	active count = ${pid === undefined ? 0 : 1}
	path = /Users/mia/Library/LaunchAgents/ascalon.agent.plist
	type = LaunchAgent
	state = ${pid === undefined ? "not running" : "running"}

	program = /opt/homebrew/bin/ascalon
	environment = {
		LANG => en_US.UTF-8
		XPC_SERVICE_NAME => ascalon.agent
	}

	domain = gui/501 [100009]
	minimum runtime = 5
	exit timeout = 30
	runs = 1
${pid === undefined ? "" : `	pid = ${pid}\n`}	last exit code = ${pid === undefined ? "0" : "(never exited)"}
	resource coalition = {
		ID = 1034
		type = resource
		state = active
		active count = 1
	}
	spawn type = interactive (4)
}
`;

/** Over ssh, before anybody logged in at the screen. */
const noDomain = (exitCode: number, said: string) => ({
  exitCode,
  stderr: `${said}Domain does not support specified action\n`,
});

const notFound = {
  exitCode: 113,
  stderr: 'Could not find service "ascalon.agent" in domain for user gui: 501\n',
};

export function launchdDouble(clock: () => Pick<Clock, "monotonic">): LaunchdDouble {
  let goneAt = Number.POSITIVE_INFINITY;
  let pids = 4_242;
  const double: LaunchdDouble = {
    calls: [],
    loaded: false,
    loggedIn: true,
    noDomainCode: 125,
    hangs: false,
    pid: undefined,
    endsAfterMs: 0,
    refusesForMs: 0,
    answer: ({ file, args }) => {
      if (file !== "launchctl") return undefined;
      const now = clock().monotonic();
      double.calls.push(args.join(" "));
      if (now >= goneAt) [double.loaded, double.pid] = [false, undefined];
      if (!double.loggedIn && args[0] === "bootstrap")
        return noDomain(double.noDomainCode, `Bootstrap failed: ${double.noDomainCode}: `);
      if (!double.loggedIn && args[0] !== "enable") return noDomain(double.noDomainCode, "");
      switch (args[0]) {
        case "print":
          if (/^gui\/\d+$/.test(args[1] ?? "")) return { stdout: `${args[1]} = {\n\ttype = login\n}\n` };
          if (double.hangs) return { timedOut: true, exitCode: undefined, signal: "SIGTERM" };
          return double.loaded ? { stdout: printed(double.pid) } : notFound;
        case "bootout":
          if (!double.loaded) return { exitCode: 3, stderr: "Boot-out failed: 3: No such process\n" };
          goneAt = now + double.endsAfterMs;
          return double.endsAfterMs > 0
            ? { exitCode: 36, stderr: "Boot-out failed: 36: Operation now in progress\n" }
            : {};
        case "bootstrap":
          if (double.loaded || (goneAt <= now && now < goneAt + double.refusesForMs))
            return { exitCode: 5, stderr: "Bootstrap failed: 5: Input/output error\n" };
          [goneAt, double.loaded, double.pid] = [Number.POSITIVE_INFINITY, true, pids++];
          return {};
        case "kickstart":
          if (!double.loaded) return notFound;
          double.pid = pids++;
          return {};
        default:
          return {};
      }
    },
  };
  return double;
}
