import { describe, expect, test } from "vitest";
import {
  interactiveCommand,
  type RemoteFolder,
  remoteCommand,
  signalCommand,
} from "../../../src/cli/shell/remote-command.ts";

describe("the text that ssh carries", () => {
  const folder: RemoteFolder = { path: "/home/mia/my app", required: false };
  const text = (argv: readonly string[], where: RemoteFolder | undefined = folder): string =>
    remoteCommand({ id: "ascalon-shell-7", argv, folder: where, nowSeconds: 1 });

  test("passes the arguments once quoted, behind the id and the folder", () => {
    expect(text(["ls", "a b"])).toMatch(/; ascalon_run ascalon-shell-7 '\/home\/mia\/my app' ls 'a b'$/);
  });

  test("says nothing of a folder that was only a guess, and insists on one that was asked for", () => {
    expect(text(["ls"])).not.toContain("125");
    expect(text(["ls"], { ...folder, required: true })).toContain("exit 125");
  });

  test("grows by the length of the arguments alone", () => {
    expect(text(["ls", "x".repeat(60_000)]).length - text(["ls", "x"]).length).toBe(59_999);
    expect(text(["ls"]).length).toBeLessThan(8000);
  });

  test("for a person ends in a login shell with nothing above it", () => {
    expect(interactiveCommand({ id: "i", folder })).toContain('exec "$SHELL" -l');
  });

  test("for a signal does not hold the id as it is, or it would find itself", () => {
    const signal = signalCommand("ascalon-shell-42-abc", "SIGTERM");
    expect(signal).toContain("ascalon-shell-42-ab[c]");
    expect(signal).not.toContain("ascalon-shell-42-abc");
    expect(signal).toMatch(/ TERM$/);
  });
});
