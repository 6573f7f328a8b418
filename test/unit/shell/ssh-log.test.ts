import { describe, expect, test } from "vitest";
import { failureOf, logArgs, masterPidOf, ownWords, stageOf } from "../../../src/cli/shell/ssh-log.ts";

/** Logs of OpenSSH 9.2 with these options, as it wrote them. */
const hello = "debug2: mux.c:mux_client_hello_exchange():1626 (pid=1): master version 4\n";
const asked = `${hello}debug3: mux.c:mux_client_request_session():1883 (pid=1): entering
debug3: mux.c:mux_client_request_session():1940 (pid=1): session request sent
`;
const refused = `${asked}mux.c:mux_client_request_session():1972 (pid=1): session request failed: Session open refused by peer\n`;
const disabled = "ControlSocket /x/ssh.sock already exists, disabling multiplexing\n";
const opened = `${asked}debug1: mux.c:mux_client_request_session():1961 (pid=1): master session id: 2\n`;
const ended = (code: number) =>
  `${opened}debug2: mux.c:mux_client_request_session():2049 (pid=1): Received exit status from master ${code}\n`;
const lost = `${opened}debug2: mux.c:mux_client_request_session():2046 (pid=1): Control master terminated unexpectedly\n`;
const connected = "debug1: ssh.c:load_public_identity_files():2327 (pid=1): identity file /x/user type 3\n";
const direct = `${connected}debug1: clientloop.c:client_loop():1290 (pid=1): Entering interactive session.
debug1: clientloop.c:client_loop():1319 (pid=1): pledge: network
`;
const directEnd = (
  code: number,
) => `${direct}clientloop.c:client_loop():1525 (pid=1): Transferred: sent 3512, received 3336 bytes, in 0.1 seconds
debug1: clientloop.c:client_loop():1531 (pid=1): Exit status ${code}
`;

describe("a session's log", () => {
  test.each([
    ["", "none"],
    [connected, "connected"],
    [hello, "hello"],
    [asked, "hello"],
    [opened, "session"],
    // From here on it has a connection of its own, whatever that one needs for it.
    [refused, "connected"],
    [`${refused}${direct}`, "session"],
    [`${refused}${directEnd(0)}`, "exit"],
    [direct, "session"],
    [ended(0), "exit"],
    [ended(255), "exit"],
    [directEnd(255), "exit"],
    [directEnd(-1), "session"],
    ["ssh: connect to host 127.0.0.1 port 1: Connection refused\n", "none"],
  ] as const)("%j has come to the stage %s", (log, stage) => {
    expect(stageOf(log)).toBe(stage);
  });

  test.each([
    [ended(255), undefined],
    [directEnd(255), undefined],
    [lost, "lost"],
    [directEnd(-1), "lost"],
    [opened, "lost"],
    ["ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n", "refused"],
    ["dev@127.0.0.1: Permission denied (publickey).\r\n", "denied"],
    [
      `Permissions 0644 for '/x/user' are too open.\r\nLoad key "/x/user": bad permissions\r\ndev@127.0.0.1: Permission denied (publickey).\r\n`,
      "open-key",
    ],
    ["Connection timed out during banner exchange\r\n", "silent"],
    ["kex_exchange_identification: Connection closed by remote host\r\n", "silent"],
    ["kex_exchange_identification: read: Connection reset by peer\r\n", "silent"],
    ["ssh: connect to host 127.0.0.1 port 9: Operation timed out\r\n", "silent"],
    // Turned away before the session, or the master's connection ended: the reason is below the level of errors.
    [connected, "silent"],
    [hello, "silent"],
    [asked, "silent"],
    // The guest lives: the master said that its sessions are taken.
    [`${refused}${connected}kex_exchange_identification: Connection closed by remote host\r\n`, "crowded"],
    [`${refused}${connected}Connection timed out during banner exchange\r\n`, "crowded"],
    [`${refused}${connected}${disabled}`, "crowded"],
    [`${refused}${connected}dev@127.0.0.1: Permission denied (publickey).\r\n`, "denied"],
    [`${refused}${direct}`, "lost"],
    ["Bad owner or permissions on /x/ssh.config\r\n", "other"],
    // Before OpenSSH 8.5 nothing is written when a program ends with 255.
    ["", undefined],
  ] as const)("%j means the failure %s", (log, failure) => {
    expect(failureOf(log)).toBe(failure);
  });

  test.each([
    [`${hello}debug3: mux.c:mux_client_request_alive():690 (pid=1): done pid = 4711\n`, 4711],
    [`${hello}debug3: mux.c:mux_client_request_alive():665 (pid=1): entering\n`, undefined],
    [hello, undefined],
  ] as const)("%j names the master's process %s", (log, pid) => {
    expect(masterPidOf(log)).toBe(pid);
  });

  test("shows a person ssh's own words only", () => {
    expect(ownWords(`${asked}Host key verification failed.\r\n\n`)).toEqual([
      "Host key verification failed.",
    ]);
  });

  test("is asked for in a way that an older ssh does not refuse", () => {
    const args = logArgs("/x/log");
    expect(args.indexOf("IgnoreUnknown=LogVerbose")).toBeGreaterThan(0);
    expect(args.indexOf("IgnoreUnknown=LogVerbose")).toBeLessThan(
      args.findIndex((arg) => arg.startsWith("LogVerbose=")),
    );
  });
});
