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
    expect(text(["ls", "a b"])).toMatch(/ ascalon 1 ascalon-shell-7 try '\/home\/mia\/my app' ls 'a b'$/);
  });

  test("says nothing of a folder that was only a guess, and insists on one that was asked for", () => {
    expect(text(["ls"])).toMatch(/ try '\/home\/mia\/my app' ls$/);
    expect(text(["ls"], { ...folder, required: true })).toMatch(/ need '\/home\/mia\/my app' ls$/);
  });

  test("stays below what Linux takes when the arguments are long", () => {
    expect(text(["ls"]).length).toBeLessThan(8000);
    expect(text(["ls", "x".repeat(39_000)]).length).toBeLessThan(90_000);
    expect(text(["ls", "x".repeat(120_000)]).length).toBeLessThan(131_072);
  });

  test("for a person ends in a login shell with nothing above it", () => {
    expect(interactiveCommand({ id: "i", folder, nowSeconds: 1 })).toContain('exec "$SHELL" -l');
  });

  test("for a signal does not hold the id as it is, or it would find itself", () => {
    const signal = signalCommand("ascalon-shell-42-abc", "SIGTERM");
    expect(signal).toContain("ascalon-shell-42-ab[c]");
    expect(signal).not.toContain("ascalon-shell-42-abc");
    expect(signal).toMatch(/ TERM$/);
  });
});
