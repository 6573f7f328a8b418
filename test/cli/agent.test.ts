import { describe, expect, it } from "vitest";
import { AscalonError } from "../../src/cli/errors.ts";
import { build, version } from "../../src/cli/version.ts";
import type { LinkStatus, StatusFile } from "../../src/shared/status.ts";
import { launchdDouble } from "../doubles/launchd-double.ts";
import type { FakeContext } from "../support/fake-context.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const state = "/home/mia/.local/state/ascalon";
const unit = "/home/mia/.config/systemd/user/ascalon-agent.service";

const links: readonly LinkStatus[] = [
  { name: "mux", state: "up", since: 0, rttMs: 1.2, chosen: "the guest's mux server" },
  {
    name: "docker",
    state: "waiting",
    since: 0,
    reason: "Docker does not listen (/home/mia/.colima/default/docker.sock)",
    target: "/home/mia/.colima/default/docker.sock",
    chosen: "Colima's socket",
  },
];

const written = (now: number, more: Partial<StatusFile> = {}): string =>
  JSON.stringify({
    schema: 1,
    writtenAt: now,
    nextWriteBy: now + 10,
    ascalon: "0.0.0",
    build,
    vm: { state: "running", since: now },
    links: links.map((link) => ({ ...link, since: now - 60 })),
    mux: { socketPath: `${state}/sock/mux.sock`, codec: 44, version: "20250223-062404-4ff581a8" },
    gui: [],
    codec: { verdict: "unknown" },
    generation: 7,
    attention: ["Something wants a look."],
    ...more,
  });

function arrange(options: { manager?: boolean; agentWrites?: Partial<StatusFile>; yaml?: string } = {}) {
  let loaded = false;
  const context = hostContext({
    machine: fakeMachine({
      exists: "ours",
      process: "running",
      applied: settingsOf(),
      homeBytes: 50 * 1024 ** 3,
    }),
    ...(options.yaml ? { files: { "/home/mia/.config/ascalon/ascalon.yaml": options.yaml } } : {}),
    programs: ({ file, args }) => {
      const line = [file, ...args].join(" ");
      if (line.includes("restart")) loaded = true;
      if (line.includes("disable")) loaded = false;
      return line.includes("is-active") ? { exitCode: loaded ? 0 : 3 } : {};
    },
  });
  if (options.manager) context.files.put("/run/user/1000/systemd/private", "", { kind: "socket" });
  const now = Math.floor(context.clock.now() / 1000);
  if (options.agentWrites) context.files.put(`${state}/status.json`, written(now, options.agentWrites));
  return context;
}

/** Ctrl-C a moment after something is so, however slow the machine is; what is never so ends all the same. */
function abortOnce(context: FakeContext, isSo: () => boolean): void {
  let left = 400;
  const timer = setInterval(() => {
    left -= 1;
    if (!isSo() && left > 0) return;
    clearInterval(timer);
    setTimeout(() => context.abort(), 50);
  }, 10);
}

describe("agent", () => {
  it("is installed, told, and removed", async () => {
    const context = arrange({ manager: true });
    expect(await runApp(["agent", "install"], context)).toMatchObject({
      code: 0,
      err: expect.stringContaining("The agent is running and starts at each login"),
    });
    expect(context.files.text(unit)).toContain('"agent" "run"');
    const { code, out } = await runApp(["agent", "status", "--json"], context);
    // No agent writes yet; 4 would be a VM that does not run.
    expect(code).toBe(1);
    expect(JSON.parse(out) as object).toMatchObject({
      schema: 1,
      installed: true,
      current: true,
      running: true,
      statusFile: "none",
    });
    expect(await runApp(["agent", "uninstall"], context)).toMatchObject({ code: 0 });
    expect(context.files.text(unit)).toBeUndefined();
  });

  it("without a service manager: refused with what to run instead", async () => {
    const { code, err } = await runApp(["agent", "install"], arrange());
    expect(code).toBe(1);
    expect(err).toContain("E_AGENT");
    expect(err).toContain("ascalon agent run");
  });

  it("logs: the end of its log, or that there is none", async () => {
    const context = arrange();
    expect((await runApp(["agent", "logs"], context)).code).toBe(1);
    context.files.put(`${state}/log/agent.log`, "one\ntwo\n");
    expect((await runApp(["agent", "logs"], context)).out).toBe("one\ntwo\n");
  });

  it("logs: what was in it before it grew too long as well", async () => {
    const context = arrange();
    context.files.put(`${state}/log/agent.log.1`, "one\ntwo\n");
    context.files.put(`${state}/log/agent.log`, "three\n");
    expect((await runApp(["agent", "logs"], context)).out).toBe("one\ntwo\nthree\n");
  });

  it("logs: on a Mac those of the job that Nix installed, when it is the one that writes", async () => {
    const context = hostContext({ host: { platform: "darwin" }, machine: fakeMachine({ exists: "absent" }) });
    context.files.put("/home/mia/Library/Logs/ascalon-agent.log", "nix\n", { modifiedAt: 2_000 });
    expect((await runApp(["agent", "logs"], context)).out).toBe("nix\n");
    expect((await runApp(["logs", "agent"], context)).out).toContain("nix");
    context.files.put(`${state}/log/agent.log`, "old\n", { modifiedAt: 1_000 });
    context.files.put("/home/mia/Library/Logs/ascalon-agent.log", "newer\n", { modifiedAt: 3_000 });
    const { out } = await runApp(["agent", "logs"], context);
    expect(out).toContain("newer");
    expect(out).not.toContain("old");
  });
});

describe("up and the agent", () => {
  it("installs it with a word", async () => {
    const context = arrange({ manager: true });
    const { code, err } = await runApp(["up"], context);
    expect(code).toBe(0);
    expect(err).toContain("Installed the agent");
    expect(context.files.text(unit)).toBeDefined();
  });

  it("leaves an agent alone that writes and is not its own", async () => {
    const context = arrange({ manager: true, agentWrites: {} });
    const { err } = await runApp(["up"], context);
    expect(err).not.toContain("agent");
    expect(context.files.text(unit)).toBeUndefined();
  });

  it("agent.enabled: false removes it", async () => {
    const context = arrange({ manager: true, yaml: "agent: { enabled: false }\n" });
    expect((await runApp(["up"], context)).err).not.toContain("agent");
    context.files.put(unit, "[Unit]\n");
    expect((await runApp(["up"], context)).err).toContain("Removed the agent");
    expect(context.files.text(unit)).toBeUndefined();
  });
});

describe("a clone where macOS keeps it from programs of launchd's", () => {
  const onMac = (clone: string): FakeContext => {
    const launchd = launchdDouble(() => context.clock);
    const context: FakeContext = hostContext({
      host: { platform: "darwin" },
      machine: fakeMachine({
        exists: "ours",
        process: "running",
        applied: settingsOf(),
        homeBytes: 50 * 1024 ** 3,
      }),
      programs: (call) => launchd.answer(call) ?? {},
    });
    // As npm link has it: what is called is a link into the clone.
    context.files.put(`${clone}/dist/ascalon.mjs`, "");
    context.files.put(process.argv[1] ?? "", `${clone}/dist/ascalon.mjs`, { kind: "symlink" });
    return context;
  };

  it.each([
    ["/home/mia/Documents/GitHub/ascalon", "ascalon is in ~/Documents, which macOS keeps from the agent"],
    ["/home/mia/Library/CloudStorage/x/ascalon", "ascalon is in ~/Library/CloudStorage, which"],
    ["/Volumes/Work/ascalon", "ascalon is in /Volumes/Work, which"],
  ])("%s: told when the agent is installed", async (clone, sentence) => {
    for (const argv of [["up"], ["agent", "install"]]) {
      const { code, err } = await runApp(argv, onMac(clone));
      expect(code).toBe(0);
      expect(err).toContain(sentence);
      expect(err).toContain("System Settings > Privacy & Security > Files & Folders.");
    }
  });

  it("no other is told of that", async () => {
    for (const clone of ["/home/mia/src/Documents/ascalon", "/home/mia/DocumentsOfMine/ascalon"])
      expect((await runApp(["agent", "install"], onMac(clone))).err).not.toContain("macOS");
  });

  it("doctor tells it of an agent that does not write, with what helps", async () => {
    const context = onMac("/home/mia/Desktop/ascalon");
    await runApp(["agent", "install"], context);
    const { out } = await runApp(["doctor", "--json"], context);
    const { findings } = JSON.parse(out) as { findings: readonly { id: string }[] };
    expect(findings.find(({ id }) => id === "agent")).toMatchObject({
      verdict: "problem",
      evidence: `${state}/status.json cannot be read; ascalon is in ~/Desktop, which macOS keeps from the agent until you allow it`,
      fix: "ascalon agent install    (once node is allowed in System Settings > Privacy & Security > Files & Folders, or from a clone elsewhere)",
    });
  });
});

describe("an agent that Nix described for the login", () => {
  const nix = "/home/mia/.config/systemd/user/ascalon.service";
  const withNix = (options: Parameters<typeof arrange>[0] = {}) => {
    const context = arrange({ manager: true, ...options });
    context.files.put(nix, "[Service]\nExecStart=/nix/store/x-ascalon/bin/ascalon agent run\n");
    return context;
  };

  const restarts = ({ processes }: ReturnType<typeof arrange>): readonly string[] =>
    processes.calls.map(({ args }) => args.join(" ")).filter((line) => /restart|kickstart/.test(line));

  it("is given no second one, by up or by hand, and is started anew when it does not write", async () => {
    for (const argv of [["up"], ["agent", "install"]]) {
      const context = withNix();
      expect((await runApp(argv, context)).code).toBe(0);
      expect(restarts(context)).toEqual(["--user restart ascalon.service"]);
      expect(context.files.text(unit)).toBeUndefined();
    }
    const { out } = await runApp(["doctor"], withNix());
    expect(out).toContain(`the agent of the Nix configuration (${nix}) does not write its status`);
  });

  it("that writes is the login's agent", async () => {
    const context = withNix({ agentWrites: { ascalon: version, nextWriteBy: 2_000_000_000 } });
    expect((await runApp(["agent", "install"], context)).err).toContain("from the Nix configuration");
    const { code, out } = await runApp(["agent", "status"], context);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining("by the Nix configuration"),
    });
    expect(context.files.text(unit)).toBeUndefined();
    expect(restarts(context)).toEqual([]);
  });

  it("beside ascalon's own is one too many: doctor and agent status say which to remove", async () => {
    const context = arrange({ manager: true, agentWrites: { ascalon: version, nextWriteBy: 2_000_000_000 } });
    await runApp(["agent", "install"], context);
    context.files.put(nix, "[Service]\n");
    const { out } = await runApp(["doctor"], context);
    expect(out).toContain("two agents are installed");
    expect(out).toContain("ascalon agent uninstall");
    expect((await runApp(["agent", "status"], context)).out).toContain(nix);
  });

  it("beside ascalon's own and of another version: none is started anew by each up", async () => {
    const context = arrange({ manager: true, agentWrites: { ascalon: "0.0.1", nextWriteBy: 2_000_000_000 } });
    context.files.put(nix, "[Service]\n");
    context.files.put(unit, "[Service]\n");
    expect((await runApp(["up"], context)).err).not.toContain("agent");
    expect(restarts(context)).toEqual([]);
  });

  it.each(["org.nix-community.home.ascalon", "org.nixos.ascalon"])("on a Mac as %s", async (label) => {
    const kickstarts = async (plist: string): Promise<readonly string[]> => {
      const context = hostContext({
        host: { platform: "darwin" },
        machine: fakeMachine({ exists: "absent" }),
      });
      context.files.put(`/home/mia/Library/LaunchAgents/${label}.plist`, plist);
      await runApp(["agent", "install"], context);
      return restarts(context);
    };
    expect(await kickstarts("<plist><dict></dict></plist>")).toEqual([`kickstart -k gui/1000/${label}`]);
    // One of another state folder is another's.
    const other = "<dict><key>XDG_STATE_HOME</key><string>/s</string></dict>";
    expect(await kickstarts(`<plist><dict><key>EnvironmentVariables</key>${other}</dict></plist>`)).toEqual(
      [],
    );
  });
});

it("an agent keeps short what WezTerm says in a window that attach opened, as its own log", async () => {
  const context = arrange({ yaml: "vm: { cpus: six }\n" });
  const long = "2026-01-02T03:04:05 ERROR wezterm_font > no font\n".repeat(30_000);
  const logs = ["agent.log", "wezterm.log"].map((name) => `${state}/log/${name}`);
  for (const log of logs) context.files.put(log, long);
  abortOnce(context, () => logs.every((log) => context.files.text(log) === ""));
  await runApp(["agent", "run"], { ...context, env: { ...context.env, INVOCATION_ID: "x" } });
  expect(logs.map((log) => context.files.text(log)?.length)).toEqual([0, 0]);
  for (const log of logs) expect(context.files.text(`${log}.1`)).toContain("no font");
});

it("what it asks a slow guest meanwhile keeps no command from its end", async () => {
  const context = hostContext({
    machine: fakeMachine({ exists: "ours", process: "running", applied: settingsOf() }),
    files: {
      "/home/mia/.lima/ascalon/ssh.config":
        "Host lima-ascalon\n  IdentityFile /k\n  User dev\n  ControlPath /c\n  Port 40022\n",
    },
    programs: () => ({}),
  });
  const question = () => context.processes.calls.find(({ args }) => args.at(-1)?.startsWith("readlink"));
  abortOnce(context, () => question() !== undefined);
  await runApp(["agent", "run"], context);
  expect(question()?.options.signal?.aborted).toBe(true);
});

it.each([
  ["login", 1],
  ["off", 0],
])("vm.autostart: %s starts the VM so often", async (autostart, starts) => {
  const context = hostContext({
    machine: fakeMachine({ exists: "ours", process: "stopped", applied: settingsOf() }),
    files: { "/home/mia/.config/ascalon/ascalon.yaml": `vm: { autostart: ${autostart} }\n` },
    programs: () => ({}),
  });
  const started = () => context.processes.calls.filter(({ args }) => args.at(-1) === "start");
  abortOnce(context, () =>
    starts > 0 ? started().length > 0 : context.files.text(`${state}/status.json`) !== undefined,
  );
  await runApp(["agent", "run"], context);
  expect(started()).toHaveLength(starts);
});

describe("a second agent of the login", () => {
  it.each([
    ["started by hand: told at once", {}, 9],
    [
      "started by launchd or systemd: waits, for it would be started again and again",
      { INVOCATION_ID: "x" },
      0,
    ],
  ])("%s", async (_how, env, ends) => {
    const context = arrange({ agentWrites: { nextWriteBy: 2_000_000_000 } });
    const holder = { pid: 77, startedAt: " 77", command: "ascalon agent run" };
    context.files.put(`${state}/agent/lock.d/1`, JSON.stringify(holder));
    for (const pid of [77, process.pid]) {
      context.files.put(`/proc/${pid}/stat`, `${pid} (node) S 0 ${"0 ".repeat(17)}${pid}`);
      context.processes.living.add(pid);
    }
    const sleep = async (ms: number): Promise<void> => {
      await context.clock.sleep(ms);
      if (context.clock.monotonic() >= 60_000 && ms < 60_000) context.abort();
    };
    const { code, err } = await runApp(["agent", "run"], {
      ...context,
      env: { ...context.env, ...env },
      clock: { ...context.clock, sleep },
    });
    expect({ code, err }).toEqual({
      code: ends,
      err: expect.stringContaining("`ascalon agent run`, pid 77"),
    });
    // An agent is not to be waited for: it does not end.
    if (ends !== 0)
      expect(err).toMatch(/why: only one at a time keeps the links up\n {2}run: ascalon agent status$/m);
  });
});

/** An agent that lives as pid 77. */
function holdAgentLock(context: ReturnType<typeof arrange>): void {
  const holder = { pid: 77, startedAt: " 77", command: "ascalon agent run" };
  context.files.put(`${state}/agent/lock.d/1`, JSON.stringify(holder));
  for (const pid of [77, process.pid]) {
    context.files.put(`/proc/${pid}/stat`, `${pid} (node) S 0 ${"0 ".repeat(17)}${pid}`);
    context.processes.living.add(pid);
  }
}

it("links that cannot be held, because another agent has its turn and is late: told, and over", async () => {
  const context = arrange({ agentWrites: { writtenAt: 1, nextWriteBy: 11 } });
  holdAgentLock(context);
  const { code, err } = await runApp(["heal", "--hold"], context);
  expect({ code, err }).toEqual({ code: 9, err: expect.stringContaining("pid 77") });
  // What still waits would keep the program from its end.
  const slept = context.clock.slept.length;
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(context.clock.slept.length).toBeLessThanOrEqual(slept + 1);
});

describe("two configurations of one login", () => {
  const second = (yaml: string) => {
    const first = arrange({ manager: true });
    const env = {
      ...first.env,
      XDG_STATE_HOME: "/home/mia/try/state",
      ASCALON_CONFIG: "/home/mia/try/a.yaml",
    };
    first.files.put("/home/mia/try/a.yaml", yaml);
    return { first, other: { ...first, env } };
  };

  it("a trial with agent.enabled: false leaves the user's agent as it is, and says so", async () => {
    const { first, other } = second("agent: { enabled: false }\n");
    await runApp(["up"], first);
    const text = first.files.text(unit);
    const { err } = await runApp(["up"], other);
    expect(err).toContain(
      "belongs to another configuration (settings /home/mia/.config/ascalon/ascalon.yaml",
    );
    expect(first.files.text(unit)).toBe(text);
  });

  it("and one with an agent does not redirect it; asked for by hand it says how to remove that one", async () => {
    const { first, other } = second("vm: { cpus: 2 }\n");
    await runApp(["up"], first);
    const text = first.files.text(unit);
    expect((await runApp(["up"], other)).err).toContain("ascalon agent run");
    const { code, err } = await runApp(["agent", "install"], other);
    expect(code).toBe(1);
    expect(err).toContain("ascalon agent uninstall");
    expect(first.files.text(unit)).toBe(text);
    const back = await runApp(["agent", "uninstall"], { ...first, env: { ...first.env, LIMA_HOME: "/l" } });
    expect(back.code).toBe(0);
  });

  const flag = ["--config", "/home/mia/try/a.yaml"];
  it.each<[string, "first" | "other", readonly string[], "first" | "other", readonly string[]]>([
    ["the user's, in a shell with other variables", "first", [], "other", []],
    ["the user's, with --config", "first", [], "first", flag],
    ["that of other variables, in the user's shell", "other", [], "first", []],
    ["that of other variables, with --config", "other", [], "first", flag],
    ["that of --config, in the user's shell", "first", flag, "first", []],
    ["that of --config, with another one", "first", flag, "first", ["--config", "/home/mia/b.yaml"]],
  ])("what is told to remove an agent removes it: %s", async (_, whose, its, from, flags) => {
    const shells = second("vm: { cpus: 2 }\n");
    shells.first.files.put("/home/mia/b.yaml", "");
    await runApp([...its, "agent", "install"], shells[whose]);
    expect(shells.first.files.text(unit)).toBeDefined();
    const { code, err } = await runApp([...flags, "agent", "install"], shells[from]);
    const run = /belongs to another configuration[\s\S]*run: (.*)$/m.exec(err)?.[1];
    const words = run?.split(" ") ?? [];
    const env: Record<string, string | undefined> = { ...shells[from].env };
    const at = words.indexOf("ascalon");
    for (const [index, word] of words.slice(0, at).entries()) {
      if (words[index - 1] === "-u") delete env[word];
      else if (word.includes("=")) env[word.slice(0, word.indexOf("="))] = word.slice(word.indexOf("=") + 1);
    }
    const removed = await runApp(words.slice(at + 1), { ...shells[from], env });
    expect([code, removed.code]).toEqual([1, 0]);
    expect(shells.first.files.text(unit)).toBeUndefined();
  });

  it("whose links are kept by somebody else is told nothing by up", async () => {
    const { first, other } = second("vm: { cpus: 2 }\n");
    await runApp(["up"], first);
    const now = Math.floor(first.clock.now() / 1000);
    first.files.put("/home/mia/try/state/ascalon/status.json", written(now, { nextWriteBy: now + 100 }));
    const before = first.err().length;
    const { err } = await runApp(["up"], other);
    expect(err.slice(before)).not.toContain("agent");
  });
});

describe("up from another shell", () => {
  it("says nothing, writes nothing and asks no service manager", async () => {
    const context = arrange({ manager: true, agentWrites: { ascalon: version, nextWriteBy: 2_000_000_000 } });
    await runApp(["agent", "install"], context);
    const text = context.files.text(unit);
    const calls = context.processes.calls.length;
    const direnv = {
      PATH: "/home/mia/project/.venv/bin:/usr/bin",
      DOCKER_HOST: "unix:///home/mia/project/d.sock",
    };
    const { err } = await runApp(["up"], { ...context, env: { ...context.env, ...direnv } });
    expect(err).not.toMatch(/Installed the agent|Started the agent/);
    expect(context.files.text(unit)).toBe(text);
    expect(context.processes.calls.slice(calls).filter(({ file }) => file === "systemctl")).toEqual([]);
  });

  it("an upgrade in place reaches the agent that runs", async () => {
    const context = arrange({ manager: true, agentWrites: { ascalon: version, nextWriteBy: 2_000_000_000 } });
    await runApp(["agent", "install"], context);
    context.files.put(
      `${state}/status.json`,
      written(Math.floor(context.clock.now() / 1000), { ascalon: "0.0.1", nextWriteBy: 2_000_000_000 }),
    );
    expect((await runApp(["agent", "status"], context)).out).toContain("this version no, 0.0.1 runs");
    expect((await runApp(["doctor"], context)).out).toContain("is ascalon 0.0.1");
    expect((await runApp(["up"], context)).err).toContain("it was still the previous version");
  });

  it("so does a build of the same version, as from a clone that was pulled; status and doctor say it before", async () => {
    const upgraded = async () => {
      const agentWrites = { ascalon: version, build: "before", nextWriteBy: 2_000_000_000 };
      const context = arrange({ manager: true, agentWrites });
      await runApp(["agent", "install"], context);
      context.files.put(`${state}/status.json`, written(Math.floor(context.clock.now() / 1000), agentWrites));
      return context;
    };
    const said = async (...argv: string[]) => (await runApp(argv, await upgraded())).out;
    expect(await said("status")).toMatch(
      /attention The running agent is of another build of ascalon\. .*: ascalon agent install /,
    );
    expect(JSON.parse(await said("status", "--json"))).toMatchObject({ agent: { current: false } });
    expect(await said("agent", "status")).toContain(`this version no, another build of ${version} runs: `);
    const doctor = await said("doctor");
    expect(doctor).toContain(`the running agent is ascalon ${version}, this is another build of it`);
    expect(doctor).toContain("run: ascalon agent install");
    const context = await upgraded();
    expect((await runApp(["up"], context)).err).toContain("it was still the previous version");
  });

  it("of an agent that is of this build status says nothing of that", async () => {
    const context = arrange({ agentWrites: { ascalon: version } });
    expect((await runApp(["status"], context)).out).not.toContain("another build");
  });
});

describe("a service manager that does not answer", () => {
  const deaf = () => {
    const context = arrange({ manager: true, agentWrites: { ascalon: version, nextWriteBy: 2_000_000_000 } });
    const { run } = context.processes;
    const processes: typeof context.processes = {
      ...context.processes,
      run: async (file, args, options) => ({
        ...(await run(file, args, options)),
        ...(args.includes("is-active") ? { exitCode: undefined, timedOut: true } : {}),
      }),
    };
    return { context, deaf: { ...context, processes } };
  };

  const told = async (...argv: string[]): Promise<string> => {
    const { context, deaf: asked } = deaf();
    await runApp(["agent", "install"], context);
    return (await runApp(argv, asked)).out;
  };

  it("is told as that, and not as an agent that does not run", async () => {
    expect(await told("agent", "status")).toContain("running      not known: systemctl does not answer\n");
    expect(JSON.parse(await told("agent", "status", "--json"))).toMatchObject({ running: null });
    const { findings } = JSON.parse(await told("doctor", "--json")) as {
      findings: { id: string; verdict: string }[];
    };
    expect(findings.find(({ id }) => id === "agent")).toMatchObject({ verdict: "ok" });
  });
});

describe("config set agent.enabled", () => {
  it("false: the agent goes at once, as is said; true: the next up brings it", async () => {
    const context = arrange({ manager: true });
    await runApp(["up"], context);
    const off = await runApp(["config", "set", "agent.enabled", "false"], context);
    expect(off.err).toContain("takes effect at once");
    expect(off.err).toContain("Removed the agent");
    expect(context.files.text(unit)).toBeUndefined();
    const on = await runApp(["config", "set", "agent.enabled", "true"], context);
    expect(on.err).toContain("Next: ascalon up");
    await runApp(["up"], context);
    expect(context.files.text(unit)).toBeDefined();
  });

  it("another setting leaves the agent as it is", async () => {
    const context = arrange({ manager: true, yaml: "agent: { enabled: false }\n" });
    context.files.put(unit, "[Unit]\n");
    await runApp(["config", "set", "vm.cpus", "2"], context);
    expect(context.files.text(unit)).toBe("[Unit]\n");
  });
});

describe("status", () => {
  it("shows the links, which socket was taken and why, the codec and the generation", async () => {
    const { out } = await runApp(["status"], arrange({ agentWrites: {} }));
    expect(out).toMatch(/link +mux +up +for 1 min · answers in 1\.2 ms/);
    expect(out).toContain("docker  waiting  for 1 min · Docker does not listen");
    expect(out).toContain("Colima's socket, ~/.colima/default/docker.sock");
    expect(out).toContain("44 in the VM");
    expect(out).toContain("generation 7");
    expect(out).toContain("Something wants a look.");
  });

  const gui = [{ pid: 7, codec: 42, version: "20240203" }];
  it.each<[string, Partial<StatusFile>, RegExp]>([
    [
      "the same",
      { codec: { verdict: "equal" }, gui: [{ pid: 7, codec: 44, version: "x" }] },
      /codec +44 in the VM \(20250223-\S+\), the same as WezTerm here\n/,
    ],
    [
      "another",
      { codec: { verdict: "different", sentence: "s", fix: "Update WezTerm." }, gui },
      /codec +44 in the VM \(20250223-\S+\), 42 in WezTerm here\. Update WezTerm\.\n/,
    ],
    ["not known here", {}, /codec +44 in the VM \(\S+\); no WezTerm window is open to compare it with\n/],
  ])("tells of the codec when it is %s", async (_, agentWrites, expected) => {
    expect((await runApp(["status"], arrange({ agentWrites }))).out).toMatch(expected);
  });

  it("tells nothing of a codec that is not known", async () => {
    const mux = { socketPath: `${state}/sock/mux.sock` };
    const { out } = await runApp(["status"], arrange({ agentWrites: { mux } }));
    expect(out).toContain("generation 7");
    expect(out).not.toContain("codec");
  });

  it("of settings that want no agent it says how links are had on demand", async () => {
    const { out } = await runApp(["status"], arrange({ yaml: "agent: { enabled: false }\n" }));
    expect(out).toMatch(/links +the agent is off in the settings; links on demand: ascalon heal --hold\n/);
  });

  it("says of an agent, or of links held by hand, that ended in order just that", async () => {
    const ended = { writtenAt: 100, nextWriteBy: 99 };
    const { out } = await runApp(["status"], arrange({ agentWrites: ended }));
    expect(out).toMatch(/links +what kept them up ended .* ago: ascalon agent install/);
    expect(out).not.toContain("no news");
    const json = JSON.parse((await runApp(["status", "--json"], arrange({ agentWrites: ended }))).out);
    expect(json).toMatchObject({ agent: { state: "stale", ended: true, links: [] } });
  });

  it("takes one that promised nothing beyond the moment it wrote for no end", async () => {
    const { out } = await runApp(["status"], arrange({ agentWrites: { writtenAt: 100, nextWriteBy: 100 } }));
    expect(out).toContain("no news from the agent for");
  });

  it("does not believe an agent that is late", async () => {
    const context = arrange({ agentWrites: { writtenAt: 1, nextWriteBy: 11 } });
    const { out } = await runApp(["status"], context);
    expect(out).toContain("no news from the agent for");
    const json = JSON.parse(
      (await runApp(["status", "--json"], arrange({ agentWrites: { writtenAt: 1, nextWriteBy: 11 } }))).out,
    );
    expect(json).toMatchObject({ agent: { state: "stale", ended: false, links: [] } });
  });
});

describe("heal", () => {
  it("without an agent: what to run", async () => {
    const { code, err } = await runApp(["heal"], arrange());
    expect(code).toBe(1);
    expect(err).toContain("E_AGENT");
    expect(err).toContain("ascalon heal --hold");
  });

  it("that an agent has taken and not ended in time: 7, and what to look at", async () => {
    const context = arrange({ agentWrites: { nextWriteBy: 2_000_000_000 } });
    const { linkExclusive } = context.files;
    const files = {
      ...context.files,
      linkExclusive: async (path: string, text: string) => {
        const isMade = await linkExclusive(path, text);
        await context.files.remove(path);
        return isMade;
      },
    };
    const { code, out, err } = await runApp(["heal"], { ...context, files });
    expect(code).toBe(7);
    expect(out).toContain("Docker does not listen");
    expect(err).toBe("Not everything is healed yet; the agent keeps trying. Next: ascalon doctor\n");
  });

  it("of an agent that lives and writes nothing does not say that it goes on", async () => {
    const context = arrange({ agentWrites: { writtenAt: 1, nextWriteBy: 11 } });
    holdAgentLock(context);
    const { code, err } = await runApp(["heal"], context);
    expect({ code, err }).toEqual({
      code: 7,
      err: "The agent does not answer: it is busy, or hangs. Next: ascalon doctor\n",
    });
  });
});

it("status --watch speaks when something changes, and only then", async () => {
  const context = arrange({ agentWrites: { nextWriteBy: 2_000_000_000 } });
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    await context.clock.sleep(ms, signal);
    const seconds = context.clock.monotonic() / 1000;
    if (seconds === 10)
      context.files.put(
        `${state}/status.json`,
        written(Math.floor(context.clock.now() / 1000), { links: [], nextWriteBy: 2_000_000_000 }),
      );
    if (seconds >= 20) context.abort();
  };
  const { code, out } = await runApp(["status", "--watch", "--json"], {
    ...context,
    clock: { ...context.clock, sleep },
  });
  expect(code).toBe(0);
  const documents = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { agent: { links: unknown[] } });
  expect(documents.map(({ agent }) => agent.links.length)).toEqual([2, 0]);
});

describe("doctor", () => {
  it("has a problem for each thing that is wrong, as text and as JSON", async () => {
    const { code, out } = await runApp(["doctor", "--json"], arrange());
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { id: string; verdict: string }[] };
    expect(findings.find(({ id }) => id === "link-mux")?.verdict).toBe("problem");
    expect(findings.find(({ id }) => id === "settings")?.verdict).toBe("ok");
    expect((await runApp(["doctor"], arrange())).out).toContain("problem");
  });

  it("invalid settings are one finding among the others", async () => {
    const { out } = await runApp(["doctor", "--json"], arrange({ yaml: "vm: { cpus: six }\n" }));
    const { findings } = JSON.parse(out) as { findings: { id: string; verdict: string }[] };
    expect(findings.find(({ id }) => id === "settings")?.verdict).toBe("problem");
    expect(findings.length).toBeGreaterThan(8);
  });

  it("tells to run what is about the settings file that it was asked of", async () => {
    const context = arrange();
    context.files.put("/other folder/a.yaml", "vm: { cpus: six }\n");
    const { out } = await runApp(["--config", "/other folder/a.yaml", "doctor"], context);
    expect(out).toContain("run: ascalon --config '/other folder/a.yaml' config edit");
    expect(out).toContain("run: ascalon --config '/other folder/a.yaml' agent install");
    expect(out).not.toMatch(/run: ascalon (?!--config )/);
  });

  const agentFinding = async (context: ReturnType<typeof arrange>) => {
    const { findings } = JSON.parse((await runApp(["doctor", "--json"], context)).out) as {
      findings: { id: string; verdict: string; evidence: string; fix?: string }[];
    };
    return findings.find(({ id }) => id === "agent");
  };

  it("a folder in the place of the agent's description is one finding among the others", async () => {
    const context = arrange();
    await context.files.makeFolder(`${context.host.home}/.config/systemd/user/ascalon-agent.service`);
    const { code, out } = await runApp(["doctor", "--json"], context);
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { id: string; evidence: string }[] };
    expect(findings.find(({ id }) => id === "agent")?.evidence).toContain("cannot be read: EISDIR");
    expect(findings.length).toBeGreaterThan(8);
  });

  it("agent.enabled: false wants none, and --fix starts none", async () => {
    const context = arrange({ manager: true, yaml: "agent: { enabled: false }\n" });
    expect(await agentFinding(context)).toMatchObject({ verdict: "ok" });
    const { err } = await runApp(["doctor", "--fix"], context);
    expect(err).not.toContain("agent install");
    expect(err).not.toContain("ascalon heal");
  });

  it("an agent that Nix or a terminal runs is one", async () => {
    const context = arrange({ manager: true, agentWrites: { ascalon: version, nextWriteBy: 2_000_000_000 } });
    expect(await agentFinding(context)).toMatchObject({
      verdict: "ok",
      evidence: expect.stringContaining("Nix"),
    });
  });

  it("--fix runs no command that only begins like one of its own", async () => {
    const context = arrange({ manager: true, yaml: "agent: { enabled: false }\n" });
    const machine = await context.openMachine(context, async () => "qemu");
    const triedFor = async (run: string): Promise<string> => {
      const version = async () => {
        throw new AscalonError("E_LIMA", { what: "no word of Lima", run });
      };
      const openMachine = async () => ({ ...machine, version });
      await runApp(["doctor", "--fix"], { ...context, openMachine });
      return context.err();
    };
    expect(await triedFor("ascalon heal --hold")).not.toContain("$ ascalon heal");
    expect(await triedFor("ascalon heal    (once more)")).toContain("$ ascalon heal\n");
  });

  it("--fix ends with Ctrl-C in the first repair: the next one is not begun", async () => {
    const context = arrange({ manager: true });
    const machine = await context.openMachine(context, async () => "qemu");
    const version = async () => {
      throw new AscalonError("E_LIMA", { what: "no word of Lima", run: "ascalon up" });
    };
    const inherit = async () => {
      context.abort();
      return { exitCode: 130, signal: undefined, startError: undefined };
    };
    const processes = { ...context.processes, inherit };
    const openMachine = async () => ({ ...machine, version });
    const { code, err, out } = await runApp(["doctor", "--fix"], { ...context, openMachine, processes });
    expect({ code, out }).toEqual({ code: 130, out: "" });
    expect(err.match(/^\$ ascalon .*$/gm)).toEqual(["$ ascalon up"]);
    expect(err).toContain("E_INTERRUPTED");
  });

  it("--fix runs ascalon's own repairs, and says so", async () => {
    const context = arrange({ manager: true });
    const { err } = await runApp(["doctor", "--fix", "--json"], context);
    expect(err).toContain("$ ascalon agent install");
  });
});
