import { describe, expect, test } from "vitest";
import { plainMailto } from "../../../src/cli/bridge/mailto.ts";
import { commandRule } from "../../../src/cli/bridge/policy.ts";

describe("mail addresses", () => {
  test.each([
    ["mailto:mia@example.com", "mailto:mia@example.com"],
    ["mailto:a@b,c@d?subject=x", "mailto:a@b,c@d?subject=x"],
    [
      "mailto:a@b?subject=Hello%20you&body=one%0D%0Atwo&cc=c@d",
      "mailto:a@b?subject=Hello%20you&body=one%0D%0Atwo&cc=c%40d",
    ],
    ["mailto:?to=a@b&bcc=c@d", "mailto:?to=a%40b&bcc=c%40d"],
    // What a program could send without being asked.
    ["mailto:a@b?attach=/home/mia/.ssh/id_ed25519", "mailto:a@b"],
    ["mailto:a@b?subject=x&Attachment=/etc/passwd&%61ttach=/etc/passwd", "mailto:a@b?subject=x"],
    ["mailto:a@b?subject=x#&attach=/etc/passwd", "mailto:a@b?subject=x"],
    ["mailto:a@b?subject=x?attach=/etc/passwd", "mailto:a@b?subject=x%3Fattach%3D%2Fetc%2Fpasswd"],
    ["mailto:a@b?from=x@y&in-reply-to=z&insert=/etc/passwd", "mailto:a@b"],
    // What would begin another header, or another name in a list of names.
    [
      "mailto:a@b?subject=x%0D%0AAttach:%20/etc/passwd",
      "mailto:a@b?subject=x%20%20Attach%3A%20%2Fetc%2Fpasswd",
    ],
    [
      "mailto:a@b?body=x',attachment='/etc/passwd",
      "mailto:a@b?body=x%E2%80%99%2Cattachment%3D%E2%80%99%2Fetc%2Fpasswd",
    ],
    ["mailto:a@b?body=don%27t%20%2527%20*", "mailto:a@b?body=don%E2%80%99t%20%E2%80%99%20%2A"],
    ["mailto:a'b@c", "mailto:a%E2%80%99b@c"],
    ["mailto:a@b?body=%ff", undefined],
  ])("%s", (text, expected) => expect(plainMailto(text, "linux")).toBe(expected));

  test("keep their quotes on a Mac", () => {
    expect(plainMailto("mailto:a@b?body=don't", "darwin")).toBe("mailto:a@b?body=don%27t");
  });

  test("are what open is given", async () => {
    const facts = {
      platform: "linux",
      tool: "xdg-open",
      mounts: [],
      rule: undefined,
      lookAt: async () => undefined,
    };
    const decision = await commandRule("open")?.decide(["MAILTO:a@b?attach=/etc/passwd&subject=x"], {
      ...facts,
      platform: "linux",
    });
    expect(decision).toMatchObject({ kind: "run", args: ["mailto:a@b?subject=x"] });
  });
});
