import type { Context } from "../context.ts";
import { converge } from "../lifecycle/converge.ts";
import { judgeAtStart } from "../lifecycle/judge-description.ts";
import { planUp } from "../lifecycle/plan.ts";
import { wasStoppedByHand } from "../lifecycle/stopped-by-hand.ts";
import { pathsOf } from "../paths.ts";
import { createReporter } from "../present/reporter.ts";

/**
 * For commands that need a running VM and may start it: `up`, telling of it only when there is something to do. Another
 * ascalon that has to wait meanwhile names `command`.
 */
export async function ensureRunning(context: Context, command: `ascalon ${string}`): Promise<void> {
  const reporter = createReporter("auto", context.stderr, () => context.clock.monotonic());
  try {
    await converge(context, {
      command,
      wish: "up",
      planFor: ({ settings, facts }) => planUp(settings, facts),
      judge: judgeAtStart,
      reporter,
      timeoutMs: 600_000,
      wait: true,
      joinsStart: true,
    });
  } finally {
    reporter.end();
  }
}

/**
 * A guest that is told to shut down answers to the last, and passes for one that runs until its VM ends. Whether a VM that
 * has ended was stopped by a person since, and is to stay so.
 */
export async function staysDown(context: Context): Promise<boolean> {
  return await wasStoppedByHand(context, pathsOf(context).stateDir).catch(() => true);
}
