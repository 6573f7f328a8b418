import { expect, test } from "vitest";
import { agentSearchPath } from "../../../src/cli/agent/search-path.ts";
import { lastingPath } from "../../../src/cli/lasting-path.ts";
import { fakeContext } from "../../support/fake-context.ts";

const multishell = "/home/mia/.local/state/fnm_multishells/123_456/bin";
const installed = "/home/mia/.local/share/fnm/node-versions/v24/installation";

function arrange(PATH: string, programs: readonly string[]) {
  const context = fakeContext({ env: { PATH, USER: "mia" } });
  context.files.put("/home/mia/.local/state/fnm_multishells/123_456", installed, { kind: "symlink" });
  for (const program of programs) context.files.put(program, "", { mode: 0o755 });
  return context;
}

const path = async (PATH: string, programs: readonly string[]): Promise<string[]> =>
  (await agentSearchPath(arrange(PATH, programs))).split(":");

test("a folder of the shell goes along for a program that the agent needs, and for no other", async () => {
  const programs = ["/opt/lima/bin/limactl", "/usr/bin/ssh", "/home/mia/project/.venv/bin/python"];
  const found = await path("/home/mia/project/.venv/bin:/opt/lima/bin:/usr/bin:/bin", programs);
  expect(found[0]).toBe("/opt/lima/bin");
  expect(found).not.toContain("/home/mia/project/.venv/bin");
  expect(found).toEqual([...new Set(found)]);
  expect(found).toContain("/opt/homebrew/bin");
});

test("the order is the shell's, so the agent finds the same programs", async () => {
  const programs = ["/usr/local/bin/limactl", "/opt/own/limactl", "/usr/local/bin/ssh"];
  expect((await path("/opt/own:/usr/local/bin", programs)).slice(0, 2)).toEqual([
    "/opt/own",
    "/usr/local/bin",
  ]);
});

test("a shell's own folder is written as the one behind it", async () => {
  const context = arrange(`${multishell}:/usr/bin`, [`${installed}/bin/node`, `${multishell}/node`]);
  expect((await agentSearchPath(context)).split(":")[0]).toBe(`${installed}/bin`);
  expect(await lastingPath(context.files, `${multishell}`)).toBe(`${installed}/bin`);
});

test("a folder of a nix shell only where the program is nowhere else", async () => {
  const store = "/nix/store/abc-lima-2.2.0/bin";
  expect(await path(`${store}:/usr/bin`, [`${store}/limactl`])).toContain(store);
  expect(await path(`${store}:/usr/bin`, [`${store}/limactl`, "/opt/homebrew/bin/limactl"])).not.toContain(
    store,
  );
});
