import { expect, test } from "vitest";
import { runWithSecrets } from "../../../src/guest/run-with-secrets.ts";

test("what Node says of a value that it cannot pass on is a code, without the value", async () => {
  const end = await runWithSecrets(["true"], { P: "hunter2\0" }, ["hunter2\0"]);
  expect(end).toEqual({ startError: "ERR_INVALID_ARG_VALUE" });
});
