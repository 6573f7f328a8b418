import { posix } from "node:path";
import type { MessageName } from "../../shared/guest-message.ts";
import type { Context } from "../context.ts";

/**
 * The escape sequence that sets a user variable of the pane (OSC 1337 SetUserVar): how a program speaks to the
 * plugin. tmux passes it on only when wrapped, and only with `allow-passthrough`: see `isHeldByTmux`.
 */
export function userVariable(name: MessageName, value: string, inTmux = false): string {
  const sequence = `\u001b]1337;SetUserVar=${name}=${Buffer.from(value).toString("base64")}\u0007`;
  return inTmux ? `\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\` : sequence;
}

/**
 * Whether this process writes to a local pane of WezTerm. TERM_PROGRAM alone is inherited by other terminals' children,
 * and tmux puts its own name there. A pane of a mux server, also of one on this machine, names that server's socket in
 * place of the GUI's (wezterm-mux-server/src/main.rs, mux/src/domain.rs): the plugin hears no such pane.
 */
export function isInWezTermPane(context: Pick<Context, "env" | "stdout" | "stderr">): boolean {
  const { env, stdout, stderr } = context;
  const hasPane = env.WEZTERM_PANE !== undefined && (env.TERM_PROGRAM === "WezTerm" || Boolean(env.TMUX));
  const isOfGui = posix.basename(env.WEZTERM_UNIX_SOCKET || "gui-sock-").startsWith("gui-sock-");
  return hasPane && isOfGui && !env.SSH_CONNECTION && (stdout.isTTY || stderr.isTTY);
}

/**
 * Panes of a WezTerm that was started from tmux inherit its TMUX, and no tmux is between. TERM_PROGRAM tells from tmux 3.2
 * on; before, tmux leaves WezTerm's in place.
 */
const isInTmux = ({ TMUX, TERM_PROGRAM, TERM }: Context["env"]): boolean =>
  Boolean(TMUX) && (TERM_PROGRAM !== "WezTerm" || /^(?:tmux|screen)/.test(TERM ?? ""));

const tmuxTimeoutMs = 2_000;

/** Whether tmux drops the sequence: from 3.3 on by default. An older one has no such option, and passes it on. */
export async function isHeldByTmux({ env, processes }: Pick<Context, "env" | "processes">): Promise<boolean> {
  if (!isInTmux(env)) return false;
  const args = ["show-options", "-Apv", "allow-passthrough"];
  const said = await processes.run("tmux", args, { timeoutMs: tmuxTimeoutMs });
  return said.exitCode === 0 && said.stdout.trim() === "off";
}

export const heldByTmux =
  "tmux keeps from WezTerm what ascalon asks it; this lets it through: tmux set -g allow-passthrough on";

/**
 * Asks the plugin to attach the VM; false when there is no WezTerm to ask. Last act of `ascalon up --attach`. The
 * value is another at each call, because it should not matter whether WezTerm tells an equal one twice.
 */
export function askToAttach(context: Pick<Context, "env" | "stdout" | "stderr" | "clock">): boolean {
  if (!isInWezTermPane(context)) return false;
  const stream = context.stderr.isTTY ? context.stderr : context.stdout;
  stream.write(userVariable("ascalon.attach", String(context.clock.now()), isInTmux(context.env)));
  return true;
}
