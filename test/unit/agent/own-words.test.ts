import { expect, test } from "vitest";
import { ownWords } from "../../../src/cli/commands/own-words.ts";
import { fakeContext } from "../../support/fake-context.ts";

const script = "/opt/ascalon/dist/ascalon.mjs";
const byEnv = "#!/usr/bin/env node\n";

/** The words for a service, where PATH is `/usr/bin` and node runs from this file. */
function words(node: string, firstLine = byEnv, mode = 0o755): Promise<readonly string[]> {
  const context = fakeContext({ env: { HOME: "/home/mia", PATH: "/usr/bin" } });
  context.files.put(script, firstLine, { mode });
  context.files.put("/usr/lib/node/bin/node", "", { mode: 0o755 });
  context.files.put("/usr/bin/node", "/usr/lib/node/bin/node", { kind: "symlink", mode: 0o755 });
  context.files.put("/home/mia/.nvm/22/bin/node", "", { mode: 0o755 });
  return ownWords(context, { node, script });
}

test("the script alone, where its first line starts the Node of now: an upgrade removes no path of ours", async () => {
  expect(await words("/usr/lib/node/bin/node")).toEqual([script]);
  expect(await words("/home/mia/.nvm/22/bin/node", "#!/nix/store/abc-nodejs-22/bin/node\n")).toEqual([
    script,
  ]);
});

test.each([
  ["22.1.0", "/opt/homebrew/opt/node@22/bin/node"],
  // Another version than the link leads to by now is named as it is.
  ["22.0.0", "/opt/homebrew/Cellar/node@22/22.0.0/bin/node"],
])("Homebrew's Node %s that PATH does not name", async (version, named) => {
  const context = fakeContext({ env: { HOME: "/Users/mia", PATH: "/usr/bin" } });
  context.files.put(script, byEnv, { mode: 0o755 });
  for (const one of ["22.0.0", "22.1.0"])
    context.files.put(`/opt/homebrew/Cellar/node@22/${one}/bin/node`, "", { mode: 0o755 });
  context.files.put("/opt/homebrew/opt/node@22", "../Cellar/node@22/22.1.0", { kind: "symlink" });
  const node = `/opt/homebrew/Cellar/node@22/${version}/bin/node`;
  expect(await ownWords(context, { node, script })).toEqual([named, script]);
});

test("with the Node of now, where PATH names another one or the script cannot be executed", async () => {
  const node = "/home/mia/.nvm/22/bin/node";
  expect(await words(node)).toEqual([node, script]);
  expect(await words("/usr/bin/node", byEnv, 0o644)).toEqual(["/usr/bin/node", script]);
});

test("a script of Homebrew's by the link that its next upgrade turns", async () => {
  const context = fakeContext({ env: { HOME: "/Users/mia", PATH: "/usr/bin" } });
  const keg = "/opt/homebrew/Cellar/ascalon/0.1.0/bin/ascalon";
  context.files.put(keg, "#!/bin/sh\n", { mode: 0o755 });
  context.files.put("/opt/homebrew/opt/ascalon", "../Cellar/ascalon/0.1.0", { kind: "symlink" });
  const words = await ownWords(context, { node: "/usr/bin/node", script: keg });
  expect(words.at(-1)).toBe("/opt/homebrew/opt/ascalon/bin/ascalon");
});
