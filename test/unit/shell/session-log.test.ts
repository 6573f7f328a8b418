import { expect, it } from "vitest";
import { closeSessionLog, openSessionLog } from "../../../src/cli/shell/session-log.ts";
import { fakeContext } from "../../support/fake-context.ts";

const stateDir = "/home/mia/.local/state/ascalon";

it("on a disk with room for a file and for no folder, ext4 of which no block is free, the log is beside the folder", async () => {
  const context = fakeContext({ files: { [`${stateDir}/lima.yaml`]: "" } });
  const makeFolder = async (): Promise<void> => {
    throw Object.assign(new Error("ENOSPC: no space left on device, mkdir"), { code: "ENOSPC" });
  };
  const full = { ...context, files: { ...context.files, makeFolder } };
  const { logFile } = await openSessionLog(full, stateDir);
  expect(logFile).toMatch(new RegExp(`^${stateDir}/ascalon-shell-[^/]+\\.log$`));
  context.files.put(logFile, "");
  await closeSessionLog(full, logFile);
  expect(await context.files.list(stateDir)).toEqual(["lima.yaml"]);
});

it("a folder that cannot be made for another reason is told", async () => {
  const context = fakeContext();
  const makeFolder = async (): Promise<void> => {
    throw Object.assign(new Error("EACCES: permission denied, mkdir"), { code: "EACCES" });
  };
  const refusing = { ...context, files: { ...context.files, makeFolder } };
  await expect(openSessionLog(refusing, stateDir)).rejects.toMatchObject({ code: "EACCES" });
});
