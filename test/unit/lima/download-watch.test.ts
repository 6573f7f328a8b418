import { expect, it } from "vitest";
import { watchDownload } from "../../../src/cli/adapters/lima/download-watch.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { manualClock } from "../../support/manual-clock.ts";

const mebibyte = 1024 ** 2;

function watched(platform: "linux" | "darwin", env: Record<string, string>) {
  const clock = manualClock();
  const plain = fakeContext({ env: { HOME: "/home/mia", ...env } });
  const context = { ...plain, host: { ...plain.host, platform }, clock };
  const said: string[] = [];
  const over = new AbortController();
  const end = watchDownload(context, 671, (line, kind) => said.push(`${kind}: ${line}`), over.signal);
  const close = (): Promise<void> => {
    over.abort();
    return end;
  };
  return { clock, files: plain.files, said, close };
}

it.each([
  ["linux", {}, "/home/mia/.cache"],
  ["linux", { XDG_CACHE_HOME: "/cache" }, "/cache"],
  ["darwin", { XDG_CACHE_HOME: "/cache" }, "/home/mia/Library/Caches"],
] as const)("what is there of a download, on %s with %j", async (platform, env, cache) => {
  const { clock, files, said, close } = watched(platform, env);
  const part = `${cache}/lima/download/by-url-sha256/1f/data.tmp.671.1`;
  await clock.advance(1000);
  files.put(`${cache}/lima/download/by-url-sha256/0e/data.tmp.672.1`, "of another limactl");
  files.put(part, "x".repeat(mebibyte));
  await clock.advance(2000);
  files.put(part, "x".repeat(2 * mebibyte));
  await clock.advance(1000);
  await files.remove(part);
  await clock.advance(2000);
  expect(said).toEqual(["passing: downloading the image: 1 MiB", "passing: downloading the image: 2 MiB"]);
  await close();
});

it("one that stands still is called that, until it goes on", async () => {
  const { clock, files, said, close } = watched("linux", {});
  const part = "/home/mia/.cache/lima/download/by-url-sha256/1f/data.tmp.671.1";
  files.put(part, "x".repeat(mebibyte));
  await clock.advance(18_000);
  expect(said.slice(-2)).toEqual([
    "passing: downloading the image: 1 MiB, stalled for 15 s",
    "passing: downloading the image: 1 MiB, stalled for 16 s",
  ]);
  files.put(part, "x".repeat(2 * mebibyte));
  await clock.advance(1000);
  expect(said.at(-1)).toBe("passing: downloading the image: 2 MiB");
  await close();
  expect(clock.sleepers()).toBe(0);
});
