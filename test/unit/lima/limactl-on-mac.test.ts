import { expect, test } from "vitest";
import { createLimactl } from "../../../src/cli/adapters/lima/limactl.ts";
import type { RunResult } from "../../../src/cli/adapters/process.ts";
import { fakeContext } from "../../support/fake-context.ts";

test("on an Apple chip an Intel limactl is told with the Homebrew that has the right one", async () => {
  const context = fakeContext({
    env: { PATH: "/usr/local/bin:/usr/bin" },
    host: { platform: "darwin", arch: "arm64" },
  });
  const head = Buffer.alloc(32);
  head.writeUInt32LE(0xfeedfacf, 0);
  head.writeUInt32LE(0x01000007, 4);
  context.files.put("/usr/local/bin/limactl", "", { mode: 0o755 });
  const files = { ...context.files, readBytes: async () => head };
  const limactl = createLimactl({ ...context, files }, async () => ({}));
  await expect(limactl(["--version"], { verb: "use Lima" })).rejects.toMatchObject({
    message: "/usr/local/bin/limactl is built for x64, and this machine is arm64",
    run: "/opt/homebrew/bin/brew install lima    (with /opt/homebrew/bin before /usr/local/bin in PATH)",
  });
});

test.each([
  [
    "a Mac's limactl that a browser downloaded is told as that",
    "darwin",
    0,
    "macOS does not let /usr/local/bin/limactl run",
  ],
  ["one that is not marked, by its end", "darwin", 1, "cannot use Lima"],
  ["on Linux nobody asks", "linux", 0, "cannot use Lima"],
] as const)("%s", async (_, platform, marked, message) => {
  const killed: Partial<RunResult> = { exitCode: undefined, signal: "SIGKILL" };
  const context = fakeContext({
    env: { PATH: "/usr/local/bin" },
    host: { platform, arch: "arm64" },
    programs: ({ file }) => (file === "/usr/bin/xattr" ? { exitCode: marked } : killed),
  });
  context.files.put("/usr/local/bin/limactl", "", { mode: 0o755 });
  const limactl = createLimactl(context, async () => ({}));
  await expect(limactl(["--version"], { verb: "use Lima" })).rejects.toMatchObject({ message });
});
