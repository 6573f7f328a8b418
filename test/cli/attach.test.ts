import { describe, expect, test } from "vitest";
import { attachAfterUp } from "../../src/cli/commands/attach-after-up.ts";
import { runAttach } from "../../src/cli/commands/attach-run.ts";
import { noteWish } from "../../src/cli/lifecycle/stopped-by-hand.ts";
import { connectWords } from "../../src/cli/wezterm/gui-program.ts";
import { askToAttach, userVariable } from "../../src/cli/wezterm/user-variable.ts";
import type { StatusFile } from "../../src/shared/status.ts";
import { type FakeOptions, fakeContext } from "../support/fake-context.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext } from "../support/run-app.ts";

const statusPath = "/home/mia/.local/state/ascalon/status.json";
const configPath = "/home/mia/.config/wezterm/wezterm.lua";
const socketPath = "/home/mia/.local/state/ascalon/sock/mux.sock";

const wellStatus = (now: number, changes: Partial<StatusFile> = {}): StatusFile => ({
  schema: 1,
  writtenAt: now,
  nextWriteBy: now + 15,
  ascalon: "1",
  vm: { state: "running", since: 1 },
  links: [{ name: "mux", state: "up", since: 1 }],
  mux: { socketPath, codec: 44, version: "a" },
  gui: [],
  codec: { verdict: "unknown" },
  attention: [],
  ...changes,
});

const inPane = { TERM_PROGRAM: "WezTerm", WEZTERM_PANE: "3" };
const onDesktop = { DISPLAY: ":0", PATH: "/usr/bin" };

function world(options: FakeOptions = {}, changes: Partial<StatusFile> = {}, hasWezTerm = false) {
  const context = hostContext({ programs: () => ({}), ...options });
  if (hasWezTerm) context.files.put("/usr/bin/wezterm", "", { mode: 0o755 });
  context.files.put(statusPath, JSON.stringify(wellStatus(Math.floor(context.clock.now() / 1000), changes)));
  return context;
}

const waiting: Partial<StatusFile> = { links: [{ name: "mux", state: "waiting", since: 1 }] };

/**
 * A VM that was found running in its shutdown, or that a person stops, and that ends after three seconds; once it was
 * started, it has its link.
 */
function shuttingDown(env: Readonly<Record<string, string>>, hasWezTerm: boolean, byHand = false) {
  const applied = settingsOf();
  const machine = fakeMachine({ exists: "ours", process: "running", applied, homeBytes: 50 * 1024 ** 3 });
  const context = world({ isTTY: true, env, machine }, waiting, hasWezTerm);
  context.files.put("/run/user/1000/systemd/private", "");
  const began = context.clock.now();
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    await context.clock.sleep(ms, signal);
    const now = context.clock.now();
    const hasStarted = machine.calls.includes("start");
    const hasEnded = !hasStarted && now - began >= 3000;
    if (hasEnded) machine.state.process = "stopped";
    if (hasEnded && byHand) await noteWish(context, "/home/mia/.local/state/ascalon", "down");
    const changes = hasEnded ? { ...waiting, vm: { state: "stopped", since: 1 } as const } : waiting;
    const status = wellStatus(Math.floor(now / 1000), hasStarted ? {} : changes);
    context.files.put(statusPath, JSON.stringify(status));
  };
  return { context, machine, host: { ...context, clock: { ...context.clock, sleep } } };
}

describe("ascalon attach in a pane of WezTerm", () => {
  test("asks the plugin by user variable", async () => {
    const context = world({ isTTY: true, env: inPane });
    context.files.put(configPath, "require('ascalon')");
    expect(await runAttach(context, {}, [])).toBe(0);
    expect(context.err()).toContain("\u001b]1337;SetUserVar=ascalon.attach=");
  });

  test.each([
    "/home/mia/.config/wezterm/vm.lua",
    "/home/mia/.config/wezterm/config/domains/vm.lua",
    "/home/mia/.wezterm/vm.lua",
  ])("asks the plugin that a module of the person's own loads: %s", async (path) => {
    const context = world({ isTTY: true, env: { ...inPane, ...onDesktop } }, {}, true);
    context.files.put(configPath, "return require('main')");
    context.files.put(path, "return function(config) require('ascalon').apply_to_config(config) end");
    expect(await runAttach(context, {}, [])).toBe(0);
    expect(context.err()).toContain("\u001b]1337;SetUserVar=ascalon.attach=");
    expect(context.err()).not.toContain("run ascalon wezterm install");
  });

  test("takes no module for loaded when there is no configuration", async () => {
    const context = world({ isTTY: true, env: { ...inPane, ...onDesktop } }, {}, true);
    context.files.put("/home/mia/.config/wezterm/ascalon.lua", "-- \nreturn 'ascalon'");
    await runAttach(context, {}, []);
    expect(context.err()).toContain("run ascalon wezterm install");
  });

  test("opens a window from a pane of a mux server of this machine, which the plugin does not hear", async () => {
    const env = { ...inPane, ...onDesktop, WEZTERM_UNIX_SOCKET: "/run/user/1000/wezterm/sock" };
    const context = world({ isTTY: true, env }, {}, true);
    context.files.put(configPath, "require('ascalon')");
    expect(await runAttach(context, {}, [])).toBe(0);
    expect(context.err()).not.toContain("SetUserVar");
    expect(context.err()).toContain("opened a WezTerm window on the VM");
  });

  test("asks the plugin in a pane that names the socket of its GUI", async () => {
    const env = { ...inPane, WEZTERM_UNIX_SOCKET: "/run/user/1000/wezterm/gui-sock-4242" };
    expect(askToAttach(world({ isTTY: true, env }))).toBe(true);
  });

  test("wraps the sequence for tmux", () => {
    expect(userVariable("ascalon.attach", "1", true)).toBe(
      "\u001bPtmux;\u001b\u001b]1337;SetUserVar=ascalon.attach=MQ==\u0007\u001b\\",
    );
  });

  test("asks through tmux, which calls itself the terminal's program", async () => {
    const context = world({ isTTY: true, env: { ...inPane, TERM_PROGRAM: "tmux", TMUX: "/tmp/tmux,1,0" } });
    expect(askToAttach(context)).toBe(true);
    expect(context.err()).toContain("\u001bPtmux;\u001b\u001b]1337;SetUserVar=ascalon.attach=");
  });

  /** tmux as it answers for its option; one before 3.3 does not know it. */
  function inTmux(answer: { readonly stdout?: string; readonly exitCode?: number }) {
    const env = { ...inPane, ...onDesktop, TERM_PROGRAM: "tmux", TMUX: "/tmp/tmux,1,0" };
    const programs = ({ file }: { readonly file: string }) => (file === "tmux" ? answer : {});
    const context = world({ isTTY: true, env, programs }, {}, true);
    context.files.put(configPath, "require('ascalon')");
    return context;
  }

  test.each([[{ stdout: "on\n" }], [{ stdout: "all\n" }], [{ exitCode: 1, stdout: "" }]])(
    "asks through a tmux that passes it on: %o",
    async (answer) => {
      const context = inTmux(answer);
      expect(await runAttach(context, {}, [])).toBe(0);
      expect(context.err()).toContain("asked WezTerm to attach the VM");
    },
  );

  test("does not claim to have asked through a tmux that drops it: says what helps, and opens a window", async () => {
    const context = inTmux({ stdout: "off\n" });
    expect(await runAttach(context, {}, [])).toBe(0);
    expect(context.err()).not.toContain("SetUserVar");
    expect(context.err()).toContain("tmux set -g allow-passthrough on");
    expect(context.err()).toContain("opened a WezTerm window on the VM");
  });

  test.each([
    ["of a WezTerm that was started from tmux", "xterm-256color", false],
    ["of a tmux before 3.2", "screen-256color", true],
  ])("wraps the sequence where a tmux is between, and there alone: a pane %s", (_which, TERM, isWrapped) => {
    const env = { ...inPane, TERM, TMUX: "/tmp/tmux,1,0" };
    const context = world({ isTTY: true, env, programs: () => ({ stdout: "off\n" }) });
    askToAttach(context);
    expect(context.err().startsWith("\u001bPtmux;")).toBe(isWrapped);
  });

  test("asks without tmux in a WezTerm that was started from one", async () => {
    const env = { ...inPane, TERM: "wezterm", TMUX: "/tmp/tmux,1,0" };
    const context = world({ isTTY: true, env, programs: () => ({ stdout: "off\n" }) });
    await attachAfterUp(context, true);
    expect(context.err().startsWith("\u001b]1337;SetUserVar=ascalon.attach=")).toBe(true);
  });

  test("up --attach says so too", async () => {
    const context = inTmux({ stdout: "off\n" });
    await attachAfterUp(context, true);
    expect(context.err()).toBe(
      "tmux keeps from WezTerm what ascalon asks it; this lets it through: tmux set -g allow-passthrough on\nSo nothing was attached. Next: ascalon attach\n",
    );
  });

  test("takes a comment about ascalon for no plugin", async () => {
    const context = world({ isTTY: true, env: { ...inPane, ...onDesktop } }, {}, true);
    context.files.put(configPath, "-- no ascalon here yet\nreturn {} --[[ ascalon ]]\n");
    await runAttach(context, {}, []);
    expect(context.err()).toContain("run ascalon wezterm install");
  });

  test("says how to install when the configuration does not load the plugin", async () => {
    const context = world({ isTTY: true, env: { ...inPane, ...onDesktop } }, {}, true);
    await runAttach(context, {}, []);
    expect(context.err()).toContain("run ascalon wezterm install");
  });

  test.each([
    ["another terminal", { isTTY: true, env: { TERM_PROGRAM: "Apple_Terminal", WEZTERM_PANE: "3" } }],
    ["ssh from a pane", { isTTY: true, env: { ...inPane, SSH_CONNECTION: "x" } }],
    ["a pipe", { isTTY: false, env: inPane }],
  ])("does not print the sequence in %s", (_where, options) => {
    const context = fakeContext(options);
    expect(askToAttach(context)).toBe(false);
    expect(context.out() + context.err()).toBe("");
  });
});

test("a window that this shell opens on a Mac loads what this shell's XDG_CONFIG_HOME names, not what the Dock's does", async () => {
  const xdg = { PATH: "/usr/bin", XDG_CONFIG_HOME: "/home/mia/dotfiles" };
  const opened = async (path: string) => {
    const context = world({ env: xdg, host: { platform: "darwin" } }, {}, true);
    context.files.put("/home/mia/dotfiles/wezterm/wezterm.lua", "return {}");
    context.files.put(path, "require('ascalon')");
    expect(await runAttach(context, {}, [])).toBe(0);
    return context.processes.calls.find(({ kind }) => kind === "detach")?.args;
  };
  expect(await opened("/home/mia/dotfiles/wezterm/wezterm.lua")).toEqual(["connect", "ascalon"]);
  expect((await opened(configPath))?.[0]).toBe("--config");
});

describe("The end of ascalon up --attach", () => {
  const sequence = "\u001b]1337;SetUserVar=ascalon.attach=";

  /** A world whose mux link is up after so many seconds; its status stays fresh. */
  function linkedAfter(seconds: number) {
    const context = world({ isTTY: true, env: inPane }, waiting);
    const began = context.clock.now();
    const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
      await context.clock.sleep(ms, signal);
      const now = context.clock.now();
      const changes = now - began >= seconds * 1000 ? {} : waiting;
      context.files.put(statusPath, JSON.stringify(wellStatus(Math.floor(now / 1000), changes)));
    };
    const waited = () => (context.clock.now() - began) / 1000;
    return { context, waited, host: { ...context, clock: { ...context.clock, sleep } } };
  }

  test("asks the plugin at once when the link is there", async () => {
    const { context, waited, host } = linkedAfter(0);
    context.files.put(statusPath, JSON.stringify(wellStatus(Math.floor(context.clock.now() / 1000))));
    await attachAfterUp(host, true);
    expect(context.err()).toContain(sequence);
    expect(waited()).toBe(1);
  });

  test("waits for the link, which follows the VM", async () => {
    const { context, waited, host } = linkedAfter(7);
    await attachAfterUp(host, true);
    expect(context.err()).toContain(sequence);
    expect(waited()).toBe(9);
  });

  test("asks after 20 seconds all the same: the plugin waits too, or explains", async () => {
    const { context, waited, host } = linkedAfter(3600);
    await attachAfterUp(host, true);
    expect(context.err()).toContain(sequence);
    expect(waited()).toBe(21);
  });

  test("starts a VM whose guest was shutting down, and asks the plugin when it is linked", async () => {
    const { context, machine, host } = shuttingDown(inPane, false);
    await attachAfterUp(host, true);
    expect(machine.calls).toEqual(["start"]);
    expect(context.err()).toContain(sequence);
  });

  test("lets a VM lie that a person has stopped since", async () => {
    const { machine, host } = shuttingDown(inPane, false, true);
    await attachAfterUp(host, true);
    expect(machine.calls).toEqual([]);
  });

  test("waits for nothing when up itself was not to wait", async () => {
    const { waited, host } = linkedAfter(3600);
    await attachAfterUp(host, false);
    expect(waited()).toBe(1);
  });

  test("ends with the signal, and asks nothing", async () => {
    const { context, host } = linkedAfter(3600);
    await expect(attachAfterUp({ ...host, signal: AbortSignal.abort() }, true)).rejects.toThrow("aborted");
    expect(context.err()).not.toContain(sequence);
  });

  test("says where to go on outside WezTerm", async () => {
    const context = world();
    await attachAfterUp(context, true);
    expect(context.err()).toContain("Next: ascalon attach");
  });
});

describe("ascalon attach elsewhere", () => {
  test("opens a WezTerm of its own after the gate", async () => {
    const context = world({ env: onDesktop }, {}, true);
    context.files.put(configPath, "require('ascalon')");
    expect(await runAttach(context, {}, [])).toBe(0);
    expect(context.err()).toContain("opened a WezTerm window on the VM");
  });

  test.each([
    [{ exitCode: 1 }, "WezTerm ended at once (exit code 1)."],
    [{ signal: "SIGABRT" }, "WezTerm ended at once (SIGABRT)."],
    [{ startError: "EACCES" }, "/usr/bin/wezterm cannot be started (EACCES)."],
  ])(
    "claims no window of a WezTerm that ended at once, and shows its last words: %o",
    async (end, sentence) => {
      const log = "/home/mia/.local/state/ascalon/log/wezterm.log";
      const context = world({
        env: onDesktop,
        programs: ({ kind }) => {
          if (kind !== "detach") return {};
          const before = context.files.text(log) ?? "";
          context.files.put(log, `${before}ERROR wezterm_gui > no display; \u001b[2Jterminating\n`);
          return end;
        },
      });
      context.files.put("/usr/bin/wezterm", "", { mode: 0o755 });
      context.files.put(log, "of the last time\n");
      context.files.put(statusPath, JSON.stringify(wellStatus(Math.floor(context.clock.now() / 1000))));
      expect(await runAttach(context, {}, [])).toBe(1);
      expect(context.err()).toBe(
        `ascalon: ${sentence}\n  ERROR wezterm_gui > no display; terminating\n  run: ascalon shell\n`,
      );
    },
  );

  test("waits no longer than it takes to fail for a WezTerm that stays", async () => {
    const context = world(
      { env: onDesktop, programs: ({ kind }) => (kind === "detach" ? new Promise(() => {}) : {}) },
      {},
      true,
    );
    const began = context.clock.now();
    expect(await runAttach(context, {}, [])).toBe(0);
    expect(context.clock.now() - began).toBe(2000);
    expect(context.err()).toContain("opened a WezTerm window on the VM");
  });

  test("starts a VM whose guest was shutting down, and opens the window then", async () => {
    const { context, machine, host } = shuttingDown(onDesktop, true);
    context.files.put(configPath, "require('ascalon')");
    expect(await runAttach(host, {}, [])).toBe(0);
    expect(machine.calls).toEqual(["start"]);
    expect(context.err()).toContain("opened a WezTerm window on the VM");
  });

  test.each([
    ["ascalon attach", (host: Parameters<typeof runAttach>[0]) => runAttach(host, {}, [])],
    ["ascalon up", (host: Parameters<typeof runAttach>[0]) => attachAfterUp(host, true)],
  ])("while it starts the VM, others are told that %s is at work", async (name, work) => {
    const { context, machine, host } = shuttingDown(name === "ascalon up" ? inPane : onDesktop, true);
    context.files.put(configPath, "require('ascalon')");
    let holder: string | undefined;
    machine.instead.start = () => {
      machine.state.process = "running";
      holder = context.files.text("/home/mia/.local/state/ascalon/lock.d/1");
    };
    await work(host);
    expect(JSON.parse(holder ?? "{}")).toMatchObject({ command: name });
  });

  test("lets a VM lie that a person has stopped since, and opens nothing", async () => {
    const { context, machine, host } = shuttingDown(onDesktop, true, true);
    context.files.put(configPath, "require('ascalon')");
    expect(await runAttach(host, {}, [])).toBe(7);
    expect(machine.calls).toEqual([]);
    expect(context.err()).toContain("The VM has been stopped in the meantime.\n  run: ascalon up\n");
  });

  test("gives the domain along when the configuration has none", () => {
    expect(connectWords("/s", true)).toEqual(["connect", "ascalon"]);
    expect(connectWords("/s", false)[1]).toContain('socket_path="/s",no_serve_automatically=true');
  });

  test.each([
    [undefined, "ascalon doctor"],
    ["/etc/a.yaml", "ascalon --config /etc/a.yaml doctor"],
  ])("says what is broken and opens nothing; with the settings %s: %s", async (configFlag, command) => {
    const context = world(
      { env: onDesktop, ...(configFlag === undefined ? {} : { configFlag }) },
      { links: [{ name: "mux", state: "broken", reason: "ssh was refused", since: 1 }] },
      true,
    );
    if (configFlag !== undefined) context.files.put(configFlag, "");
    expect(await runAttach(context, {}, [])).toBe(7);
    expect(context.err()).toContain("The link to the VM is broken: ssh was refused.");
    expect(context.err()).toContain(`run: ${command}\n`);
  });

  test.each([
    ["without a display", { env: { PATH: "/usr/bin" } }, true],
    ["over ssh", { env: { ...onDesktop, SSH_CONNECTION: "x" } }, true],
    ["without WezTerm", { env: onDesktop }, false],
  ])("falls back to the shell %s, and says so", async (_why, options, hasWezTerm) => {
    const context = world(options, {}, hasWezTerm);
    await runAttach(context, {}, []).catch(() => undefined);
    expect(context.err()).toContain("this is ascalon shell instead");
  });
});

describe("ascalon attach --json", () => {
  test("prints the agent's status while it is fresh", async () => {
    const context = world({}, { generation: 12 });
    expect(await runAttach(context, { json: true }, [])).toBe(0);
    expect(JSON.parse(context.out())).toMatchObject({ schema: 1, generation: 12 });
  });
});
