import { appendFile, mkdtemp, open, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { shorten } from "../../src/cli/agent/keep-logs-short.ts";
import { consoleText } from "../../src/cli/logs/console-text.ts";
import { stampedText } from "../../src/cli/logs/parse-lines.ts";
import { type ReadTo, readEnd, readNews } from "../../src/cli/logs/read-file.ts";
import type { HostLog } from "../../src/cli/logs/topics.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ascalon-logs-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The real files, and how many bytes were taken out of them. */
function counted() {
  const count = { bytes: 0 };
  const readPart: typeof systemFiles.readPart = async (...question) => {
    const part = await systemFiles.readPart(...question);
    count.bytes += part?.bytes.length ?? 0;
    return part;
  };
  return { context: { files: { ...systemFiles, readPart } } as never, count };
}

const own = (): HostLog => {
  const path = join(folder, "own.log");
  return { path, parse: stampedText("own"), olderPath: `${path}.1` };
};
const line = (text: string): string => `2026-01-02T03:04:05.000Z ${text}\n`;

/** Everything that is new, however many looks it takes. */
async function news(log: HostLog, to: ReadTo): Promise<{ texts: string[]; to: ReadTo }> {
  const { context } = counted();
  const read = await readNews(context, log, to);
  const texts = read.entries.map(({ text }) => text);
  if (!read.isBehind) return { texts, to: read.to };
  const rest = await news(log, read.to);
  return { texts: [...texts, ...rest.texts], to: rest.to };
}

describe("logs in files", () => {
  it("of a console of 100 MiB the end is read, not the whole", async () => {
    const path = join(folder, "serial.log");
    const handle = await open(path, "w");
    await handle.truncate(100 * 1024 ** 2);
    await handle.write("\n[    1.000000] a\r\n[    3.000000] the end", 100 * 1024 ** 2);
    await handle.utimes(1000, 1000);
    await handle.close();
    const { context, count } = counted();
    const { entries, to } = await readEnd(context, { path, parse: consoleText });
    expect(entries).toEqual([
      { atMs: 998_000, source: "serial", text: "[    1.000000] a" },
      { atMs: 1_000_000, source: "serial", text: "[    3.000000] the end" },
    ]);
    expect(count.bytes).toBeLessThanOrEqual(4 * 1024 ** 2);
    // What follows is read alone.
    await appendFile(path, "\r\n[    4.000000] more\r\n");
    const before = count.bytes;
    const more = await readNews(context, { path, parse: consoleText }, to);
    expect(more.entries.map(({ text }) => text)).toEqual(["[    4.000000] more"]);
    expect(count.bytes - before).toBeLessThan(2048);
  });

  it("that is renamed because it grew too long is read to its end, and the new one from its start", async () => {
    const log = own();
    await writeFile(log.path, line("one"));
    const { to } = await readEnd(counted().context, log);
    await appendFile(log.path, line("two"));
    await rename(log.path, `${log.path}.1`);
    // Nobody has written to the new one yet.
    expect(await news(log, to)).toEqual({ texts: [], to });
    await appendFile(log.path, line("three"));
    const found = await news(log, to);
    expect(found.texts).toEqual(["two", "three"]);
    await appendFile(log.path, line("four"));
    expect((await news(log, found.to)).texts).toEqual(["four"]);
    const all = await readEnd(counted().context, log);
    expect(all.entries.map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
  });

  it("that is emptied under its writer goes on likewise", async () => {
    const log = own();
    const many = Array.from({ length: 40_000 }, (_, index) => line(`line ${index}`)).join("");
    await writeFile(log.path, many);
    const { to } = await readEnd(counted().context, log);
    const writer = await open(log.path, "a");
    await writer.write(line("the last of the old"));
    await shorten(systemFiles, log.path);
    await writer.write(line("the first of the new"));
    await writer.close();
    expect((await news(log, to)).texts).toEqual(["the last of the old", "the first of the new"]);
  });

  it("whose older file cannot be read is shown without it", async () => {
    const log = own();
    await systemFiles.makeFolder(`${log.path}.1`);
    await writeFile(log.path, line("one"));
    expect((await readEnd(counted().context, log)).entries).toHaveLength(1);
  });
});
