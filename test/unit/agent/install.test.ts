import { describe, expect, test } from "vitest";
import type { RunResult } from "../../../src/cli/adapters/process.ts";
import {
  installService,
  noManagerWhy,
  observeService,
  uninstallService,
} from "../../../src/cli/agent/install.ts";
import { isRunning } from "../../../src/cli/agent/launchd.ts";
import { planService, type ServicePlan } from "../../../src/cli/agent/service-plan.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { build, version } from "../../../src/cli/version.ts";
import { statusSchema } from "../../../src/shared/status.ts";
import { launchdDouble } from "../../doubles/launchd-double.ts";
import { type FakeContext, type FakeOptions, fakeContext } from "../../support/fake-context.ts";

const program = ["/usr/bin/node", "/opt/ascalon.mjs"];
const searchPath = "/usr/bin:/bin";

/** What an agent that runs writes, and its clock goes on. */
function writes(context: FakeContext, ascalon = version, lateSeconds = 0, ofBuild = build): void {
  const now = Math.floor(context.clock.now() / 1000) - lateSeconds;
  const status = {
    schema: statusSchema,
    writtenAt: now,
    nextWriteBy: now + (lateSeconds > 0 ? 0 : 3_600),
    ascalon,
    build: ofBuild,
    vm: { state: "running", since: now },
    links: [],
    mux: { socketPath: "/m" },
    gui: [],
    codec: { verdict: "unknown" },
    attention: [],
  };
  context.files.put(`${pathsOf(context).stateDir}/status.json`, JSON.stringify(status));
}

function planFor(context: FakeContext, words: readonly string[] = program): ServicePlan {
  return planService(context, pathsOf(context), { program: words, searchPath });
}

describe.each(["darwin", "linux"] as const)("on %s", (platform) => {
  const arrange = (options: FakeOptions = {}) => {
    const launchd = launchdDouble(() => context.clock);
    let active = false;
    const context: FakeContext = fakeContext({
      host: { platform },
      programs: (call) => {
        if (call.file === "launchctl") return launchd.answer(call);
        const line = call.args.join(" ");
        if (/restart/.test(line)) active = true;
        if (/disable/.test(line)) active = false;
        return /is-active/.test(line) ? { exitCode: active ? 0 : 3 } : {};
      },
      ...options,
    });
    context.files.put("/run/user/1000/systemd/private", "", { kind: "socket" });
    const end = () => {
      active = false;
      launchd.pid = undefined;
    };
    return { context, launchd, end, paths: pathsOf(context), plan: planFor(context) };
  };

  test("install, again, uninstall, again", async () => {
    const { context, paths, plan } = arrange();
    expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "none" });
    writes(context);
    expect(context.files.text(plan.file)).toBe(plan.text);
    expect(await observeService(context, plan)).toEqual({
      installed: true,
      foreign: false,
      current: true,
      running: true,
    });
    expect(await installService(context, paths, plan)).toEqual({ kind: "unchanged" });
    expect(await uninstallService(context, plan)).toMatchObject({ kind: "done" });
    expect(await observeService(context, plan)).toMatchObject({ installed: false, running: false });
    expect(await uninstallService(context, plan)).toEqual({ kind: "unchanged" });
  });

  test("another place of ascalon replaces the description", async () => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, planFor(context, ["/usr/bin/node", "/old.mjs"]));
    expect(await observeService(context, plan)).toMatchObject({ installed: true, current: false });
    expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "other-program" });
    expect(context.files.text(plan.file)).toBe(plan.text);
  });

  test("an agent that ended in order is loaded and does not run: started again", async () => {
    const { context, paths, plan, end } = arrange();
    await installService(context, paths, plan);
    writes(context);
    end();
    expect(await observeService(context, plan)).toMatchObject({ current: true, running: false });
    expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "ended" });
    expect(await observeService(context, plan)).toMatchObject({ running: true });
  });

  test("an agent that runs and does not write is started anew, after it had its time", async () => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, plan);
    writes(context, version, 60);
    expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "silent" });
    expect(context.clock.monotonic()).toBeGreaterThanOrEqual(15_000);
  });

  test("an agent that has just started, or woken up, is given the time to write", async () => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, plan);
    const sleep = async (ms: number): Promise<void> => {
      await context.clock.sleep(ms);
      if (context.clock.monotonic() >= 2_000) writes(context);
    };
    const slow = { ...context, clock: { ...context.clock, sleep } };
    expect(await installService(slow, paths, plan)).toEqual({ kind: "unchanged" });
  });

  test("an upgrade in place: the agent that still runs the old version is started anew", async () => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, plan);
    writes(context, "0.0.1");
    expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "other-version" });
  });

  test("what differs from shell to shell is no reason to start it anew", async () => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, plan);
    writes(context);
    context.files.put("/usr/bin/node", "", { mode: 0o755 });
    const elsewhere = planService(context, paths, {
      program: ["/home/mia/.nvm/24/bin/node", "/opt/ascalon.mjs"],
      searchPath: "/home/mia/.nvm/24/bin:/usr/bin",
    });
    expect(elsewhere.text).not.toBe(plan.text);
    expect(await installService(context, paths, elsewhere)).toEqual({ kind: "unchanged" });
    // That Node was removed: then it is one.
    await context.files.remove("/usr/bin/node");
    expect(await installService(context, paths, elsewhere)).toMatchObject({ repaired: "other-program" });
  });

  test.each([
    ["LIMA_HOME", "/l"],
    ["XDG_STATE_HOME", ""],
  ])("%s: said in full where it is the default is the same agent", async (name, value) => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, plan);
    writes(context);
    const defaults = { LIMA_HOME: "/home/mia/.lima", XDG_STATE_HOME: "/home/mia/.local/state" };
    const same = { ...context, env: { ...context.env, [name]: defaults[name as keyof typeof defaults] } };
    expect(await installService(context, paths, planFor(same))).toEqual({ kind: "unchanged" });
    if (value === "") return;
    const other = { ...context, env: { ...context.env, [name]: value } };
    expect(await installService(context, paths, planFor(other))).toMatchObject({ repaired: "other-program" });
  });

  test.each([
    ["another state folder", { env: { XDG_STATE_HOME: "/home/mia/try/state" } }],
    [
      "another folder of settings",
      { env: { XDG_CONFIG_HOME: "/home/mia/try/config", XDG_STATE_HOME: "/home/mia/try/state" } },
    ],
    ["other settings", { env: { ASCALON_CONFIG: "/home/mia/try.yaml" } }],
  ])("the agent of %s is neither replaced nor removed", async (_, options) => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, plan);
    const second = { ...context, env: { ...context.env, ...options.env } };
    const its = planFor(second);
    expect(await installService(second, pathsOf(second), its)).toMatchObject({ kind: "foreign" });
    if (its.file === plan.file)
      expect(await uninstallService(second, its)).toMatchObject({ kind: "foreign" });
    expect(context.files.text(plan.file)).toBe(plan.text);
    expect(await observeService(context, plan)).toMatchObject({ running: true });
    expect(await observeService(second, its)).toMatchObject({ current: false });
  });

  test("a manager that refuses is quoted", async () => {
    const { context, paths, plan } = arrange({
      programs: ({ args }) =>
        /bootstrap|enable agent|enable ascalon/.test(args.join(" "))
          ? { exitCode: 5, stderr: "Bootstrap failed: 5: Input/output error\n" }
          : { exitCode: /print/.test(args.join(" ")) ? 113 : 0 },
    });
    const result = await installService(context, paths, plan);
    expect(result).toMatchObject({ kind: "failed", why: expect.stringContaining("Input/output error") });
  });
});

describe("launchd", () => {
  const arrange = () => {
    const context: FakeContext = fakeContext({
      host: { platform: "darwin" },
      programs: (call) => launchd.answer(call),
    });
    const launchd = launchdDouble(() => context.clock);
    return { context, launchd, paths: pathsOf(context), plan: planFor(context) };
  };

  test("a job without a process is no agent", () => {
    const { launchd } = arrange();
    launchd.loaded = true;
    const print = () =>
      (launchd.answer({ kind: "run", file: "launchctl", args: ["print"], options: {} }) as { stdout: string })
        .stdout;
    expect(isRunning(print())).toBe(false);
    launchd.pid = 7;
    expect(isRunning(print())).toBe(true);
  });

  test("a running agent is replaced although launchd takes its time to let go", async () => {
    const { context, launchd, paths, plan } = arrange();
    await installService(context, paths, planFor(context, ["/old.mjs"]));
    [launchd.endsAfterMs, launchd.refusesForMs] = [8_000, 5_000];
    const before = launchd.pid;
    expect(await installService(context, paths, plan)).toMatchObject({ kind: "done" });
    expect(launchd.loaded).toBe(true);
    expect(launchd.pid).not.toBe(before);
  });

  test("where nothing is loaded, nothing is taken out", async () => {
    const { context, launchd, paths, plan } = arrange();
    await installService(context, paths, plan);
    expect(launchd.calls.filter((line) => line.startsWith("bootout"))).toEqual([]);
  });

  test("a job that does not go is told, not waited for without end", async () => {
    const { context, launchd, paths, plan } = arrange();
    await installService(context, paths, planFor(context, ["/old.mjs"]));
    launchd.endsAfterMs = Number.POSITIVE_INFINITY;
    expect(await installService(context, paths, plan)).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("bootout"),
    });
    expect(context.clock.monotonic()).toBeLessThan(60_000);
  });

  test.each([125, 112])(
    "over ssh, before a login at the screen (%i): nothing is written, and nothing tried again and again",
    async (noDomainCode) => {
      const { context, launchd, paths, plan } = arrange();
      Object.assign(launchd, { loggedIn: false, noDomainCode });
      expect(await installService(context, paths, plan)).toEqual({ kind: "no-manager" });
      expect(context.files.paths()).toEqual([]);
      expect(await context.files.info(paths.logDir)).toBeUndefined();
      expect(launchd.calls).toEqual([`print gui/${context.uid}`]);
      expect(noManagerWhy(context)).toContain("not logged in at the Mac's screen");
      launchd.loggedIn = true;
      expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "none" });
    },
  );

  test("removed over ssh while nobody is logged in: the description is gone", async () => {
    const { context, launchd, paths, plan } = arrange();
    await installService(context, paths, plan);
    [launchd.loggedIn, launchd.loaded, launchd.pid] = [false, false, undefined];
    expect(await uninstallService(context, plan)).toMatchObject({ kind: "done" });
    expect(context.files.text(plan.file)).toBeUndefined();
  });

  test("a launchctl that does not say in time what runs has its job: that is started anew, not put there twice", async () => {
    const { context, launchd, paths, plan } = arrange();
    await installService(context, paths, plan);
    launchd.hangs = true;
    const before = launchd.calls.length;
    expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "silent" });
    const verbs = launchd.calls.slice(before).map((line) => line.split(" ")[0]);
    expect(verbs.filter((verb) => verb !== "print")).toEqual(["kickstart"]);
  });

  test("an agent that writes is left alone, whether launchctl answers or not", async () => {
    const { context, launchd, paths, plan } = arrange();
    await installService(context, paths, plan);
    writes(context);
    launchd.hangs = true;
    expect(await observeService(context, plan)).toMatchObject({ installed: true, running: null });
    expect(await installService(context, paths, plan)).toEqual({ kind: "unchanged" });
  });

  test("a launchctl that answers nothing at all is told as that", async () => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, planFor(context, ["/old.mjs"]));
    const mute = async (): Promise<RunResult> => ({
      ...{ exitCode: undefined, signal: "SIGTERM", stdout: "", stderr: "" },
      ...{ timedOut: true, startError: undefined },
    });
    const deaf = { ...context, processes: { ...context.processes, run: mute } };
    expect(await installService(deaf, paths, plan)).toMatchObject({
      kind: "failed",
      why: expect.stringMatching(/^launchctl bootout \S+: did not answer within 20 s$/),
    });
  });

  test("described, and taken out of launchd by hand: loaded again", async () => {
    const { context, launchd, paths, plan } = arrange();
    await installService(context, paths, plan);
    launchd.loaded = false;
    expect(await installService(context, paths, plan)).toEqual({ kind: "done", repaired: "ended" });
    expect(launchd.loaded).toBe(true);
  });
});

test("without a user manager nothing is written", async () => {
  const context = fakeContext();
  const paths = pathsOf(context);
  expect(await installService(context, paths, planFor(context))).toEqual({ kind: "no-manager" });
  expect(context.files.paths()).toEqual([]);
  expect(context.processes.calls).toEqual([]);
});
