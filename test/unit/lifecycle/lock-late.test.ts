import { pid } from "node:process";
import { expect, it } from "vitest";
import { AscalonError } from "../../../src/cli/errors.ts";
import { joinStart } from "../../../src/cli/lifecycle/join-start.ts";
import { withLock } from "../../../src/cli/lifecycle/lock.ts";
import { fakeContext } from "../../support/fake-context.ts";

const stateDir = "/home/mia/.local/state/ascalon";
const turn = (number: number): string => `${stateDir}/lock.d/${number}`;
const stat = (of: number): string => `${of} (ascalon) S 0 ${"0 ".repeat(17)}${of}`;

it("one who stood still for hours and makes an old turn again sees the newer one and steps back", async () => {
  const context = fakeContext({ files: { [turn(1)]: JSON.stringify({ pid: 5, released: true }) } });
  for (const living of [pid, 77]) {
    context.processes.living.add(living);
    context.files.put(`/proc/${living}/stat`, stat(living));
  }
  const { linkExclusive } = context.files;
  const files = {
    ...context.files,
    linkExclusive: async (path: string, text: string) => {
      // While this one stood still, 2 to 8 came and went, and 9 works.
      const holder = { pid: 77, startedAt: " 77", command: "ascalon rebuild" };
      context.files.put(turn(9), JSON.stringify(holder));
      return await linkExclusive(path, text);
    },
  };
  let worked = false;
  const locked = withLock({ ...context, files }, stateDir, "ascalon stop", async () => {
    worked = true;
  });
  await expect(locked).rejects.toMatchObject({
    code: "E_LOCKED",
    message: expect.stringContaining("pid 77"),
  });
  expect(worked).toBe(false);
  expect(context.files.text(turn(2))).toBeUndefined();
});

it("work that had begun is not done again, whatever it fails with", async () => {
  const context = fakeContext();
  let begun = 0;
  const work = async (_leftMs: number, begin: () => void): Promise<never> => {
    begin();
    begun += 1;
    throw new AscalonError("E_LOCKED", { what: "something in it is locked" });
  };
  const joined = joinStart(context, {
    stateDir,
    timeoutMs: 60_000,
    note: () => {},
    outcome: async () => undefined,
    work,
  });
  await expect(joined).rejects.toMatchObject({ code: "E_LOCKED" });
  expect(begun).toBe(1);
});
