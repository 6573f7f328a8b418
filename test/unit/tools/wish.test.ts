import { expect, it } from "vitest";
import { wishOf } from "../../../tools/try/wish.mjs";

it.each([
  [[], {}, "try"],
  [["--remove"], {}, "remove"],
  [[], { npm_config_remove: "" }, "try"],
] as const)("npm run try -- %j, with %j of npm, is to %s", (words, env, wish) => {
  expect(wishOf(words, env)).toBe(wish);
});

it.each([
  [["--help"], {}, "--help is not understood; nothing was done"],
  [["--rmove"], {}, "--rmove is not understood"],
  [["remove"], {}, "remove is not understood"],
  [["--remove", "--force"], {}, "--force is not understood; nothing was done"],
  // `npm run try --remove`, as npm hands it on.
  [
    [],
    { npm_config_remove: "true" },
    "npm keeps --remove for itself unless -- stands before it; nothing was done",
  ],
] as const)("npm run try -- %j, with %j of npm, begins nothing", (words, env, said) => {
  expect(() => wishOf(words, env)).toThrow(said);
  expect(() => wishOf(words, env)).toThrow("run: npm run try -- --remove");
});
