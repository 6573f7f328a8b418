import { describe, expect, test } from "vitest";
import {
  cutReason,
  longestReason,
  readSshLine,
  reasonText,
  type SshReason,
  whyEnded,
} from "../../../src/cli/links/ssh-reasons.ts";

/** What OpenSSH 9.2 really said in each case. */
const recorded: readonly (readonly [string, readonly string[], number, SshReason])[] = [
  ["nobody listens", ["ssh: connect to host 127.0.0.1 port 1: Connection refused"], 255, { kind: "refused" }],
  [
    "another key",
    ["root@127.0.0.1: Permission denied (publickey,password,keyboard-interactive)."],
    255,
    { kind: "auth-failed" },
  ],
  [
    "no key file",
    [
      "Warning: Identity file /x/none not accessible: No such file or directory.",
      "dev@127.0.0.1: Permission denied (publickey).",
    ],
    255,
    { kind: "auth-failed" },
  ],
  [
    "another host key",
    [
      "No ED25519 host key is known for [127.0.0.1]:34221 and you have requested strict checking.",
      "Host key verification failed.",
    ],
    255,
    { kind: "host-key" },
  ],
  [
    "no configuration",
    ["Can't open user config file /x/nosuch: No such file or directory"],
    255,
    { kind: "configuration", text: "Can't open user config file /x/nosuch: No such file or directory" },
  ],
  [
    "a bad configuration",
    [
      "/x/badconf: line 2: Bad configuration option: nonsense",
      "/x/badconf: terminating, 1 bad configuration options",
    ],
    255,
    { kind: "configuration", text: "/x/badconf: terminating, 1 bad configuration options" },
  ],
  [
    "a socket left over in the guest",
    ["Error: remote port forwarding failed for listen path /run/ascalon/docker.sock"],
    255,
    { kind: "guest-listen", path: "/run/ascalon/docker.sock" },
  ],
  [
    "a folder missing on the host",
    [
      "unix_listener: cannot bind to path /x/nodir/x.sock: No such file or directory",
      "Could not request local forwarding.",
    ],
    255,
    { kind: "host-listen", path: "/x/nodir/x.sock", text: "No such file or directory" },
  ],
  [
    "no answer",
    ["Connection timed out during banner exchange", "Connection to 127.0.0.1 port 34222 timed out"],
    255,
    { kind: "connect-timeout" },
  ],
  [
    "no such name",
    ["ssh: Could not resolve hostname no-such-host.invalid: Name or service not known"],
    255,
    { kind: "unknown-host" },
  ],
  [
    "closed before a greeting",
    [
      "kex_exchange_identification: Connection closed by remote host",
      "Connection closed by 127.0.0.1 port 34223",
    ],
    255,
    { kind: "closed-by-remote" },
  ],
  [
    "reset",
    [
      "kex_exchange_identification: read: Connection reset by peer",
      "Connection reset by 127.0.0.1 port 34223",
    ],
    255,
    { kind: "reset" },
  ],
  [
    "session ended by the guest",
    ["Connection to 127.0.0.1 closed by remote host."],
    255,
    { kind: "closed-by-remote" },
  ],
  [
    "the guest stands still",
    ["Timeout, server 127.0.0.1 not responding."],
    255,
    { kind: "keepalive-timeout" },
  ],
  ["a shell without cat", ["bash: line 1: cat: command not found"], 127, { kind: "shell", exitCode: 127 }],
  ["a shell that ends", [], 0, { kind: "shell", exitCode: 0 }],
  ["no word", [], 255, { kind: "other", text: "no word" }],
  [
    "the connection's end outweighs an earlier complaint",
    [
      "Warning: remote port forwarding failed for listen path /a",
      "Connection to 127.0.0.1 closed by remote host.",
    ],
    255,
    { kind: "closed-by-remote" },
  ],
];

describe("whyEnded", () => {
  test.each(recorded)("%s", (_, lines, exitCode, reason) => {
    expect(whyEnded({ exitCode, signal: undefined, startError: undefined }, lines)).toEqual(reason);
  });

  test("killed, and not started", () => {
    const end = { exitCode: undefined, signal: undefined, startError: undefined };
    expect(whyEnded({ ...end, signal: "SIGKILL" }, [])).toEqual({ kind: "killed", signal: "SIGKILL" });
    expect(whyEnded({ ...end, startError: "ENOENT" }, [])).toEqual({ kind: "no-ssh" });
  });

  test("every reason has words, one clause each", () => {
    for (const [, , , reason] of recorded) expect(reasonText(reason)).toMatch(/^[^.]{8,}/);
  });
});

test.each([
  "Warning: Permanently added '[127.0.0.1]:34221' (ED25519) to the list of known hosts.",
  "channel 2: open failed: connect failed: open failed",
  "Welcome to NixOS",
])("%s is no reason", (line) => {
  expect(readSshLine(line)).toBeUndefined();
});

test("A long reason is cut between characters: WezTerm reads no status.json with half a one", () => {
  const text = cutReason(`${"x".repeat(longestReason - 2)}😀 and more`);
  expect(text).toBe(`${"x".repeat(longestReason - 2)}\ufffd…`);
  expect(JSON.stringify(text)).not.toContain("\\ud");
});
