import { expect, test } from "vitest";
import type { Converse } from "../../../src/cli/adapters/converse.ts";
import { findGuis, wezTermRuntimeDir } from "../../../src/cli/agent/gui-sockets.ts";
import { fakeFiles } from "../../support/fake-files.ts";

const dir = "/run/user/1000/wezterm";

async function asked(
  entries: Readonly<
    Record<string, { readonly kind?: "socket" | "file"; readonly uid?: number; readonly at?: number }>
  >,
): Promise<readonly string[]> {
  const files = fakeFiles();
  for (const [name, { kind = "socket", uid = 1000, at = 0 }] of Object.entries(entries))
    files.put(`${dir}/${name}`, "", { kind, uid, modifiedAt: at });
  const paths: string[] = [];
  const converse = (async ({ to }: { readonly to: string }) => {
    paths.push(to.slice(dir.length + 1));
    return { kind: "absent" };
  }) as unknown as Converse;
  await findGuis({ converse, files }, dir, 1000);
  return paths;
}

test("only sockets of this user with a GUI's name are asked, the newest first", async () => {
  expect(
    await asked({
      "gui-sock-10": { at: 1 },
      "gui-sock-11": { at: 3 },
      "gui-sock-12": { at: 2 },
      "gui-sock-13": { uid: 0, at: 9 },
      "gui-sock-14": { kind: "file", at: 9 },
      "gui-sock-0": { at: 9 },
      "gui-sock-x": { at: 9 },
      "gui-sock-15.bak": { at: 9 },
      sock: { at: 9 },
    }),
  ).toEqual(["gui-sock-11", "gui-sock-12", "gui-sock-10"]);
});

test("a folder with very many is not asked for all", async () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`gui-sock-${i + 1}`, { at: i }]));
  expect(await asked(many)).toHaveLength(8);
});

test.each([
  [{ XDG_RUNTIME_DIR: "/run/user/1000" }, "linux", dir],
  [{}, "linux", "/home/ro/.local/share/wezterm"],
  [{ XDG_RUNTIME_DIR: "/run/user/1000" }, "darwin", "/home/ro/.local/share/wezterm"],
] as const)("where WezTerm has them: %o on %s", (env, platform, expected) => {
  expect(wezTermRuntimeDir(env, "/home/ro", platform)).toBe(expected);
});
