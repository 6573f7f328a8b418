import { describe, expect, test } from "vitest";
import { interactiveCommand, remoteCommand, signalCommand } from "../../../src/cli/shell/remote-command.ts";

describe("the text that ssh carries", () => {
  const folder = { path: "/home/mia/my app", required: false };

  test("passes the arguments once quoted, behind the id and the folder", () => {
    const text = remoteCommand({ id: "ascalon-shell-7", argv: ["ls", "a b"], folder });
    expect(text).toMatch(/^exec "\$SHELL" -l -c /);
    expect(text).toMatch(/ ascalon ascalon-shell-7 '\/home\/mia\/my app' ls 'a b'$/);
  });

  test("says nothing of a folder that was only a guess, and insists on one that was asked for", () => {
    const guess = remoteCommand({ id: "i", argv: ["ls"], folder });
    const asked = remoteCommand({ id: "i", argv: ["ls"], folder: { ...folder, required: true } });
    expect(guess).not.toContain("125");
    expect(asked).toContain("exit 125");
  });

  test("without a folder leaves the shell at home", () => {
    expect(remoteCommand({ id: "i", argv: ["ls"], folder: undefined })).toMatch(/ i '' ls$/);
  });

  test("for a person ends in a login shell with nothing above it", () => {
    expect(interactiveCommand({ id: "i", folder })).toContain('exec "$SHELL" -l');
  });

  test("for a signal does not hold the id as it is, or it would find itself", () => {
    const text = signalCommand("ascalon-shell-42-abc", "SIGTERM");
    expect(text).toContain("ascalon-shell-42-ab[c]");
    expect(text).not.toContain("ascalon-shell-42-abc");
    expect(text).toMatch(/ TERM$/);
  });
});
