import { expect, test } from "vitest";
import { createLimactl } from "../../../src/cli/adapters/lima/limactl.ts";
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
    run: "/opt/homebrew/bin/brew install lima    (and /opt/homebrew/bin before /usr/local/bin in PATH)",
  });
});
