import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { canBeFetched } from "../../tools/bed/download.mjs";
import { chooseImage } from "../../tools/try/image.mjs";
import { readInstalled } from "../../tools/try/installed.mjs";
import { limaEntry } from "../../tools/try/lima-cache.mjs";
import { installCli, lastingNode, type Place, placeOf, quote } from "../../tools/try/place.mjs";
import { bringUp } from "../../tools/try/start.mjs";

/** Notes its calls; its status is what a file holds; `up` succeeds where another file is. */
const ascalonDouble = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
const [verb] = process.argv.slice(2);
const here = new URL("..", import.meta.url).pathname;
appendFileSync(here + "calls", process.argv.slice(2).join(" ") + "\\n");
const is = (state, allocatedBytes) =>
  writeFileSync(here + "status", JSON.stringify({ state, disks: { home: { allocatedBytes } } }));
if (verb === "status") process.stdout.write(readFileSync(here + "status", "utf8"));
if (verb === "up") {
  const boots = existsSync(here + "can-boot");
  is(boots ? "ready" : "stopped", boots ? 2_809_856 : 200_704);
  if (!boots) process.exit(1);
}
`;

let home: string;
let place: Place;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "try-"));
  vi.stubEnv("ASCALON_CACHE", join(home, "cache"));
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CACHE_HOME", "");
  for (const name of ["http_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"])
    vi.stubEnv(name, undefined);
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  place = placeOf({ name: "ada", uid, gid, home, ours: false }, "/usr/bin/limactl");
  mkdirSync(join(place.folder, "bin"), { recursive: true });
  writeFileSync(place.cli, ascalonDouble);
  is("absent", null);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const calls = () =>
  readFileSync(join(place.folder, "calls"), "utf8").trim().replaceAll(" --timeout 40m", "").split("\n");
const is = (state: string, home: { allocatedBytes: number } | null) =>
  writeFileSync(join(place.folder, "status"), JSON.stringify({ state, disks: { home } }));
const canBoot = () => writeFileSync(join(place.folder, "can-boot"), "");
const settings = () => readFileSync(place.config, "utf8");
const chooses = (text: string) => vi.fn(async () => text);

const formatted = { allocatedBytes: 2_809_856 };
const empty = { allocatedBytes: 200_704 };

it("the trial's ascalon runs as it is shown, whatever is in the names of the home and of PATH's folders", async () => {
  vi.stubEnv("PATH", `${home}/Bob's tools:${process.env.PATH}`);
  const odd = `${home}/o'neil's home`;
  mkdirSync(odd);
  const user = { ...place.user, home: odd };
  const other = placeOf(user, "/usr/bin/limactl");
  await installCli(other);
  const shown = spawnSync("/bin/sh", ["-c", `${quote(other.shown)} config path`], { encoding: "utf8" });
  expect(shown.stdout.trim()).toBe(other.config);
});

describe("the trial's VM", () => {
  it("comes up with the settings that are chosen, and the second time nothing is to do", async () => {
    canBoot();
    await bringUp(place, chooses("one"));
    expect([settings(), calls()]).toEqual(["one", ["up"]]);
    const again = chooses("two");
    await bringUp(place, again);
    expect(again).not.toHaveBeenCalled();
    expect([settings(), calls()]).toEqual(["one", ["up", "status --json"]]);
    expect(process.stdout.write).toHaveBeenCalledWith("The VM is up and ready: nothing to do.\n");
  });

  it("is started with the same settings when it came up once and was stopped", async () => {
    canBoot();
    await bringUp(place, chooses("one"));
    is("stopped", formatted);
    const again = chooses("two");
    await bringUp(place, again);
    expect(again).not.toHaveBeenCalled();
    expect(calls()).toEqual(["up", "status --json", "up"]);
  });

  it("gets settings chosen anew when it never came up; what is there of it goes first", async () => {
    await expect(bringUp(place, chooses("one"))).rejects.toThrow("ascalon up failed");
    mkdirSync(place.env.LIMA_HOME);
    canBoot();
    await bringUp(place, chooses("two"));
    expect([settings(), calls()]).toEqual(["two", ["up", "status --json", "destroy --yes", "up"]]);
  });

  it("gets settings chosen anew when it was destroyed, and its home disk is left for the next one", async () => {
    await expect(bringUp(place, chooses("one"))).rejects.toThrow("ascalon up failed");
    is("absent", formatted);
    canBoot();
    await bringUp(place, chooses("two"));
    expect([settings(), calls()]).toEqual(["two", ["up", "status --json", "up"]]);
  });

  it("gets settings chosen anew when one that came up was destroyed: its image may be gone; a person's stay", async () => {
    canBoot();
    await bringUp(place, chooses("one"));
    is("absent", formatted);
    await bringUp(place, chooses("two"));
    expect([settings(), calls()]).toEqual(["two", ["up", "status --json", "up"]]);
    writeFileSync(place.config, "my own");
    is("absent", formatted);
    await bringUp(place, chooses("three"));
    expect(settings()).toBe("my own");
  });

  /** What tells of an `ascalon up` that the person ran, when the trial's own had failed. */
  const running = '{"time":"2026-07-02T09:30:00Z","status":{"running":true,"sshLocalPort":60022}}\n';
  it.each<[string, () => void]>([
    ["its disk, whatever became of its last start", () => is("stopped", formatted)],
    ["its disk, while it is unreachable", () => is("unreachable", formatted)],
    [
      "Lima's log, where the guest has no home disk",
      () => {
        is("stopped", empty);
        mkdirSync(join(place.env.LIMA_HOME, "ascalon"), { recursive: true });
        writeFileSync(join(place.env.LIMA_HOME, "ascalon", "ha.stdout.log"), running);
      },
    ],
    ["nobody: its status cannot be had", () => writeFileSync(join(place.folder, "status"), "")],
  ])("is never replaced when it came up otherwise, as told by %s", async (_, tell) => {
    await expect(bringUp(place, chooses("one"))).rejects.toThrow("ascalon up failed");
    mkdirSync(place.env.LIMA_HOME);
    tell();
    canBoot();
    const again = chooses("two");
    await bringUp(place, again);
    expect(again).not.toHaveBeenCalled();
    expect([settings(), calls()]).toEqual(["one", ["up", "status --json", "up"]]);
  });

  it("keeps settings that a person changed", async () => {
    await expect(bringUp(place, chooses("one"))).rejects.toThrow("ascalon up failed");
    writeFileSync(place.config, "mine");
    const again = chooses("two");
    await expect(bringUp(place, again)).rejects.toThrow("ascalon up failed");
    expect(again).not.toHaveBeenCalled();
    expect(settings()).toBe("mine");
  });
});

describe("the node that the trial's ascalon is written down with", () => {
  /** Folders of PATH, each with a node that leads to a program: this Node, or another. */
  function havePath(...folders: readonly (readonly [name: string, leadsTo: string])[]): void {
    for (const [name, leadsTo] of folders) {
      mkdirSync(join(home, name), { recursive: true });
      symlinkSync(leadsTo, join(home, name, "node"));
    }
    vi.stubEnv("PATH", folders.map(([name]) => join(home, name)).join(":"));
  }

  it("is the first in PATH that is this one, by the name that an upgrade keeps", () => {
    havePath(
      ["other", "/bin/sh"],
      ["state/fnm_multishells/17_1/bin", process.execPath],
      ["checkout/node_modules/.bin", process.execPath],
      ["homebrew/bin", process.execPath],
      ["later", process.execPath],
    );
    expect(lastingNode()).toBe(join(home, "homebrew/bin/node"));
  });

  it("is this one by its own path where PATH leads to none or another", () => {
    havePath(["other", "/bin/sh"]);
    expect(lastingNode()).toBe(process.execPath);
  });
});

describe("the image", () => {
  let server: Server;
  let status = 200;
  const asked: string[] = [];
  beforeEach(async () => {
    asked.length = 0;
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      // As a proxy that lets the host's own page through and refuses the file.
      response.writeHead(request.url === "/" ? 200 : status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/image.qcow2`;

  const byFetch = () => vi.stubEnv("PATH", home);
  it.each([
    ["curl", 200, true],
    ["curl", 403, false],
    ["curl", 404, false],
    ["curl", 503, false],
    ["fetch", 200, true],
    ["fetch", 403, false],
  ])("that is answered to %s with %s can be fetched: %s", async (by, code, can) => {
    if (by === "fetch") byFetch();
    status = code;
    expect(await canBeFetched(url())).toBe(can);
    expect(asked).toEqual(["HEAD /image.qcow2"]);
  });

  it("of a host that cannot be reached cannot be fetched", async () => {
    expect(await canBeFetched("http://127.0.0.1:1/image.qcow2")).toBe(false);
    byFetch();
    expect(await canBeFetched("http://127.0.0.1:1/image.qcow2")).toBe(false);
  });

  it("can be fetched through a proxy, whose refusal is one", async () => {
    vi.stubEnv("http_proxy", new URL(url()).origin);
    const there = "http://image.example/image.qcow2";
    status = 200;
    expect(await canBeFetched(there)).toBe(true);
    status = 403;
    expect(await canBeFetched(there)).toBe(false);
    expect(asked).toEqual(Array(2).fill(`HEAD ${there}`));
  });

  it("is NixOS where it can be fetched, and Lima's copy of it is noted", async () => {
    status = 200;
    const text = await chooseImage(place, url());
    expect(text).not.toContain("image:");
    expect((await readInstalled()).downloads).toEqual([url()]);
    expect(existsSync(`${place.folder}/image.yaml`)).toBe(false);
  });

  it("is NixOS where Lima has it whole, without asking; its copy is not the trial's", async () => {
    byFetch();
    status = 403;
    mkdirSync(limaEntry(place.user, url()), { recursive: true });
    writeFileSync(`${limaEntry(place.user, url())}/data`, "");
    expect(await chooseImage(place, url())).not.toContain("image:");
    expect([asked, (await readInstalled()).downloads]).toEqual([[], []]);
  });
});
