import { describe, expect, it } from "vitest";
import { AscalonError } from "../../src/cli/errors.ts";
import type { ProcessState } from "../../src/cli/machine/facts.ts";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import { stoppedMeanwhile } from "../../src/cli/machine/stopped-meanwhile.ts";
import type { Settings } from "../../src/cli/settings/settings.ts";
import { type FakeMachineStart, fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp, transcript } from "../support/run-app.ts";

const gib = 1024 ** 3;
const applied = settingsOf();
/** Its system came from a flake, so /home is on the disk of its own. */
const appliedFlake: Settings = { ...applied, system: { ...applied.system, flake: "/home/mia/sysinit" } };
const ours = (process: ProcessState, more: FakeMachineStart = {}): FakeMachineStart => ({
  exists: "ours",
  process,
  applied,
  homeBytes: 50 * gib,
  ...more,
});

const built = (process: ProcessState): FakeMachineStart => ours(process, { applied: appliedFlake });

const states: Readonly<Record<string, FakeMachineStart>> = {
  absent: {},
  "absent-home-kept": { homeBytes: 50 * gib },
  stopped: ours("stopped"),
  starting: ours("starting"),
  running: ours("running"),
  unreachable: ours("running", { sshState: "silent" }),
  stopping: ours("stopping"),
  broken: ours("broken"),
  leftover: ours("leftover"),
  incomplete: { exists: "incomplete", homeBytes: 50 * gib },
  half: { exists: "half", homeBytes: 50 * gib },
  foreign: { exists: "foreign", process: "running" },
  "foreign-half": { exists: "foreign-half" },
  "half-running": { exists: "half", process: "running" },
  "record-lost": { exists: "ours", process: "running", homeBytes: 50 * gib },
};

const config = (text: string) => ({ files: { "/home/mia/.config/ascalon/ascalon.yaml": text } });

/** Every state, each command, people and JSON: what is said, in one golden file a state. */
describe("what the commands say in each state", () => {
  const lines = [
    ["status"],
    ["status", "--json"],
    ["plan"],
    ["plan", "--json"],
    ["up", "--dry-run"],
    ["up"],
    ["up", "--json", "--progress", "quiet"],
    ["up", "--no-wait"],
    ["start"],
    ["stop"],
    ["stop", "--force", "--json"],
    ["restart"],
    ["destroy", "--yes"],
    ["destroy", "--yes", "--with-home", "--json"],
  ];

  it.each(Object.entries(states))("%s", async (name, start) => {
    const parts: string[] = [];
    for (const argv of lines) {
      const machine = fakeMachine(start);
      const ran = await runApp(argv, hostContext({ machine }));
      const calls = machine.calls.length === 0 ? "" : `--- calls\n${machine.calls.join("\n")}\n`;
      parts.push(transcript(argv, ran) + calls);
    }
    await expect(parts.join("\n")).toMatchFileSnapshot(`../golden/cli/state-${name}.txt`);
  });

  it.each(["foreign", "foreign-half", "half-running"])("%s: no command changes anything", async (name) => {
    for (const argv of lines) {
      const machine = fakeMachine(states[name]);
      const { context, code } = await runApp(argv, hostContext({ machine }));
      expect(machine.calls).toEqual([]);
      expect(context.processes.calls).toEqual([]);
      if (argv[0] !== "status") expect(code).toBe(1);
    }
  });
});

it.each([[[]], [["--no-wait"]]])("a VM that QEMU paused is resumed by up with %j", async (more) => {
  const machine = fakeMachine(ours("running", { sshState: "silent" }));
  machine.halted = { freeBytes: gib };
  const { code, out } = await runApp(["up", "--json", ...more], hostContext({ machine }));
  expect([code, machine.calls[0]]).toEqual([0, "resume"]);
  // Nobody waited for what is not named.
  expect(JSON.parse(out).steps).toEqual(more.length === 0 ? ["resume", "wait"] : ["resume"]);
});

describe("a settings file that cannot be used", () => {
  const bad = config("vm: { cpu: 4 }\n");

  it.each([
    ["stop", "stopped"],
    ["stop --force", "stopped"],
    ["destroy --yes", "absent"],
  ])("does not keep a VM alive: %s", async (line, state) => {
    const machine = fakeMachine(states.running);
    const ran = await runApp(line.split(" "), hostContext({ machine, ...bad }));
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("ascalon.yaml cannot be used, which does not matter here");
    const status = await runApp(["status", "--json"], hostContext({ machine }));
    expect(JSON.parse(status.out).state).toBe(state);
  });

  it("is told by status, beside what is true of the VM", async () => {
    const machine = fakeMachine(states.running);
    const ran = await runApp(["status"], hostContext({ machine, ...bad }));
    expect([ran.code, ran.err]).toEqual([0, ""]);
    expect(ran.out).toContain("ascalon  ready");
    expect(ran.out).toContain("  settings  ~/.config/ascalon/ascalon.yaml cannot be used\n");
    expect(ran.out).toContain("ascalon.yaml:1:7 vm.cpu: unknown key, did you mean cpus?");
    expect(ran.out).toContain("it is not known what is pending; fix them: ascalon config edit");
  });

  it("is a field of status --json, with nothing said to be pending", async () => {
    const machine = fakeMachine({ ...states.running, applied: settingsOf("vm: { cpus: 2 }\n") });
    const { out } = await runApp(["status", "--json"], hostContext({ machine, ...bad }));
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      state: "ready",
      cpus: 2,
      settings: {
        pending: [],
        rebuildToo: [],
        problems: [expect.stringContaining("ascalon.yaml:1:7 vm.cpu")],
      },
    });
  });

  it("that --config names and is not there is told by status", async () => {
    const context = hostContext({ machine: fakeMachine(states.running), configFlag: "/none.yaml" });
    const { code, out } = await runApp(["status"], context);
    expect(code).toBe(0);
    expect(out).toContain("/none.yaml does not exist: --config or ASCALON_CONFIG names it");
  });

  it("does not end a watch", async () => {
    const context = hostContext({ machine: fakeMachine(states.running) });
    const texts = ["vm: { cpu: 4 }\n", "vm: { cpus: 4 }\n"];
    const { sleep } = context.clock;
    context.clock.sleep = async (...ask) => {
      const text = texts.shift();
      if (text === undefined) context.abort();
      else context.files.put("/home/mia/.config/ascalon/ascalon.yaml", text);
      await sleep(...ask);
    };
    const { code, out } = await runApp(["status", "--watch", "--json"], context);
    expect(code).toBe(0);
    const shown = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).settings.problems.length);
    expect(shown).toEqual([0, 1, 0]);
  });

  it.each([["up"], ["start"], ["restart"]])("stops what would use it: %s", async (command) => {
    const machine = fakeMachine(states.stopped);
    const { code } = await runApp([command], hostContext({ machine, ...bad }));
    expect(code).toBe(5);
    expect(machine.calls).toEqual([]);
  });
});

describe("up", () => {
  /** A VM that ends, or goes on, while it is waited for. */
  const waitedFor = (process: ProcessState, then: ProcessState) => {
    const machine = fakeMachine(ours(process, { sshState: "silent" }));
    machine.instead.waitReady = () => {
      machine.state.process = then;
      throw stoppedMeanwhile("/home/mia/.lima/ascalon");
    };
    return machine;
  };

  it("starts a VM whose guest was shutting down when it came, and says so", async () => {
    const machine = waitedFor("running", "stopped");
    const { code, out, err } = await runApp(["up", "--json"], hostContext({ machine }));
    expect(machine.calls).toEqual(["waitReady", "start"]);
    expect([code, JSON.parse(out).state, JSON.parse(out).steps]).toEqual([0, "ready", ["wait", "start"]]);
    expect(err).toContain("The VM was shutting down, so it is started again.");
  });

  it("does so once", async () => {
    const machine = waitedFor("running", "stopped");
    machine.instead.start = () => {
      throw stoppedMeanwhile("/home/mia/.lima/ascalon");
    };
    const { code, err } = await runApp(["up"], hostContext({ machine }));
    expect(machine.calls).toEqual(["waitReady", "start"]);
    expect([code, err]).toEqual([1, expect.stringContaining("the VM stopped while ascalon was waiting")]);
  });

  it.each([
    ["that booted, and was stopped by somebody", "starting", "stopped"],
    ["that runs", "running", "running"],
  ] as const)("does not start a VM %s", async (_name, process, then) => {
    const machine = waitedFor(process, then);
    const { code } = await runApp(["up"], hostContext({ machine }));
    expect([code, machine.calls]).toEqual([1, ["waitReady"]]);
  });

  it.each(Object.entries(states).filter(([, { exists }]) => !/foreign|half/.test(exists ?? "")))(
    "from %s ends ready, and a second one does nothing",
    async (_name, start) => {
      const machine = fakeMachine(start);
      expect((await runApp(["up"], hostContext({ machine }))).code).toBe(0);
      expect(machine.state).toEqual({ exists: "ours", process: "running", sshState: "up" });
      const before = machine.calls.length;
      const again = await runApp(["up"], hostContext({ machine }));
      expect(again.code).toBe(0);
      expect(again.err).toContain("nothing to do");
      expect(machine.calls).toHaveLength(before);
      // Not even the lock is taken, nor a log written.
      expect(again.context.files.paths().filter((path) => /lock|\/log\//.test(path))).toEqual([]);
    },
  );

  it("--dry-run changes nothing", async () => {
    const machine = fakeMachine();
    const { code, out } = await runApp(["up", "--dry-run"], hostContext({ machine }));
    expect([code, machine.calls]).toEqual([0, []]);
    expect(out).toContain("Creating the VM");
  });

  it("says what this host lowered", async () => {
    const context = hostContext({ machine: fakeMachine(), host: { cpus: 2 } });
    expect((await runApp(["up"], context)).err).toContain("vm.cpus is 2 instead of the default 6");
  });

  it("asks a guest again that let the user in and is too busy for a greeting just after", async () => {
    const machine = fakeMachine(ours("starting"));
    const { observe } = machine;
    let looks = 0;
    machine.observe = async () => {
      if (machine.calls.includes("waitReady")) looks += 1;
      machine.state.sshState = looks === 1 || looks === 2 ? "silent" : "up";
      return await observe();
    };
    const { code, out } = await runApp(["up", "--json"], hostContext({ machine }));
    expect([code, JSON.parse(out).state]).toEqual([0, "ready"]);
  });

  it("says that changed settings wait for a restart, and restart applies them", async () => {
    const machine = fakeMachine(ours("running"));
    const files = config("vm: {cpus: 2}\n");
    expect((await runApp(["up"], hostContext({ machine, ...files }))).err).toContain(
      "ascalon restart applies them",
    );
    expect((await runApp(["restart"], hostContext({ machine, ...files }))).code).toBe(0);
    expect(machine.calls).toEqual(["stop", "reconfigure", "start"]);
    expect(machine.limaYaml).toContain("cpus: 2");
    expect((await runApp(["plan"], hostContext({ machine, ...files }))).code).toBe(0);
  });

  it("says that others wait for something else", async () => {
    const context = hostContext({ machine: fakeMachine(ours("running")), ...config("user: {name: mia}\n") });
    expect((await runApp(["up"], context)).err).toContain("Changed settings are pending");
  });

  it("applies live settings while the VM runs", async () => {
    const machine = fakeMachine(ours("running"));
    await runApp(["up"], hostContext({ machine, ...config("bridge: {allow: [op]}\n") }));
    expect(machine.calls).toEqual(["recordSettings"]);
    expect(machine.applied?.bridge.allow).toEqual(["op"]);
  });

  it("a VM of an older ascalon that knows fewer keys has nothing pending for the new ones", async () => {
    const { agent: _new, ...old } = applied;
    const machine = fakeMachine(ours("running", { applied: old as typeof applied }));
    const { code, out } = await runApp(["plan"], hostContext({ machine }));
    expect([code, out]).toEqual([0, "Nothing is pending.\n"]);
  });
});

describe("interrupted", () => {
  it("up: exit 130, what goes on and how to continue; and the next up continues", async () => {
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({ machine });
    machine.instead.start = () => {
      machine.state.process = "starting";
      context.abort();
      context.signal.throwIfAborted();
    };
    const { code, err } = await runApp(["up"], context);
    expect(code).toBe(130);
    expect(err).toContain("ascalon: interrupted [E_INTERRUPTED]");
    expect(err).toContain("a boot keeps going");
    expect(err).toContain("run: ascalon up");
    expect((await runApp(["up"], hostContext({ machine }))).code).toBe(0);
    expect(machine.calls).toEqual(["start", "waitReady"]);
  });

  it("before the first step says that nothing was changed", async () => {
    const machine = fakeMachine(ours("running"));
    const context = hostContext({ machine });
    context.abort();
    const { code, err } = await runApp(["destroy", "--yes"], context);
    expect([code, err]).toEqual([130, expect.stringContaining("why: nothing was changed")]);
    expect(machine.calls).toEqual([]);
  });

  it("a step that cannot be interrupted is ended, and the next is not begun", async () => {
    const machine = fakeMachine(ours("running"));
    const context = hostContext({ machine });
    machine.instead.stop = () => {
      machine.state.process = "stopped";
      context.abort();
    };
    expect((await runApp(["restart"], context)).code).toBe(130);
    expect(machine.calls).toEqual(["stop"]);
  });

  it.each([
    [["stop"], "a guest that was asked to shut down continues to do so"],
    [["destroy", "--yes"], "what was deleted by then is gone"],
  ])("%j says what is true of it", async (argv, words) => {
    const machine = fakeMachine(ours("running"));
    const context = hostContext({ machine });
    machine.instead.stop = () => {
      context.abort();
      context.signal.throwIfAborted();
    };
    const { code, err } = await runApp(argv, context);
    expect(code).toBe(130);
    expect(err).toContain(words);
  });

  it("as JSON", async () => {
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({ machine });
    machine.instead.start = () => {
      context.abort();
      context.signal.throwIfAborted();
    };
    const { code, err } = await runApp(["up", "--json", "--progress", "quiet"], context);
    expect(code).toBe(130);
    expect(JSON.parse(err)).toMatchObject({ schema: 1, error: { code: "E_INTERRUPTED", exit: 130 } });
  });

  it("the lock is free afterwards", async () => {
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({ machine });
    machine.instead.start = () => {
      throw new AscalonError("E_LIMA", { what: "no" });
    };
    expect((await runApp(["up"], context)).code).toBe(1);
    expect((await runApp(["up"], context)).code).toBe(0);
  });
});

describe("failing", () => {
  const failing = async (argv: readonly string[]) => {
    const machine = fakeMachine(ours("stopped"));
    const start = machine.start;
    machine.start = async (_options, progress) => {
      for (let line = 1; line <= 25; line += 1) progress(`line ${line}`);
      machine.start = start;
      throw new AscalonError("E_NOT_READY", { what: "the VM was not ready after 600 s", run: "ascalon up" });
    };
    return await runApp(argv, hostContext({ machine }));
  };

  it("shows the last 20 lines of the step and where all of them are", async () => {
    const { code, err, context } = await failing(["up"]);
    expect(code).toBe(7);
    expect(err).not.toContain("line 5\n");
    expect(err).toContain("  line 6\n");
    expect(err).toContain("  line 25\n");
    const log = "/home/mia/.local/state/ascalon/log/lifecycle.log";
    expect(err).toContain(`(all of it: ${log})`);
    expect(context.files.text(log)).toContain("line 1\n");
    expect(context.files.text(log)).toContain("failed: the VM was not ready");
  });

  it("in JSON the lines are the error's details", async () => {
    const { err } = await failing(["up", "--json", "--progress", "quiet"]);
    expect(JSON.parse(err).error.details).toHaveLength(21);
  });

  it("a log that cannot be written hides nothing", async () => {
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({ machine });
    context.files.append = async () => {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    };
    const claim = context.files.linkExclusive;
    context.files.linkExclusive = async (path, text) => {
      if (context.files.text(path) !== undefined) return claim(path, text);
      context.files.put(path, text);
      return true;
    };
    expect((await runApp(["up"], context)).code).toBe(0);
  });

  it("a log that grew long is begun anew, and the old one is kept", async () => {
    const log = "/home/mia/.local/state/ascalon/log/lifecycle.log";
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({ machine, files: { [log]: "x".repeat(1024 ** 2 + 1) } });
    await runApp(["up"], context);
    expect(context.files.text(`${log}.1`)).toHaveLength(1024 ** 2 + 1);
    expect(context.files.text(log)).toContain("Starting the VM");
  });
});

describe("destroy", () => {
  const destroy = async (typed: readonly string[], start = built("stopped"), ...more: string[]) => {
    const machine = fakeMachine(start);
    const context = hostContext({ machine, isTTY: true, typed });
    return { machine, ...(await runApp(["destroy", ...more], context)) };
  };

  it("wants the VM's name typed, and says before what is lost", async () => {
    const { code, err, machine, context } = await destroy(["ascalon"]);
    expect([code, machine.calls]).toEqual([0, ["delete"]]);
    expect(err).toContain("lost: the guest's system and everything outside /home");
    expect(err).toContain("kept: /home (1 GiB in use)");
    expect(err).toContain("/home is kept: ascalon up finds it again.");
    expect(context.asked).toEqual(["Type the VM's name (ascalon) to delete it: "]);
  });

  it.each(["nixos-lima", "/home/mia/mine.yaml"])(
    "of the image %s's own system it promises nothing",
    async (image) => {
      const record = { ...applied, vm: { ...applied.vm, image } };
      for (const start of [
        ours("stopped", { applied: record }),
        { exists: "ours", homeBytes: 50 * gib } as const,
      ]) {
        const { err } = await destroy(["ascalon"], start);
        expect(err).toContain("and /home unless this guest has it on the home disk");
        expect(err).not.toContain("/home is kept");
      }
    },
  );

  it.each([
    ["another device", "1\n2\n", applied, "kept: /home (1 GiB in use)"],
    ["the same device", "1\n1\n", appliedFlake, "/home too: this guest has it on the system disk"],
    ["nonsense", "stat: no", appliedFlake, "kept: /home (1 GiB in use)"],
  ])("what a running guest says counts: %s", async (_name, stdout, record, said) => {
    const machine = fakeMachine(ours("running", { applied: record }));
    const guest: GuestPort = {
      run: async () => ({ kind: "ended", code: stdout.startsWith("1") ? 0 : 1, stdout, stderr: "" }),
      follow: async () => {},
    };
    const { err } = await runApp(["destroy", "--yes"], hostContext({ machine, guest }));
    expect(err).toContain(said);
  });

  it.each([
    ["another name", ["y"]],
    ["nothing", [""]],
    ["the end of the input", []],
  ])("%s deletes nothing", async (_name, typed) => {
    const { code, err, machine } = await destroy(typed);
    expect([code, machine.calls]).toEqual([2, []]);
    expect(err).toContain("nothing was deleted");
  });

  it("without a terminal it asks nobody and deletes nothing", async () => {
    const machine = fakeMachine(ours("running"));
    const { code, err } = await runApp(["destroy", "--with-home"], hostContext({ machine }));
    expect([code, machine.calls]).toEqual([2, []]);
    expect(err).toContain("run: ascalon destroy --with-home --yes");
  });

  it("--with-home deletes /home last", async () => {
    const { machine, err } = await destroy(["ascalon"], built("running"), "--with-home");
    expect(machine.calls).toEqual(["stop", "delete", "deleteHomeDisk"]);
    expect(err).toContain("lost: /home (1 GiB in use)");
  });

  it("of a kept home names only that", async () => {
    const { machine, err } = await destroy(["ascalon"], { homeBytes: 50 * gib }, "--with-home");
    expect(machine.calls).toEqual(["deleteHomeDisk"]);
    expect(err).toContain("This deletes the home disk; there is no VM.");
  });

  it("then up finds /home again", async () => {
    const { machine } = await destroy(["ascalon"]);
    await runApp(["up"], hostContext({ machine }));
    expect(machine.calls).toEqual(["delete", "create", "start"]);
  });

  it("Ctrl-C at the question is an interrupt and no wrong answer", async () => {
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({ machine, isTTY: true });
    const asked = { ...context, prompt: async () => void context.abort() };
    const { run } = await import("../../src/cli/app.ts");
    expect(await run(["destroy"], asked)).toBe(130);
    expect(machine.calls).toEqual([]);
  });
});

it("stop says when the guest was not let shut down", async () => {
  const machine = fakeMachine(ours("running"));
  machine.stopTells = "The guest was ended as by a power cut.";
  const { code, err } = await runApp(["stop"], hostContext({ machine }));
  expect(code).toBe(0);
  expect(err).toContain("The guest was ended as by a power cut.\n");
});

describe("while another ascalon starts the VM", () => {
  const stateDir = "/home/mia/.local/state/ascalon";
  const pid = 4242;

  /** The other has the lock for so long, and then the VM is ready; undefined: it never ends. */
  function beside(command: string, readyAfterMs: number | undefined) {
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({
      machine,
      files: {
        [`${stateDir}/lock.d/1`]: JSON.stringify({ pid, startedAt: "boot 77", command }),
        [`/proc/${pid}/stat`]: `${pid} (node) S ${"0 ".repeat(18)}77`,
        "/proc/sys/kernel/random/boot_id": "boot\n",
      },
    });
    context.processes.living.add(pid);
    const { sleep } = context.clock;
    const began = context.clock.monotonic();
    Object.assign(context.clock, {
      sleep: async (ms: number, signal?: AbortSignal) => {
        await sleep(ms, signal);
        if (machine.state.process === "stopped") machine.state.process = "starting";
        if (readyAfterMs === undefined || context.clock.monotonic() - began < readyAfterMs) return;
        Object.assign(machine.state, { process: "running", sshState: "up" });
        context.processes.living.delete(pid);
      },
    });
    return { machine, context };
  }

  it.each([[["up"]], [["start"]]])("%j waits for it and says so", async (argv) => {
    const { machine, context } = beside("ascalon start", 40_000);
    const { code, err } = await runApp(argv, context);
    expect([code, machine.calls]).toEqual([0, []]);
    expect(err.match(/being started by ascalon start \(pid 4242\): waiting for it/g)).toHaveLength(1);
  });

  it.each([
    ["is taken back once it runs", 40_000, ["--timeout", "90s"], undefined],
    ["is taken back once it boots, when that is enough", undefined, ["--no-wait"], undefined],
    ["stands while it does not run", undefined, ["--timeout", "90s"], "a login"],
  ])("the word that the VM was stopped by hand %s", async (_, readyAfterMs, flags, expected) => {
    const { context } = beside("ascalon start", readyAfterMs);
    context.files.put(`${stateDir}/stopped-by-hand`, "a login");
    await runApp(["up", ...flags], context);
    expect(context.files.text(`${stateDir}/stopped-by-hand`)).toBe(expected);
  });

  it("for no longer than it was given", async () => {
    const { machine, context } = beside("ascalon start", undefined);
    const { code, err } = await runApp(["up", "--timeout", "90s"], context);
    expect([code, machine.calls]).toEqual([7, []]);
    expect(err).toContain("the VM was not ready after 90 s; ascalon start (pid 4242) is still working");
    expect(context.clock.monotonic()).toBeLessThan(100_000);
  });

  it("nobody who holds the lock is not waited for", async () => {
    const { machine, context } = beside("ascalon start", undefined);
    // Listed, and not to be read as a turn.
    const { readText } = context.files;
    Object.assign(context.files, {
      readText: async (path: string) =>
        path.startsWith(`${stateDir}/lock.d/`) ? undefined : await readText(path),
    });
    const { code, err } = await runApp(["up"], context);
    expect([code, machine.calls]).toEqual([9, []]);
    expect(err).toContain("nothing seems to hold it");
    expect(err).not.toContain("still working");
    expect(context.clock.monotonic()).toBeLessThan(15_000);
  });

  it("--no-wait is content with a boot that goes on", async () => {
    const { context } = beside("ascalon start", undefined);
    const { code } = await runApp(["up", "--no-wait"], context);
    expect(code).toBe(0);
    expect(context.clock.monotonic()).toBeLessThan(5_000);
  });

  it("a dead starter's work is taken up", async () => {
    const { machine, context } = beside("ascalon start", undefined);
    context.processes.living.delete(pid);
    expect((await runApp(["up"], context)).code).toBe(0);
    expect(machine.calls).toEqual(["start"]);
  });

  it.each([
    ["up", "ascalon stop"],
    ["stop", "ascalon start"],
    ["restart", "ascalon start"],
  ])("%s is refused beside %s", async (verb, command) => {
    const { machine, context } = beside(command, undefined);
    machine.state.process = "starting";
    const { code, err } = await runApp([verb], context);
    expect([code, machine.calls]).toEqual([9, []]);
    expect(err).toContain(`\`${command}\`, pid 4242`);
  });
});

describe("a flake that is to become the guest's first system", () => {
  it.each([
    [["up", "--dry-run"], true],
    [["up", "--no-wait", "--dry-run"], false],
  ])("%j: is built where the guest is waited for", async (argv, isBuilt) => {
    const context = hostContext({
      machine: fakeMachine({
        exists: "ours",
        process: "stopped",
        applied: settingsOf(),
        homeBytes: 50 * 1024 ** 3,
      }),
      files: { "/home/mia/.config/ascalon/ascalon.yaml": "system: { flake: ~/flake }\n" },
    });
    const { out } = await runApp([...argv, "--json"], context);
    const { steps } = JSON.parse(out) as { steps: { kind: string }[] };
    expect(steps.some(({ kind }) => kind === "upload-flake")).toBe(isBuilt);
    expect(steps.some(({ kind }) => kind === "start")).toBe(true);
  });

  it("is not begun anew when the VM ends in the middle of it", async () => {
    const machine = fakeMachine(ours("running"));
    const run: GuestPort["run"] = async () => {
      machine.state.process = "stopped";
      throw stoppedMeanwhile("/home/mia/.lima/ascalon");
    };
    const context = hostContext({
      machine,
      guest: { run, follow: async () => {} },
      files: {
        "/home/mia/.config/ascalon/ascalon.yaml": "system: { flake: ~/flake }\n",
        "/home/mia/flake/flake.nix": "{ outputs = _: { }; }\n",
      },
    });
    const { code, err } = await runApp(["up"], context);
    expect([code, machine.calls]).toEqual([1, []]);
    expect(err).toContain("the VM stopped while ascalon was waiting for it");
  });
});

it("a flake is not taken for the first system of a VM of which nobody knows what it was made with", async () => {
  const context = hostContext({
    machine: fakeMachine({ exists: "ours", process: "stopped", homeBytes: 50 * 1024 ** 3 }),
    files: { "/home/mia/.config/ascalon/ascalon.yaml": "system: { flake: ~/flake }\n" },
  });
  const { out } = await runApp(["up", "--dry-run", "--json"], context);
  const { steps } = JSON.parse(out) as { steps: { kind: string }[] };
  expect(steps.map(({ kind }) => kind)).toEqual(["adopt", "start"]);
});

describe("start, stop and restart want a VM", () => {
  it.each(["start", "stop", "restart"])("%s without one: exit 3", async (command) => {
    const { code, err } = await runApp([command], hostContext({ machine: fakeMachine() }));
    expect(code).toBe(3);
    expect(err).toContain("run: ascalon up");
  });
});

describe("--timeout", () => {
  it.each([["90s"], ["10m"], ["1h"], ["45"]])("%s is a time", async (time) => {
    const context = hostContext({ machine: fakeMachine(ours("stopped")) });
    expect((await runApp(["up", "--timeout", time], context)).code).toBe(0);
  });

  it.each([["0"], ["-1"], ["1.5m"], ["ten"], ["25h"], [""], ["10 m"]])("%j is none", async (time) => {
    const machine = fakeMachine(ours("stopped"));
    const { code, err } = await runApp(["up", `--timeout=${time}`], hostContext({ machine }));
    expect([code, machine.calls]).toEqual([2, []]);
    expect(err).toContain("E_USAGE");
  });
});

describe("plan", () => {
  it.each<[string, FakeMachineStart, string, number]>([
    ["nothing pending", ours("running"), "", 0],
    ["a change of each effect", ours("running"), "vm: {cpus: 2}\nuser: {name: mia}\nsystem: {host: x}\n", 8],
    [
      "what a rebuild brings too",
      ours("running", { applied: settingsOf("system: {flake: ~/flake}\n") }),
      "system: {flake: ~/flake}\nmounts: [{host: ~/Projects}]\nsockets: {docker: off}\n",
      8,
    ],
    ["a stopped VM", ours("stopped"), "vm: {cpus: 2}\n", 8],
    ["smaller disks", ours("running"), "vm: {disk: 10GiB, home: 10GiB}\n", 8],
    ["no VM", {}, "", 8],
  ])("%s", async (name, start, text, code) => {
    const context = hostContext({ machine: fakeMachine(start), ...config(text) });
    const ran = await runApp(["plan"], context);
    expect(ran.code).toBe(code);
    await expect(transcript(["plan"], ran)).toMatchFileSnapshot(
      `../golden/cli/plan-${name.replaceAll(" ", "-")}.txt`,
    );
  });
});

it("a disk that would become smaller waits for no restart, says up, and status names it", async () => {
  const smaller = () =>
    hostContext({ machine: fakeMachine(ours("running")), ...config("vm: {disk: 10GiB}\n") });
  expect((await runApp(["up"], smaller())).err).not.toContain("ascalon restart");
  expect((await runApp(["status"], smaller())).out).toContain(
    "vm.disk 50GiB -> 10GiB not possible: a disk only grows",
  );
});

describe("two at once", () => {
  it("one works, the other says who does and exits 9", async () => {
    const machine = fakeMachine(ours("stopped"));
    const first = hostContext({ machine });
    first.processes.living.add(process.pid);
    let second: { readonly code: number; readonly err: string } | undefined;
    machine.instead.start = async () => {
      machine.state.process = "running";
      machine.state.sshState = "up";
      const context = { ...hostContext({ machine }), files: first.files, processes: first.processes };
      second = await runApp(["stop"], context);
    };
    expect((await runApp(["up"], first)).code).toBe(0);
    expect(second?.code).toBe(9);
    expect(second?.err).toContain(`another ascalon is working: \`ascalon up\`, pid ${process.pid}`);
    expect(machine.calls).toEqual(["start"]);
  });

  it("what the other did meanwhile is planned for anew", async () => {
    const machine = fakeMachine(ours("stopped"));
    const context = hostContext({ machine });
    const claim = context.files.linkExclusive;
    context.files.linkExclusive = async (path, text) => {
      machine.state.process = "running";
      machine.state.sshState = "up";
      return await claim(path, text);
    };
    const { code, err } = await runApp(["up"], context);
    expect([code, machine.calls]).toEqual([0, []]);
    expect(err).toContain("nothing to do");
  });
});
