/**
 * ssh says 255 both for its own failures and for a program that ends with 255. Its log tells them apart, so ssh
 * writes one, to a private file: errors, and of the debug lines only those of the functions that report how far
 * a session came. `LogVerbose` (OpenSSH 8.5) does that without raising the level, at which ssh would also print
 * "Shared connection closed" on the person's terminal; an older ssh ignores it.
 */
export function logArgs(logFile: string): string[] {
  const functions = [
    // Says nothing of interest, and always something: a log without it is of an ssh that knows no LogVerbose.
    "ssh.c:load_public_identity_files()*",
    "mux.c:mux_client_hello_exchange*",
    "mux.c:mux_client_request_alive*",
    "mux.c:mux_client_request_session*",
    "clientloop.c:client_loop()*",
  ];
  return [
    ...["-E", logFile, "-o", "LogLevel=ERROR"],
    ...["-o", "IgnoreUnknown=LogVerbose", "-o", `LogVerbose=${functions.join(",")}`],
  ];
}

/** `connected`: a connection of its own; `hello`: the master's process answered; `session`: the guest did. */
export type Stage = "none" | "connected" | "hello" | "session" | "exit";

/** Lines as OpenSSH 9.2 writes them (mux.c, clientloop.c); the same words since 8.5. */
export function stageOf(log: string): Stage {
  if (/Received exit status from master \d|Exit status \d/.test(log)) return "exit";
  if (/master session id: |Entering interactive session/.test(log)) return "session";
  if (isRefusedByMaster(log)) return "connected";
  if (log.includes("master version ")) return "hello";
  return log.includes("ssh.c:load_public_identity_files()") ? "connected" : "none";
}

/** The master's process, as it named itself to a call that was about to ask it for a session. */
export function masterPidOf(log: string): number | undefined {
  const pid = /mux_client_request_alive.*done pid = (\d+)/.exec(log)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** All ten sessions of the master are taken; ssh then makes a connection of its own. */
const isRefusedByMaster = (log: string): boolean => log.includes("session request failed: ");

export type SshFailure =
  /** Nobody listens on the port. */
  | "refused"
  /** Somebody listens, and no ssh server answers in time, or hangs up. */
  | "silent"
  /** The guest lives, for the master has sessions; of further connections sshd drops some when many come at once. */
  | "crowded"
  | "denied"
  /** ssh does not use a key that others may read. */
  | "open-key"
  /** The session had begun and ended without the program's code. */
  | "lost"
  | "other";

/** What ssh itself had to say: its log without the debug lines, and without what a connection beside the master's is told. */
export const ownWords = (log: string): string[] =>
  log
    .split(/\r?\n/)
    .filter(
      (line) =>
        line.trim() !== "" &&
        !/^((debug\d: )?(ssh|mux|clientloop)\.c:|ControlSocket .* already exists)/.test(line),
    );

/** Why ssh ended with 255; undefined when that was the program's own code. */
export function failureOf(log: string): SshFailure | undefined {
  const stage = stageOf(log);
  if (stage === "exit") return undefined;
  if (stage === "session") return "lost";
  const words = ownWords(log).join("\n");
  if (/Connection refused/.test(words)) return "refused";
  if (/: bad permissions/.test(words)) return "open-key";
  if (/Permission denied|Too many authentication failures|No supported authentication/.test(words))
    return "denied";
  const isDropped = words === "" || /timed out|Connection (closed|reset)/.test(words);
  if (isDropped && isRefusedByMaster(log)) return "crowded";
  if (/timed out|Connection (closed|reset)|Operation timed out|No route to host/.test(words)) return "silent";
  if (words !== "") return "other";
  // "Connection closed by …" is below the level of errors: a guest that is booting turns its users away (pam_nologin).
  // An ssh older than 8.5 logs no stage, and nothing either when a program ended with 255.
  return stage === "none" ? undefined : "silent";
}
