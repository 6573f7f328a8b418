import { isatty } from "node:tty";
import { complain, finishCall } from "./finish.ts";
import { runHostCommand } from "./host-command.ts";
import { withGuestFiles } from "./op-files.ts";
import { mayReadStdin } from "./op-stdin.ts";
import { plainWords } from "./op-words.ts";

/** `op`: on the host, except for its files and the program of `op run`, which are the guest's. */
export async function op(args: readonly string[]): Promise<void> {
  if (plainWords(args)[0]?.text === "run") return await (await import("./op-run.ts")).opRun(args);
  const call = withGuestFiles(args);
  if ("mistake" in call) {
    complain("op", call.mistake);
    process.exit(1);
  }
  const leavesStdin = !isatty(0) && !mayReadStdin(call.args);
  const outcome = await runHostCommand({
    command: "op",
    args: call.args,
    terminal: true,
    ...(call.stdin || leavesStdin ? { stdin: call.stdin ?? null } : {}),
    ...(call.outFile ? { stdout: call.outFile.output } : {}),
  });
  if (call.outFile && outcome.kind === "exit" && outcome.end.code === 0) {
    const kept = call.outFile.keep();
    if (typeof kept !== "string") {
      complain("op", kept.mistake);
      process.exit(1);
    }
    process.stdout.write(`${kept}\n`);
  }
  finishCall("op", outcome);
}
