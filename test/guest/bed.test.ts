import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { namesSuite } from "../../tools/bed/apt-sources.mjs";
import { binaryArch } from "../../tools/bed/binary-arch.mjs";
import { cached, keyOf } from "../../tools/bed/cache.mjs";
import { isOlder } from "../../tools/bed/limactl.mjs";
import { downloadLimactl } from "../../tools/bed/limactl-release.mjs";
import { must, which } from "../../tools/bed/run.mjs";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bed-"));
  vi.stubEnv("ASCALON_CACHE", join(folder, "cache"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe("what is taken for a usable limactl", () => {
  it.each([
    ["2.1.2", "2.1.3", true],
    ["2.1.3", "2.1.3", false],
    ["2.1.10", "2.1.3", false],
    ["1.9.9", "2.1.3", true],
    ["2.2.0-153-g183a60d7", "2.1.3", false],
    ["3", "2.1.3", false],
  ])("%s is older than %s: %s", (version, than, older) => expect(isOlder(version, than)).toBe(older));

  const elf = (machine: number) =>
    Buffer.from([0x7f, 69, 76, 70, 2, 1, 1, 0, ...Array(10).fill(0), machine, 0]);
  const mach = (cpu: number[]) => Buffer.from([0xcf, 0xfa, 0xed, 0xfe, ...cpu, ...Array(12).fill(0)]);
  it.each([
    ["ELF x86_64", elf(62), "x64"],
    ["ELF aarch64", elf(183), "arm64"],
    ["ELF RISC-V", elf(243), undefined],
    ["Mach-O x86_64", mach([7, 0, 0, 1]), "x64"],
    ["Mach-O arm64", mach([12, 0, 0, 1]), "arm64"],
    ["a script", Buffer.from('#!/bin/sh\nexec limactl "$@"\n'), undefined],
    ["an empty file", Buffer.alloc(0), undefined],
  ])("a header of %s", (_, header, arch) => {
    const file = join(folder, "program");
    writeFileSync(file, header);
    expect(binaryArch(file)).toBe(arch);
  });
});

describe("the cache", () => {
  const entries = () => readdirSync(join(folder, "cache"));

  it("builds once for two at a time, and not again", async () => {
    let builds = 0;
    const build = async (temporary: string) => {
      builds++;
      await sleep(50);
      writeFileSync(join(temporary, "thing"), "made");
    };
    const [one, two] = await Promise.all([cached("thing-1", build), cached("thing-1", build)]);
    expect([one, two, await cached("thing-1", build)]).toEqual(
      Array(3).fill(join(folder, "cache", "thing-1")),
    );
    expect([builds, entries()]).toEqual([1, ["thing-1"]]);
  });

  it("leaves nothing of a build that failed", async () => {
    const failing = cached("thing-1", async (temporary) => {
      writeFileSync(join(temporary, "half"), "");
      throw new Error("no network");
    });
    await expect(failing).rejects.toThrow("no network");
    expect(entries()).toEqual([]);
  });

  it("takes over from a build that was killed", async () => {
    mkdirSync(join(folder, "cache", "thing-1.building-999999999"), { recursive: true });
    writeFileSync(join(folder, "cache", "thing-1.lock"), "999999999\n");
    await cached("thing-1", async () => {});
    expect(entries()).toEqual(["thing-1"]);
  });

  it("names a recipe by its files' paths, modes and bytes", async () => {
    const file = (name: string, text: string, mode = 0o644) => {
      writeFileSync(join(folder, name), text, { mode });
      return join(folder, name);
    };
    const [a, b] = [file("a", "1"), file("b", "2")];
    const key = await keyOf(folder, [a, b], ["x"]);
    expect(await keyOf(folder, [b, a], ["x"])).toBe(key);
    expect(await keyOf(folder, [a, b], ["y"])).not.toBe(key);
    expect(await keyOf(folder, [a, file("c", "2")], ["x"])).not.toBe(key);
    file("a", "11");
    expect(await keyOf(folder, [a, b], ["x"])).not.toBe(key);
    await rm(a);
    file("a", "1", 0o755);
    expect(await keyOf(folder, [a, b], ["x"])).not.toBe(key);
  });
});

describe("limactl from a release", () => {
  const os = process.platform === "darwin" ? "Darwin" : "Linux";
  const arch = process.arch !== "arm64" ? "x86_64" : os === "Darwin" ? "arm64" : "aarch64";
  const name = `lima-2.2.0-${os}-${arch}.tar.gz`;
  const served = new Map<string, Buffer>();
  const log: string[] = [];
  let server: Server;

  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (url = origin()) => downloadLimactl("2.2.0", { log: (line) => log.push(line), url });

  beforeEach(async () => {
    log.length = 0;
    for (const name of ["http_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"])
      vi.stubEnv(name, undefined);
    const tree = join(folder, "tree", "bin");
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, "limactl"), "the program", { mode: 0o755 });
    await must("tar", "tar", ["-czf", join(folder, name), "-C", join(folder, "tree"), "bin"]);
    const archive = readFileSync(join(folder, name));
    const sum = createHash("sha256").update(archive).digest("hex");
    served.clear();
    served
      .set(`/${name}`, archive)
      .set("/SHA256SUMS", Buffer.from(`${"0".repeat(64)}  other.tar.gz\n${sum}  ${name}\n`));
    server = createServer((request, response) => {
      // A proxy is asked for the whole address.
      const body = served.get((request.url ?? "").replace("http://lima.example", ""));
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it("is unpacked when its sum is the published one", async () => {
    const path = await get();
    expect(path && readFileSync(path, "utf8")).toBe("the program");
    expect(log).toEqual([`Downloading ${name}.`]);
  });

  it("comes through a proxy, and then too is refused when its sum is another", async () => {
    vi.stubEnv("http_proxy", origin());
    const path = await get("http://lima.example");
    expect(path && readFileSync(path, "utf8")).toBe("the program");
    served.set(`/${name}`, Buffer.from("another"));
    await expect(get("http://lima.example")).rejects.toThrow("was published");
  });

  it("comes by Node's own fetch where there is no curl", async () => {
    mkdirSync(join(folder, "bin"));
    for (const program of ["tar", "gzip"]) symlinkSync(which(program) ?? "", join(folder, "bin", program));
    vi.stubEnv("PATH", join(folder, "bin"));
    const path = await get();
    expect(path && readFileSync(path, "utf8")).toBe("the program");
  });

  it("is refused when its sum is another", async () => {
    served.set(`/${name}`, Buffer.concat([served.get(`/${name}`) ?? Buffer.alloc(0), Buffer.from("x")]));
    await expect(get()).rejects.toThrow(/has the sum [0-9a-f]{64}, but [0-9a-f]{64} was published/);
    expect(existsSync(join(folder, "cache"))).toBe(false);
  });

  it("is refused when no sum was published for it", async () => {
    served.set("/SHA256SUMS", Buffer.from(`${"0".repeat(64)}  x${name}\n`));
    await expect(get()).rejects.toThrow(`has no ${name}`);
  });

  it("is done without where it cannot be reached", async () => {
    served.clear();
    expect(await get()).toBeUndefined();
    expect(log).toEqual(["The release cannot be reached from here."]);
  });
});

describe("the sources of the guest's packages", () => {
  it.each([
    ["the release itself", "Types: deb\nURIs: x\nSuites: bookworm bookworm-updates\n", true],
    ["the release itself, one line a source", "deb [signed-by=/k] x bookworm main\n", true],
    ["another project's", "deb x cloud-sdk-bookworm main\n", false],
    ["another release", "Suites: trixie\n", false],
    ["a source that is switched off", "# deb x bookworm main\n", false],
    ["nothing", "", false],
  ])("%s", (_, text, taken) => expect(namesSuite(text, "bookworm")).toBe(taken));
});
