import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import type { Conversation, Converse } from "../../../src/cli/adapters/converse.ts";
import type { RunResult } from "../../../src/cli/adapters/process.ts";
import { planService } from "../../../src/cli/agent/service-plan.ts";
import { type Check, type DoctorPort, type Finding, waitFirst } from "../../../src/cli/doctor/check.ts";
import { askOnce } from "../../../src/cli/doctor/guest-answers.ts";
import { checks, runChecks } from "../../../src/cli/doctor/run-checks.ts";
import { ownersInLsof } from "../../../src/cli/doctor/socket-owner.ts";
import { AscalonError } from "../../../src/cli/errors.ts";
import { linksOf } from "../../../src/cli/links/table.ts";
import type { MachineFacts } from "../../../src/cli/machine/facts.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { type FakeOptions, fakeContext } from "../../support/fake-context.ts";
import type { FakeFiles } from "../../support/fake-files.ts";
import { factsOf, settingsOf } from "../../support/machine-facts.ts";
import { type ManualClock, manualClock } from "../../support/manual-clock.ts";

const ready = factsOf("ours", "running", { ssh: { state: "up", port: 60_022, answerMs: 3 } });

interface Arrangement extends Partial<DoctorPort> {
  readonly options?: FakeOptions;
  /** Answers of sockets by path. */
  readonly says?: Readonly<Record<string, Conversation<unknown>["kind"]>>;
  readonly guestSays?: Partial<RunResult>;
}

const ended: RunResult = {
  exitCode: 0,
  signal: undefined,
  stdout: "",
  stderr: "",
  timedOut: false,
  startError: undefined,
};

function port({
  options = {},
  says = {},
  guestSays = { exitCode: 1 },
  ...more
}: Arrangement = {}): DoctorPort {
  const context = { ...fakeContext(options), clock: manualClock() };
  const paths = pathsOf(context);
  const converse = (async ({ to }: { to: unknown }) => {
    const kind = says[String(to)] ?? "absent";
    return kind === "refused" ? { kind, code: "ECONNREFUSED" } : { kind };
  }) as Converse;
  const table = linksOf({
    settings: { sockets: { docker: "auto", sshAgent: "off", extra: [] } },
    sockDir: paths.sockDir,
    platform: "linux",
    guestUid: 1000,
    docker: { path: "/d.sock", why: "Colima's socket" },
    sshAgent: { path: undefined, why: "" },
  });
  return {
    context,
    paths,
    settings: "read",
    facts: ready,
    limaVersion: async () => "2.2.0",
    links: table,
    service: planService(context, paths, {
      program: ["/usr/bin/node", "/opt/ascalon.mjs"],
      searchPath: "/bin",
    }),
    startSettings: settingsOf(),
    agentEnabled: true,
    converse,
    guest: askOnce(context.clock, async () => ({ ...ended, ...guestSays })),
    ...more,
  };
}

function withFree(bytes: number): DoctorPort {
  const given = port();
  return {
    ...given,
    context: { ...given.context, files: { ...given.context.files, freeBytes: async () => bytes } },
  };
}

/** A guest that says its time and these rows of df. */
const disksOf = (...rows: readonly string[]): DoctorPort =>
  port({
    guestSays: {
      stdout: [
        "1767323045000000000",
        "Filesystem 1024-blocks Used Available Capacity Mounted on",
        ...rows,
      ].join("\n"),
    },
  });

const withRoom = ["/dev/vdb 10 5 5242880 50% /home", "/dev/vda 10 5 5242880 50% /"] as const;

async function find(id: string, given: DoctorPort): Promise<Finding | undefined> {
  return (await runChecks(given)).find((finding) => finding.id === id);
}

const stopped = { ...ready, process: "stopped" } as MachineFacts;
const state = "/home/mia/.local/state/ascalon";
const clones = "/home/mia/.local/share/wezterm/plugins";
const bundle = readFileSync(new URL("../../../lua-out/ascalon.lua", import.meta.url), "utf8");
const loaded = { "/home/mia/.config/wezterm/wezterm.lua": 'require("ascalon").apply_to_config(config)' };

test("a check that an error of ours ends has that error's way out", async () => {
  const limaVersion = async () => {
    throw new AscalonError("E_LIMACTL_MISSING", {
      what: "limactl is not installed",
      run: "brew install lima",
    });
  };
  expect(await find("lima-version", port({ limaVersion }))).toEqual({
    id: "lima-version",
    verdict: "problem",
    evidence: "limactl is not installed",
    fix: "brew install lima",
  });
});

test("the side of the plugin that is older is the one to update", async () => {
  const given = (files: Readonly<Record<string, string>>, host: FakeOptions["host"] = {}) =>
    find("wezterm-plugin", port({ options: { files, host } }));
  const older = bundle.replace("contract 1", "contract 0");
  expect(await given({ [`${state}/wezterm/ascalon.lua`]: older })).toMatchObject({
    fix: "ascalon wezterm install",
  });
  expect(await given({ [`${clones}/x/lua-out/ascalon.lua`]: older })).toMatchObject({
    fix: expect.stringContaining("wezterm.plugin.update_all()"),
  });
  const mac = "/home/mia/Library/Application Support/wezterm/plugins/x/lua-out/ascalon.lua";
  const newer = bundle.replace("contract 1", "contract 2");
  expect(await given({ [mac]: newer }, { platform: "darwin" })).toMatchObject({ fix: "upgrade ascalon" });
});

test("a plugin that no configuration loads is not called well, because up puts it there for everybody", async () => {
  const given = (files: Readonly<Record<string, string>>, more: FakeOptions = {}) =>
    find(
      "wezterm-plugin",
      port({ options: { files: { [`${state}/wezterm/ascalon.lua`]: bundle, ...files }, ...more } }),
    );
  const unloaded = {
    verdict: "skipped",
    evidence: expect.stringContaining("ascalon wezterm install adds it"),
  };
  expect(await given({})).toMatchObject(unloaded);
  expect(await given({ "/home/mia/.wezterm.lua": "-- ascalon\nreturn {}" })).toMatchObject(unloaded);
  expect(await given({ "/home/mia/.wezterm.lua": 'dofile("/x/ascalon.lua")' })).toMatchObject({
    verdict: "ok",
  });
  // On a Mac the one of a WezTerm from the Dock, whatever this shell says.
  const mac = { host: { platform: "darwin" as const }, env: { XDG_CONFIG_HOME: "/elsewhere" } };
  expect(await given(loaded, mac)).toMatchObject({ verdict: "ok" });
  const kept = port({ options: { files: { [`${state}/wezterm/ascalon.lua`]: bundle } } });
  const { realPath } = kept.context.files;
  kept.context.files.realPath = async (path) => {
    if (!path.endsWith("wezterm.lua")) return realPath(path);
    throw Object.assign(new Error("EACCES"), { code: "EACCES" });
  };
  expect(await find("wezterm-plugin", kept)).toMatchObject({ verdict: "ok" });
});

test.each([
  ["/usr/bin/env PATH=/bin /opt/node/22/bin/node /opt/ascalon.mjs", "problem"],
  ["/usr/bin/env PATH=/bin /opt/node/24/bin/node /opt/ascalon.mjs", "ok"],
])("a plugin.json whose program is gone, as after an upgrade of Node, is told: %s", async (cli, verdict) => {
  const files = {
    ...loaded,
    [`${state}/wezterm/ascalon.lua`]: bundle,
    [`${state}/wezterm/plugin.json`]: JSON.stringify({ contract: 1, cli: cli.split(" ") }),
    "/opt/node/24/bin/node": "",
    "/opt/ascalon.mjs": "",
  };
  const finding = await find("wezterm-plugin", port({ options: { files } }));
  expect(finding).toMatchObject({ verdict, ...(verdict === "ok" ? {} : { fix: "ascalon up" }) });
});

test("settings that cannot be read are told with the command of their own error, which no editor helps", async () => {
  const unreadable = new AscalonError("E_SETTINGS_UNREADABLE", {
    what: "a.yaml cannot be read",
    run: "ls -ld a.yaml",
  });
  expect(await find("settings", port({ settings: unreadable }))).toMatchObject({ fix: "ls -ld a.yaml" });
});

test("a guest that is slow to tell its time is not taken for one whose clock is wrong", async () => {
  const given = port();
  let nowMs = given.context.clock.now();
  const guest = askOnce({ ...given.context.clock, now: () => nowMs }, async () => {
    const told = { ...ended, stdout: `${nowMs + 2_500}000000\n` };
    nowMs += 5_000;
    return told;
  });
  expect(await find("clock", { ...given, guest })).toMatchObject({ verdict: "ok" });
});

test("after an upgrade the plugin that WezTerm loads is the one before, until it is put there anew", async () => {
  const packaged = `${dirname(process.argv[1] ?? "")}/lua-out/ascalon.lua`;
  const given = (own: string) =>
    find(
      "wezterm-plugin",
      port({ options: { files: { ...loaded, [packaged]: bundle, [`${state}/wezterm/ascalon.lua`]: own } } }),
    );
  expect(await given(bundle)).toMatchObject({ verdict: "ok" });
  expect(await given(`${bundle}-- of before`)).toEqual({
    id: "wezterm-plugin",
    verdict: "warning",
    evidence: `${state}/wezterm/ascalon.lua is the plugin of another build of ascalon`,
    fix: "ascalon up    (WezTerm then loads the new one by itself)",
  });
});

test.each<[string, string, DoctorPort, Finding["verdict"], string]>([
  ["no limactl", "host-tools", port(), "problem", "ssh and limactl cannot be run"],
  ["all programs", "host-tools", port({ options: { programs: () => ({ stdout: "v1\n" }) } }), "ok", "v1, v1"],
  ["old Lima", "lima-version", port({ limaVersion: async () => "2.1.2" }), "problem", "older than 2.1.3"],
  ["newer Lima", "lima-version", port({ limaVersion: async () => "2.10.0" }), "ok", "Lima 2.10.0"],
  [
    "no limactl to ask",
    "lima-version",
    port({
      limaVersion: async () => {
        throw new AscalonError("E_LIMACTL_MISSING", {
          what: "limactl is not installed",
          run: "brew install lima",
        });
      },
    }),
    "problem",
    "limactl is not installed",
  ],
  ["a link without a VM", "link-docker", port({ facts: stopped }), "skipped", "the VM is not running"],
  ["no override", "lima-overrides", port(), "ok", "neither"],
  [
    "an override",
    "lima-overrides",
    port({ options: { files: { "/home/mia/.lima/_config/override.yaml": "cpus: 1" } } }),
    "warning",
    "override.yaml applies to every Lima instance",
  ],
  [
    "bad settings",
    "settings",
    port({ settings: new Error("ascalon.yaml:4:9 vm.cpus") }),
    "problem",
    "ascalon.yaml:4:9",
  ],
  [
    "bad settings, with what is wrong in them",
    "settings",
    port({
      settings: new AscalonError("E_SETTINGS_INVALID", {
        what: "a.yaml has 5 problems",
        details: ["a.yaml:1:1 a", "a.yaml:2:1 b", "a.yaml:3:1 c", "a.yaml:4:1 d", "a.yaml:5:1 e"],
      }),
    }),
    "problem",
    "a.yaml has 5 problems; a.yaml:1:1 a; a.yaml:2:1 b; a.yaml:3:1 c; and 2 more",
  ],
  [
    "a login",
    "ssh",
    port({ guestSays: { exitCode: 0, stdout: "1767323045000000000\n" } }),
    "ok",
    "a login took",
  ],
  [
    "a login shell that runs something else",
    "ssh",
    port({ guestSays: { exitCode: 0, stdout: "Welcome to tmux\n" } }),
    "problem",
    "does not run what ssh brings",
  ],
  [
    "a login shell that a startup file ends",
    "ssh",
    port({ guestSays: { exitCode: 1, stdout: "hello\n" } }),
    "problem",
    "the login shell ends with 1 before it runs anything",
  ],
  [
    "a startup file that the boot renamed",
    "ssh",
    disksOf(...withRoom, "login renamed 1 /home/dev/.bashrc /home/dev/.bashrc.aside-1"),
    "warning",
    "with /home/dev/.bashrc every login ended with 1 before it ran anything, so the guest's boot renamed it to /home/dev/.bashrc.aside-1",
  ],
  [
    "a home folder of somebody else's",
    "home",
    disksOf(...withRoom, "shut /home/dev"),
    "problem",
    "the guest's user cannot write to /home/dev",
  ],
  [
    "a home folder that a hostile guest makes up",
    "home",
    disksOf(...withRoom, "shut /home/\u001b[31mdev"),
    "ok",
    "/home is 50% full",
  ],
  [
    "the disks of a guest that says more",
    "home",
    disksOf(...withRoom, "login renamed 1 /home/dev/.bashrc /home/dev/.bashrc.aside-1"),
    "ok",
    "/home is 50% full",
  ],
  [
    "a refused login",
    "ssh",
    port({
      guestSays: { exitCode: 255, stderr: "dev@127.0.0.1: Permission denied (publickey).\n" },
    }),
    "problem",
    "Permission denied (publickey)",
  ],
  [
    "a login that is not done in time",
    "ssh",
    port({
      guest: async () => {
        throw new Error("no answer within 8 s");
      },
    }),
    "problem",
    "the guest is busy or hangs",
  ],
  ["a login of a VM that is stopped", "ssh", port({ facts: stopped }), "skipped", "not running"],
  ["no mounts", "mounts", port(), "ok", "there are none"],
  [
    "a mount that is missing, and can be made",
    "mounts",
    port({ startSettings: settingsOf("mounts: [{host: /home/mia/new}]") }),
    "ok",
    "1 can be mounted",
  ],
  [
    "a mount that is a file",
    "mounts",
    port({
      startSettings: settingsOf("mounts: [{host: /home/mia/Projects}, {host: /home/mia/file}]"),
      options: { files: { "/home/mia/file": "" } },
    }),
    "problem",
    "mounts[1].host: /home/mia/file is a file",
  ],
  [
    "mounts of a file that is not valid",
    "mounts",
    port({ settings: new Error("no") }),
    "skipped",
    "not known",
  ],
  ["short paths", "path-lengths", port(), "ok", "the longest has "],
  [
    "a path too long for a socket",
    "path-lengths",
    port({ options: { env: { HOME: "/home/mia", LIMA_HOME: `/home/mia/${"x".repeat(90)}` } } }),
    "problem",
    "must be less than 108",
  ],
  ["a VM that runs", "instance", port(), "ok", "port 60022"],
  ["a VM that is stopped", "instance", port({ facts: stopped }), "problem", "the VM is stopped"],
  [
    "a foreign VM",
    "instance",
    port({ facts: { ...ready, exists: "foreign" } as MachineFacts }),
    "problem",
    "did not make",
  ],
  [
    "degraded",
    "guest-agent",
    port({ facts: { ...ready, degraded: ["no agent"] } as MachineFacts }),
    "warning",
    "no agent",
  ],
  ["no agent", "agent", port(), "warning", "does not exist"],
  ["no socket folder yet", "sockets", port(), "ok", "was never created"],
  ["a link without ssh", "link-mux", port(), "problem", "no ssh carries the link"],
  [
    "a link without target",
    "link-docker",
    port({ says: { [`${state}/sock/probe-docker.sock`]: "closed" } }),
    "warning",
    "Docker is not there (/d.sock)",
  ],
  [
    "a link that leads nowhere",
    "link-docker",
    port({ says: { [`${state}/sock/probe-docker.sock`]: "refused" } }),
    "problem",
    "is gone",
  ],
  [
    "a local server at the mux socket",
    "link-mux",
    port({
      options: {
        programs: ({ file }) =>
          file === "ss"
            ? {
                stdout: `u_str LISTEN 0 128 ${state}/sock/mux.sock 1 * 0 users:(("ssh",pid=7,fd=4))\nu_str LISTEN 0 128 ${state}/sock/mux.sock 2 * 0 users:(("wezterm-mux-ser",pid=4711,fd=9))\n`,
              }
            : {},
      },
    }),
    "problem",
    "wezterm-mux-ser on this machine (pid 4711) took over",
  ],
  ["no GUI", "codec", port(), "skipped", "no WezTerm window"],
  ["no plugin", "wezterm-plugin", port(), "skipped", "ascalon wezterm install adds it"],
  [
    "the plugin that is in this checkout",
    "wezterm-plugin",
    port({ options: { files: { ...loaded, [`${state}/wezterm/ascalon.lua`]: bundle } } }),
    "ok",
    `contract 1 on both sides: 0.1.0 in ${state}/wezterm/ascalon.lua`,
  ],
  [
    "an older plugin in WezTerm's own clone",
    "wezterm-plugin",
    port({
      options: {
        files: {
          [`${state}/wezterm/ascalon.lua`]: bundle,
          [`${clones}/sTtpssCssZssZexamplesDscomsZsascalon/lua-out/ascalon.lua`]: bundle.replace(
            "contract 1",
            "contract 0",
          ),
          [`${clones}/another/plugin/init.lua`]: "return {}",
        },
      },
    }),
    "problem",
    "speaks contract 0, ascalon ",
  ],
  ["clock, VM stopped", "clock", port({ facts: stopped }), "skipped", "not running"],
  [
    "clock an hour behind",
    "clock",
    port({ guestSays: { stdout: `${Date.UTC(2026, 0, 2, 2, 4, 5)}000000\n` } }),
    "problem",
    "3600000 ms behind",
  ],
  [
    "clock right",
    "clock",
    port({ guestSays: { stdout: `${Date.UTC(2026, 0, 2, 3, 4, 5)}000000\n` } }),
    "ok",
    "is 0 ms",
  ],
  [
    "home on its own disk",
    "home",
    disksOf("/dev/vdb 10 5 5242880 50% /home", "/dev/vda 10 5 5 50% /"),
    "ok",
    "50% full on /dev/vdb, 5.0 GiB",
  ],
  [
    "a guest that QEMU paused at a full disk",
    "instance",
    port({ facts: factsOf("ours", "running", { sshState: "silent", halted: { freeBytes: 2 ** 20 } }) }),
    "problem",
    "paused it at a failed write to its disk; 1 MiB are free there",
  ],
  ["a disk of the host with room", "host-disk", withFree(2 * 2 ** 30), "ok", "2.0 GiB are free where"],
  ["one with little", "host-disk", withFree(2 * 2 ** 30 - 1), "warning", "1.9 GiB are free where"],
  ["one that is full", "host-disk", withFree(2 ** 28 - 1), "problem", "the VM is paused"],
  [
    "home on a disk whose file is gone",
    "home",
    port({ facts: factsOf("ours", "running", { homeDisk: undefined }) }),
    "problem",
    "/home is lost when the VM stops",
  ],
  [
    "home on the root disk",
    "home",
    disksOf("/dev/vda 10 5 5 50% /", "/dev/vda 10 5 5 50% /"),
    "problem",
    "on the system disk",
  ],
  [
    "a home that is full",
    "home",
    disksOf("/dev/vdb 10 10 0 100% /home", "/dev/vda 10 5 5242880 50% /"),
    "warning",
    "/home is 100% full on /dev/vdb, 0.0 GiB are free",
  ],
  [
    "a system disk with room",
    "root",
    disksOf("/dev/vdb 10 10 0 100% /home", "/dev/vda 10 5 5242880 50% /"),
    "ok",
    "the system disk is 50% full on /dev/vda, 5.0 GiB are free",
  ],
  [
    "a system disk that is full",
    "root",
    disksOf("/dev/vdb 10 5 5242880 50% /home", "/dev/vda 10 10 0 100% /"),
    "warning",
    "the system disk is 100% full on /dev/vda, 0.0 GiB are free",
  ],
  [
    "a home in which the kernel found an error",
    "home",
    disksOf(...withRoom, "mount / rw,relatime", "mount /home ro,relatime"),
    "problem",
    "/home is read-only",
  ],
  [
    "a system disk in which the kernel found an error",
    "root",
    disksOf(...withRoom, "mount / ro,relatime", "mount /home rw,errors=remount-ro"),
    "problem",
    "the system disk is read-only",
  ],
  [
    "a system disk on which ext4 met an error, with Linux 6.12 and newer",
    "root",
    disksOf(...withRoom, "mount / rw,relatime,emergency_ro", "mount /home rw,errors=remount-ro"),
    "problem",
    "the system disk is read-only",
  ],
  [
    "a home whose options name what was not done",
    "home",
    disksOf(...withRoom, "mount / rw", "mount /home rw,errors=remount-ro"),
    "ok",
    "/home is 50% full",
  ],
  [
    "what was mounted over another counts",
    "home",
    disksOf(...withRoom, "mount / rw", "mount /home ro", "mount /home rw"),
    "ok",
    "/home is 50% full",
  ],
])("%s", async (_, id, given, verdict, evidence) => {
  const finding = await find(id, given);
  expect(finding).toMatchObject({ verdict, evidence: expect.stringContaining(evidence) });
  // Whatever is called a problem comes with a way out, or with the system's own words.
  if (verdict === "problem" && id !== "instance") expect(finding?.fix).toBeTruthy();
  if (verdict === "warning" && ["home", "root"].includes(id))
    expect(finding?.fix).toMatch(/^ascalon config set vm/);
});

describe("runChecks", () => {
  const broken: Check = {
    id: "broken",
    proves: "",
    run: async () => {
      throw new Error("EACCES");
    },
  };
  const hangs: Check = { id: "hangs", proves: "", run: () => new Promise(() => {}) };

  test("one that fails or hangs keeps none from being told", async () => {
    const given = port();
    const finding = runChecks(given, [broken, hangs, ...checks]);
    await (given.context.clock as ManualClock).advance(10_000);
    const found = await finding;
    expect(found[0]).toEqual({
      id: "broken",
      verdict: "problem",
      evidence: "the check itself failed: EACCES",
    });
    expect(found[1]).toEqual({
      id: "hangs",
      verdict: "problem",
      evidence: "the check did not end within 10 s",
    });
    expect(found.length).toBeGreaterThan(checks.length);
  });

  test("ids are unique and every check says what it proves", () => {
    expect(new Set(checks.map((one) => one.id)).size).toBe(checks.length);
    for (const one of checks) expect(one.proves).toMatch(/^[A-Z/].*\.$/);
  });
});

test("what could not be read is its check's finding, and costs no other", async () => {
  const unread = port({
    service: new Error("ELOOP: too many symbolic links encountered"),
    links: new Error("/d.sock cannot be looked at (EMFILE)"),
  });
  expect(await find("agent", unread)).toEqual({
    id: "agent",
    verdict: "problem",
    evidence:
      "/home/mia/.config/systemd/user/ascalon-agent.service cannot be read: ELOOP: too many symbolic links encountered",
    fix: "ls -ld /home/mia/.config/systemd/user/ascalon-agent.service",
  });
  expect(await find("links", unread)).toMatchObject({ evidence: expect.stringContaining("EMFILE") });
  expect(await find("path-lengths", unread)).toMatchObject({ verdict: "ok" });
});

test("a link that ssh or the VM refused is told in their words, which only the agent has heard", async () => {
  const reason = "the VM cannot make /run/ascalon/docker.sock";
  const given = (nextWriteBy: number) => {
    const mine = port({ says: { [`${state}/sock/probe-docker.sock`]: "refused" } });
    const now = Math.floor(mine.context.clock.now() / 1000);
    (mine.context.files as FakeFiles).put(
      `${state}/status.json`,
      JSON.stringify({
        schema: 1,
        writtenAt: now,
        nextWriteBy: now + nextWriteBy,
        links: [{ name: "docker", state: "broken", reason }],
      }),
    );
    return find("link-docker", mine);
  };
  expect(await given(10)).toMatchObject({ verdict: "problem", evidence: reason });
  expect(await given(-1)).toMatchObject({ evidence: expect.stringContaining("is gone") });
});

test.each([
  ["is asked once more: the agent is about to mend it", "up", "ok", 2],
  ["that the agent does not call proved is what it is", "waiting", "problem", 1],
] as const)("a link that breaks just as doctor looks, %s", async (_, state, verdict, times) => {
  const answers: Conversation<unknown>[] = [
    { kind: "refused", code: "ECONNREFUSED" },
    { kind: "answer", rttMs: 1, value: { kind: "facts", facts: {} } },
  ];
  let asked = 0;
  const converse = (async ({ to }: { to: unknown }) => {
    if (!String(to).endsWith("/probe-docker.sock")) return { kind: "absent" };
    asked += 1;
    return answers[asked - 1];
  }) as Converse;
  const mine = port({ converse });
  const now = Math.floor(mine.context.clock.now() / 1000);
  const status = { schema: 1, writtenAt: now, nextWriteBy: now + 10, links: [{ name: "docker", state }] };
  (mine.context.files as FakeFiles).put(`${mine.paths.stateDir}/status.json`, JSON.stringify(status));
  const finding = find("link-docker", mine);
  await (mine.context.clock as ManualClock).advance(2_600);
  expect(await finding).toMatchObject({ verdict });
  expect(asked).toBe(times);
});

describe("with agent.enabled: false", () => {
  const left = ["mux", "probe-docker"].map((name) => `${state}/sock/${name}.sock`);
  const given = ({ held = false, says = {} }: { held?: boolean; says?: Arrangement["says"] } = {}) => {
    const refused = Object.fromEntries(left.map((path) => [path, "refused"] as const));
    const mine = port({ agentEnabled: false, says: { ...refused, ...says } });
    const files = mine.context.files as FakeFiles;
    files.put(`${state}/sock`, "", { kind: "folder", mode: 0o700 });
    for (const path of left) files.put(path, "", { kind: "socket" });
    const now = Math.floor(mine.context.clock.now() / 1000);
    const status = { schema: 1, writtenAt: now, nextWriteBy: now + (held ? 10 : -1), links: [] };
    files.put(`${state}/status.json`, JSON.stringify(status));
    return mine;
  };

  test.each(["refused", "absent"] as const)("links that nobody holds (%s) are no problem", async (kind) => {
    const findings = await runChecks(given({ says: { [left[0] ?? ""]: kind } }));
    const evidence = "made on demand, as agent.enabled is false: ascalon heal --hold";
    expect(findings.find(({ id }) => id === "link-mux")).toEqual({
      id: "link-mux",
      verdict: "skipped",
      evidence,
    });
    expect(findings.find(({ id }) => id === "sockets")).toEqual({
      id: "sockets",
      verdict: "ok",
      evidence: expect.stringContaining("until ascalon heal --hold makes the links"),
    });
    const offers = findings.filter(({ fix }) => fix?.includes("ascalon heal"));
    expect(offers).toEqual([]);
  });

  test("a folder of sockets that others may enter is told how to close it", async () => {
    const mine = port();
    await mine.context.files.makeFolder(mine.paths.sockDir, 0o755);
    expect(await find("sockets", mine)).toMatchObject({
      verdict: "problem",
      fix: `ls -la ${mine.paths.sockDir}    (if everything in it is yours: chmod 700 ${mine.paths.sockDir})`,
    });
  });

  test("links that a command holds are healed by it", async () => {
    const mine = given({ held: true });
    expect(await find("link-mux", mine)).toMatchObject({ verdict: "problem", fix: "ascalon heal" });
    expect(await find("sockets", mine)).toMatchObject({ verdict: "warning", fix: "ascalon heal" });
    const absent = given({ held: true, says: { [left[0] ?? ""]: "absent" } });
    expect(await find("link-mux", absent)).toMatchObject({ verdict: "problem", fix: "ascalon heal" });
  });
});

test("owners of a socket as lsof tells them", () => {
  expect(ownersInLsof("p71\ncssh\nf5\np4711\ncwezterm-mux-server\nf9\n")).toEqual([
    { pid: 71, program: "ssh" },
    { pid: 4711, program: "wezterm-mux-server" },
  ]);
});

test("a guest is asked for all that it has to tell at one login; one that does not answer is one problem, not three", async () => {
  let logins = 0;
  const given = port();
  const guest = askOnce(given.context.clock, async () => {
    logins += 1;
    throw new Error("no answer within 8 s");
  });
  const found = await runChecks({ ...given, guest });
  expect(logins).toBe(1);
  const verdicts = found.map(({ id, verdict }) => `${id} ${verdict}`);
  expect(verdicts).toEqual(
    expect.arrayContaining(["ssh problem", "clock skipped", "home skipped", "root skipped"]),
  );
});

test("a VM that may be only slow is not to be started anew before it was waited for", async () => {
  const late = async (): Promise<never> => {
    throw new Error("no answer within 8 s");
  };
  // `up` has nothing to wait for once it is ready.
  const asks =
    "ascalon shell -- uptime    (waits for the guest, and says how busy it is; if it hangs: ascalon restart)";
  expect(await find("ssh", port({ guest: late }))).toMatchObject({ fix: asks });
  const ssh = { state: "silent", port: 1, answerMs: undefined } as const;
  expect(await find("instance", port({ facts: { ...ready, ssh } }))).toMatchObject({ fix: waitFirst });
});
