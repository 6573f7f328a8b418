import { afterEach, describe, expect, test, vi } from "vitest";
import type { LongOptions } from "../../../src/cli/adapters/process.ts";
import type { Link, RefusedLink } from "../../../src/cli/links/link.ts";
import { createSupervisor } from "../../../src/cli/links/supervisor.ts";
import type { Supervisor, SupervisorEvent } from "../../../src/cli/links/supervisor-port.ts";
import { type ManualClock, manualClock } from "../../support/manual-clock.ts";
import { sshTarget } from "../../support/ssh-target.ts";

const docker: Link = {
  name: "docker",
  protocol: "docker",
  direction: "host-to-guest",
  hostEnd: "/s/host-docker.sock",
  guestEnd: "/run/ascalon/docker.sock",
  target: "/d.sock",
  probeEnd: "/s/probe-docker.sock",
  chosen: "",
};

interface Child {
  readonly at: number;
  readonly args: readonly string[];
  readonly options: LongOptions;
  readonly signals: string[];
  readonly written: string[];
  nonce: string;
  inputOpen: boolean;
  left: boolean;
  ready(): void;
  end(exitCode: number | undefined, ...stderr: string[]): void;
}

interface Bench {
  readonly clock: ManualClock;
  readonly children: Child[];
  readonly runs: string[];
  readonly events: SupervisorEvent[];
  readonly supervisor: Supervisor;
  greets: boolean;
  problem: string | undefined;
  /** Links whose host end cannot be made. */
  refused: RefusedLink[];
  /** Thrown while the host's end is made ready. */
  fails: Error | undefined;
  guestSays: string;
  /** What ssh says of a trial of forwards. */
  trialSays: string;
  /** What lies where an ssh is to listen. */
  identity: string;
  /** The same, by path. */
  readonly identities: Map<string, string>;
  trialTakesMs: number;
  /** How many trials are on their way. */
  trying: number;
  /** How often somebody went to sleep. */
  sleeps: number;
  /** What happens to each new child. */
  onStart: (child: Child) => void;
  last(): Child;
}

let bench: Bench;

function open(onStart: (child: Child) => void = () => {}, links: readonly Link[] = [docker]): Bench {
  const clock = manualClock();
  const children: Child[] = [];
  const runs: string[] = [];
  const events: SupervisorEvent[] = [];
  const state = {
    greets: true,
    problem: undefined as string | undefined,
    refused: [] as RefusedLink[],
    fails: undefined as Error | undefined,
    guestSays: "looked\n",
    trialSays: "",
    identity: "0",
    identities: new Map<string, string>(),
    trialTakesMs: 0,
    trying: 0,
    sleeps: 0,
    onStart,
  };
  const supervisor = createSupervisor(
    {
      clock: {
        ...clock,
        sleep: (ms, signal) => {
          state.sleeps += 1;
          return clock.sleep(ms, signal);
        },
      },
      startSsh: (args, options) => {
        let ended = false;
        const child: Child = {
          at: clock.now(),
          args,
          options,
          signals: [],
          written: [],
          nonce: "",
          inputOpen: true,
          left: false,
          ready: () => options.onStdoutLine?.(`greeting ${child.nonce}`),
          end: (exitCode, ...stderr) => {
            if (ended) return;
            ended = true;
            for (const line of stderr) options.onStderrLine(line);
            options.onExit({
              exitCode,
              signal: exitCode === undefined ? "SIGKILL" : undefined,
              startError: undefined,
            });
          },
        };
        children.push(child);
        queueMicrotask(() => state.onStart(child));
        return {
          pid: 100 + children.length,
          write: (text) => {
            child.written.push(text);
            child.nonce = text.trim();
          },
          closeInput: () => {
            child.inputOpen = false;
          },
          leave: () => {
            child.left = true;
          },
          kill: (signal) => {
            child.signals.push(signal);
            child.end(undefined);
          },
        };
      },
      runSsh: async (args, _timeoutMs, signal) => {
        const isTrial = args.includes("-L");
        runs.push(isTrial ? "trial" : (args.at(-1) ?? ""));
        if (isTrial && state.trialTakesMs > 0) {
          state.trying += 1;
          await clock.sleep(state.trialTakesMs, signal).catch(() => {});
          state.trying -= 1;
          if (signal?.aborted) return { exitCode: undefined, timedOut: false, stdout: "", stderr: "" };
        }
        return {
          exitCode: 0,
          timedOut: false,
          stdout: state.guestSays,
          stderr: isTrial ? state.trialSays : "",
        };
      },
      target: async () => sshTarget,
      greets: async () => state.greets,
      identity: async (path) => state.identities.get(path) ?? state.identity,
      prepare: async () => {
        if (state.fails) throw state.fails;
        return { problem: state.problem, refused: state.refused };
      },
    },
    () => links,
    (event) => events.push(event),
  );
  const last = (): Child => {
    const child = children.at(-1);
    if (!child) throw new Error("no ssh was started");
    return child;
  };
  bench = Object.assign(state, { clock, children, runs, events, supervisor, last });
  return bench;
}

afterEach(async () => {
  const stopping = bench.supervisor.stop();
  await bench.clock.advance(20_000);
  await stopping;
  expect(bench.clock.sleepers()).toBe(0);
});

const kinds = (): string[] =>
  bench.events
    .filter((event) => event.kind !== "refused" || event.refused.length > 0)
    .map((event) => event.kind);

describe("supervisor", () => {
  test("told to stop: its ssh gets a second to end, and is left alone with what it carries", async () => {
    open((child) => child.ready());
    await bench.clock.advance(100);
    const stopping = bench.supervisor.stop();
    await bench.clock.advance(900);
    expect(bench.last()).toMatchObject({ inputOpen: false, left: false, signals: [] });
    await bench.clock.advance(200);
    await stopping;
    expect(bench.last()).toMatchObject({ left: true, signals: [] });
  });

  test("its ssh is in a session of its own: Ctrl-C in a terminal does not cut windows", async () => {
    open((child) => child.ready());
    await bench.clock.advance(100);
    expect(bench.last().options.detached).toBe(true);
  });

  test("no ssh server: looks twice a second and starts nothing", async () => {
    open().greets = false;
    await bench.clock.advance(60_000);
    expect(bench.children).toHaveLength(0);
    expect(bench.events.length).toBeGreaterThan(100);
    expect(bench.events.length).toBeLessThan(130);
    bench.greets = true;
    await bench.clock.advance(500);
    expect(bench.children).toHaveLength(1);
  });

  test("asked for a sign of life by many, one line is on its way to the guest", async () => {
    open((child) => child.ready());
    await bench.clock.advance(100);
    const said = vi.fn();
    for (let at = 0; at < 3; at += 1) void bench.supervisor.echo()?.then(said);
    expect(bench.last().written.slice(1)).toEqual([expect.stringMatching(/^ascalon-\d+ 1\n$/)]);
    bench.last().options.onStdoutLine?.(bench.last().written[1]?.trim() ?? "");
    await bench.clock.advance(0);
    expect(said).toHaveBeenCalledTimes(3);
    void bench.supervisor.echo();
    expect(bench.last().written.at(-1)).toMatch(/ 2\n$/);
  });

  test("an ssh that dies at once: 0.2 s doubled up to 10 s", async () => {
    open((child) => child.end(255, "dev@127.0.0.1: Permission denied (publickey)."));
    await bench.clock.advance(60_000);
    const gaps = bench.children.slice(1).map((child, i) => child.at - (bench.children[i]?.at ?? 0));
    expect(gaps).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000, 10_000]);
    expect(bench.events.at(-1)).toMatchObject({
      kind: "gone",
      reason: "the VM does not accept ascalon's ssh key",
    });
  });

  test("one that lived is tried again at once, as if nothing had failed before", async () => {
    open((child) => child.end(255));
    await bench.clock.advance(5_000);
    bench.onStart = (child) => child.ready();
    await bench.clock.advance(20_000);
    const before = bench.children.length;
    bench.last().end(255, "Connection to 127.0.0.1 closed by remote host.");
    await bench.clock.advance(200);
    expect(bench.children).toHaveLength(before + 1);
  });

  test("one that becomes ready and dies, again and again, is slowed down", async () => {
    open((child) => {
      child.ready();
      setImmediate(() => child.end(255));
    });
    await bench.clock.advance(60_000);
    expect(bench.children.length).toBeGreaterThan(3);
    expect(bench.children.length).toBeLessThan(15);
  });

  test("a nudge passes over the backoff", async () => {
    open((child) => child.end(255));
    await bench.clock.advance(30_000);
    const before = bench.children.length;
    bench.supervisor.nudge();
    await bench.clock.advance(0);
    expect(bench.children).toHaveLength(before + 1);
  });

  test("a nudge passes over that of a second ssh too", async () => {
    open((child) => child.ready());
    await bench.clock.advance(100);
    bench.onStart = (child) => child.end(255);
    bench.supervisor.renew();
    await bench.clock.advance(30_000);
    const before = bench.children.length;
    bench.supervisor.nudge();
    await bench.clock.advance(0);
    expect(bench.children).toHaveLength(before + 1);
  });

  const deniedUntilRoom = (child: Child): void => {
    if (bench.runs.length === 0)
      child.options.onStderrLine(
        "Warning: remote port forwarding failed for listen path /run/ascalon/docker.sock",
      );
    child.ready();
  };

  test("a guest that keeps old sockets: removed, made anew beside the first ssh", async () => {
    open(deniedUntilRoom);
    await bench.clock.advance(2_000);
    expect(bench.runs).toEqual([expect.stringContaining("for p in /run/ascalon/docker.sock; do")]);
    expect(bench.children).toHaveLength(2);
    expect(bench.children[0]?.inputOpen).toBe(false);
    expect(bench.last().inputOpen).toBe(true);
    expect(kinds()).toEqual(["starting", "refused", "ready", "starting", "ready"]);
  });

  test("a guest whose folder was missing: made once, and no login more before the next ssh", async () => {
    open(deniedUntilRoom).guestSays = "ascalon made the folder\n";
    await bench.clock.advance(2_000);
    expect(bench.children).toHaveLength(2);
    bench.supervisor.renew();
    await bench.clock.advance(2_000);
    expect(bench.children).toHaveLength(3);
    expect(bench.runs).toEqual([expect.stringContaining("install -d -m 0700")]);
  });

  test("a login shell that runs nothing: the next ssh asks for no command", async () => {
    open((child) => {
      if (!child.args.includes("-N")) child.end(1);
      else bench.identity = "its own";
    });
    await bench.clock.advance(1_000);
    expect(bench.children.map((child) => child.args.includes("-N"))).toEqual([false, true]);
    expect(kinds().at(-1)).toBe("ready");
  });

  test("a login shell that never answers: given up after 10 s", async () => {
    open();
    await bench.clock.advance(10_000);
    expect(bench.last().signals).toEqual(["SIGKILL"]);
    await bench.clock.advance(300);
    expect(bench.last().args).toContain("-N");
  });

  test("with -N only sockets of its own are a sign that it carries the links", async () => {
    open((child) => (child.args.includes("-N") ? undefined : child.end(1)));
    await bench.clock.advance(5_000);
    expect(bench.last().args).toContain("-N");
    expect(kinds()).not.toContain("ready");
    bench.identity = "its own";
    await bench.clock.advance(200);
    expect(kinds().at(-1)).toBe("ready");
  });

  test("with -N a forward that it cannot make is not waited for", async () => {
    const pg = { ...docker, name: "pg", guestEnd: "/run/ascalon/pg.sock", probeEnd: "/s/probe-pg.sock" };
    open(
      (child) => {
        if (!child.args.includes("-N")) return child.end(1);
        child.options.onStderrLine("unix_listener: cannot bind to path /s/probe-pg.sock: Permission denied");
        bench.identities.set(docker.probeEnd, "its own");
      },
      [docker, pg],
    );
    await bench.clock.advance(2_000);
    expect(kinds()).toContain("ready");
  });

  test("two logins that were too slow, and good ones between them, are no reason for -N", async () => {
    open((child) => child.ready());
    for (let at = 0; at < 3; at += 1) {
      await bench.clock.advance(6_000);
      bench.onStart = () => {};
      bench.supervisor.renew();
      await bench.clock.advance(10_100);
      bench.onStart = (child) => child.ready();
      await bench.clock.advance(1_000);
    }
    expect(bench.children).toHaveLength(7);
    expect(bench.children.some((child) => child.args.includes("-N"))).toBe(false);
  });

  test("a VM that was away is another one, whose shell may run a command", async () => {
    open((child) => child.end(1));
    await bench.clock.advance(1_000);
    expect(bench.last().args).toContain("-N");
    bench.greets = false;
    await bench.clock.advance(20_000);
    bench.onStart = (child) => child.ready();
    bench.greets = true;
    await bench.clock.advance(1_000);
    expect(bench.last().args).not.toContain("-N");
    expect(kinds().at(-1)).toBe("ready");
  });

  test("one login that was too slow: the next ssh runs cat again, and no -N took its place", async () => {
    open((child) => child.ready());
    await bench.clock.advance(6_000);
    bench.onStart = () => {};
    bench.supervisor.renew();
    await bench.clock.advance(10_100);
    bench.onStart = (child) => child.ready();
    await bench.clock.advance(1_000);
    expect(bench.children.map((child) => child.args.includes("-N"))).toEqual([false, false, false]);
    expect(bench.children.map((child) => child.signals)).toEqual([[], ["SIGKILL"], []]);
    expect(kinds().at(-1)).toBe("ready");
  });

  test("slow at the very first: -N carries the links, and cat is asked for again at the next start", async () => {
    open((child) => {
      if (child.args.includes("-N")) bench.identity = "its own";
    });
    await bench.clock.advance(11_000);
    expect(bench.last().args).toContain("-N");
    bench.onStart = (child) => child.ready();
    bench.supervisor.renew();
    await bench.clock.advance(100);
    expect(bench.children.map((child) => child.args.includes("-N"))).toEqual([false, true, false]);
    expect(bench.children[1]?.signals).toEqual([]);
  });

  test.each([
    ["that was proved meanwhile through its own socket is kept", true, []],
    ["is ended when only the new one is sure to be proved", false, ["SIGKILL"]],
  ] as const)("a silent -N %s", async (_, byCurrent, signals) => {
    open((child) => {
      if (child.args.includes("-N")) bench.identity = "its own";
    });
    await bench.clock.advance(11_000);
    bench.onStart = () => {};
    bench.supervisor.replace();
    await bench.clock.advance(1_000);
    expect(bench.children).toHaveLength(3);
    bench.supervisor.proved(byCurrent);
    bench.last().ready();
    await bench.clock.advance(100);
    expect(bench.children[1]?.signals).toEqual(signals);
  });

  describe("a forward that cannot be made", () => {
    const cannot = "Warning: remote port forwarding failed for listen path /home/mia/no/pg.sock";
    const pg: Link = {
      ...docker,
      name: "pg",
      guestEnd: "/home/mia/no/pg.sock",
      probeEnd: "/s/probe-pg.sock",
    };
    const complaining = (child: Child): void => {
      if (child.args.join(" ").includes("pg.sock")) child.options.onStderrLine(cannot);
      child.ready();
    };
    const trials = (): string[] => bench.runs.filter((run) => run === "trial");
    const becomesPossible = (): void => {
      bench.onStart = (child) => child.ready();
      bench.trialSays = "";
      bench.supervisor.nudge();
    };

    test("costs its link alone: one ssh more for left-over sockets, and from then on trials, ever fewer", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(3_600_000);
      expect(bench.children).toHaveLength(2);
      expect(trials().length).toBeGreaterThan(50);
      expect(trials().length).toBeLessThan(70);
      expect(bench.events.at(-1)).toEqual({
        kind: "refused",
        refused: [{ name: "pg", why: "the VM cannot make /home/mia/no/pg.sock" }],
        nextAttemptAt: expect.any(Number),
      });
    });

    test("is made when it can be: as soon as a trial says so, at once when asked", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(600_000);
      becomesPossible();
      await bench.clock.advance(100);
      expect(bench.children).toHaveLength(3);
      expect(bench.events.findLast((event) => event.kind === "refused")).toMatchObject({ refused: [] });
    });

    test("one that was carried for a while since is tried as soon as at first when it is denied anew", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(600_000);
      becomesPossible();
      await bench.clock.advance(600_000);
      bench.onStart = complaining;
      bench.trialSays = cannot;
      bench.last().end(255);
      const before = trials().length;
      await bench.clock.advance(5_000);
      expect(trials().length).toBeGreaterThan(before + 1);
    });

    test("one of two that can be made is not kept waiting by the other", async () => {
      const db = { ...pg, name: "db", guestEnd: "/home/mia/no/db.sock", probeEnd: "/s/probe-db.sock" };
      const both = `${cannot}\n${cannot.replace("pg", "db")}`;
      open(
        (child) => {
          for (const line of both.split("\n"))
            if (child.args.join(" ").includes(line.split("/").at(-1) ?? "")) child.options.onStderrLine(line);
          child.ready();
        },
        [docker, pg, db],
      ).trialSays = both;
      await bench.clock.advance(600_000);
      const before = bench.children.length;
      bench.onStart = (child) => {
        child.options.onStderrLine(cannot);
        child.ready();
      };
      bench.trialSays = cannot;
      bench.supervisor.nudge();
      await bench.clock.advance(100);
      expect(bench.children).toHaveLength(before + 1);
      expect(bench.events.findLast((event) => event.kind === "refused")).toMatchObject({
        refused: [{ name: "pg" }],
      });
    });

    test("a VM that takes its time to answer a trial is waited for, not asked in a circle", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(600_000);
      bench.trialTakesMs = 4_000;
      const before = bench.sleeps;
      bench.supervisor.nudge();
      await bench.clock.advance(3_900);
      expect(bench.sleeps - before).toBeLessThan(10);
      await bench.clock.advance(1_000);
    });

    test("a trial listens at the same paths: another ssh waits for its end, and is the one that it asks for", async () => {
      open(complaining, [docker, pg]).trialTakesMs = 4_000;
      while (trials().length === 0) await bench.clock.advance(100);
      bench.onStart = (child) => child.ready();
      bench.supervisor.renew();
      await bench.clock.advance(3_000);
      expect(bench.children).toHaveLength(2);
      await bench.clock.advance(60_000);
      expect(bench.children).toHaveLength(3);
    });

    test("a trial of an ssh that ends is given up: what it would say is of the past, and the next ssh asks for everything", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(600_000);
      bench.trialTakesMs = 8_000;
      bench.supervisor.nudge();
      await bench.clock.advance(100);
      const tryingAtStart: number[] = [];
      bench.onStart = (child) => {
        tryingAtStart.push(bench.trying);
        child.ready();
      };
      const before = trials().length;
      bench.last().end(255, "Connection to 127.0.0.1 closed by remote host.");
      await bench.clock.advance(60_000);
      bench.supervisor.nudge();
      await bench.clock.advance(60_000);
      expect(tryingAtStart).toEqual([0]);
      // None that takes the sockets of a link that is carried.
      expect(trials()).toHaveLength(before);
      expect(bench.events.findLast((event) => event.kind === "refused")).toMatchObject({ refused: [] });
    });

    test("what cannot be made is tried soon after an ssh that ended in the middle of a trial", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(600_000);
      bench.trialTakesMs = 8_000;
      bench.supervisor.nudge();
      await bench.clock.advance(100);
      bench.last().end(255, "Connection to 127.0.0.1 closed by remote host.");
      const before = trials().length;
      await bench.clock.advance(600_000);
      expect(bench.children).toHaveLength(3);
      expect(trials().length).toBeGreaterThan(before + 2);
    });

    test("told to stop while another ssh waits for a trial: ends soon, and asks the guest nothing more", async () => {
      open(complaining, [docker, pg]).trialTakesMs = 8_000;
      while (trials().length === 0) await bench.clock.advance(100);
      bench.supervisor.renew();
      await bench.clock.advance(100);
      const before = bench.runs.length;
      const ended = vi.fn();
      void bench.supervisor.stop().then(ended);
      await bench.clock.advance(1_500);
      expect(ended).toHaveBeenCalled();
      expect(bench.runs).toHaveLength(before);
    });

    test("no trial begins while another ssh is due, which asks for everything", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(600_000);
      const before = trials().length;
      bench.greets = false;
      bench.supervisor.renew();
      await bench.clock.advance(600_000);
      expect(trials()).toHaveLength(before);
      bench.greets = true;
      await bench.clock.advance(600_000);
      expect(bench.children).toHaveLength(3);
      expect(trials().length).toBeGreaterThan(before);
    });

    test("asked while a trial goes on that began too early: another one follows", async () => {
      open(complaining, [docker, pg]).trialSays = cannot;
      await bench.clock.advance(600_000);
      const before = trials().length;
      bench.onStart = (child) => child.ready();
      bench.supervisor.nudge();
      // The first of the two has been given its answer by now, and not come back.
      await Promise.resolve();
      while (trials().length === before) await Promise.resolve();
      bench.trialSays = "";
      bench.supervisor.nudge();
      await bench.clock.advance(100);
      expect(trials()).toHaveLength(before + 2);
      expect(bench.children).toHaveLength(3);
    });

    test("a trial that is wrong again and again makes no more of them", async () => {
      open(complaining, [docker, pg]);
      await bench.clock.advance(3_600_000);
      expect(bench.children.length).toBeLessThan(70);
    });

    test("on the host: the same", async () => {
      const line = "unix_listener: cannot bind to path /s/probe-pg.sock: Permission denied";
      open(
        (child) => {
          if (child.args.join(" ").includes("pg.sock")) child.options.onStderrLine(line);
          child.ready();
        },
        [docker, pg],
      ).trialSays = line;
      await bench.clock.advance(60_000);
      expect(bench.children).toHaveLength(1);
      expect(bench.events.at(-1)).toMatchObject({
        refused: [{ name: "pg", why: "/s/probe-pg.sock cannot be made (Permission denied)" }],
      });
    });
  });

  test("renewing keeps the first ssh until the second is ready, and for good when it fails", async () => {
    open((child) => child.ready());
    await bench.clock.advance(100);
    bench.onStart = (child) => child.end(255);
    bench.supervisor.renew();
    await bench.clock.advance(100);
    expect(bench.children[0]?.inputOpen).toBe(true);
    expect(kinds().slice(-2)).toEqual(["starting", "kept"]);
    bench.onStart = (child) => child.ready();
    await bench.clock.advance(1_000);
    expect(bench.children[0]?.inputOpen).toBe(false);
    expect(kinds().at(-1)).toBe("ready");
  });

  const renewTimes = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      await bench.clock.advance(200);
      bench.supervisor.renew();
    }
    await bench.clock.advance(200);
  };

  test("a login that takes longer is given twice the time, and so on", async () => {
    open();
    await bench.clock.advance(200_000);
    const pauses = bench.children.slice(1).map((child, i) => child.at - (bench.children[i]?.at ?? 0));
    expect(pauses.slice(0, 4).map((ms) => Math.floor(ms / 10_000))).toEqual([1, 2, 4, 6]);
    const reasons = bench.events.map((event) => ("reason" in event ? event.reason : ""));
    expect(reasons).toContain("a login in the VM takes longer than 20 s");
  });

  test("a replaced one is never ended from here: it carries somebody's windows", async () => {
    open((child) => child.ready());
    await renewTimes(12);
    expect(bench.children.map((child) => child.signals.length)).toEqual(Array(13).fill(0));
    expect(bench.children.map((child) => child.inputOpen)).toEqual([...Array(12).fill(false), true]);
  });

  test("a guest that never lets a replaced one go does not fill the host with them", async () => {
    open((child) => child.ready());
    await renewTimes(40);
    const living = bench.children.filter(({ signals }) => signals.length === 0);
    // The one that carries the links, and those before it.
    expect(living).toEqual(bench.children.slice(-33));
  });

  test("with -N nobody can say what a replaced one carries: eight are kept, and none at the end", async () => {
    open((child) => {
      if (!child.args.includes("-N")) child.end(1);
      else bench.identity = String(bench.children.length);
    });
    await bench.clock.advance(1_000);
    await renewTimes(9);
    expect(bench.children.slice(1).map((child) => child.signals)).toEqual([
      ["SIGTERM"],
      ...Array(9).fill([]),
    ]);
    const stopping = bench.supervisor.stop();
    await bench.clock.advance(0);
    expect(bench.children.slice(1).every((child) => child.signals.includes("SIGTERM"))).toBe(true);
    await bench.clock.advance(2_000);
    await stopping;
  });

  test("a socket folder that is refused is told, and tried again", async () => {
    open((child) => child.ready()).problem = "/s belongs to uid 1";
    await bench.clock.advance(1_000);
    expect(bench.events[0]).toMatchObject({ kind: "gone", reason: "/s belongs to uid 1" });
    expect(bench.children).toHaveLength(0);
    bench.problem = undefined;
    await bench.clock.advance(10_000);
    expect(kinds().at(-1)).toBe("ready");
  });

  test("a full disk while the symlinks are made is told, and tried again", async () => {
    open((child) => child.ready()).fails = new Error("ENOSPC: no space left on device, symlink '/s/x'");
    await bench.clock.advance(1_000);
    expect(bench.events.at(-1)).toMatchObject({ kind: "gone", reason: expect.stringContaining("ENOSPC") });
    bench.fails = undefined;
    await bench.clock.advance(10_000);
    expect(kinds().at(-1)).toBe("ready");
  });

  const extra: Link = {
    ...docker,
    name: "pg",
    protocol: "stream",
    hostEnd: "/s/host-pg.sock",
    guestEnd: "/home/mia/notes",
    probeEnd: "/s/probe-pg.sock",
  };

  test("a file in the way on the host costs its link alone, until it is gone", async () => {
    open((child) => child.ready(), [docker, extra]).refused = [{ name: "pg", why: "/s/x is no socket" }];
    await bench.clock.advance(2_000);
    expect(kinds()).toEqual(["starting", "refused", "ready"]);
    expect(bench.last().args.join(" ")).not.toContain("pg.sock");
    await bench.clock.advance(60_000);
    expect(bench.children).toHaveLength(1);
    bench.refused = [];
    await bench.clock.advance(11_000);
    expect(bench.children).toHaveLength(2);
    expect(bench.last().args.join(" ")).toContain("pg.sock");
  });

  test("a file in the way in the guest: asked before sshd would take its place", async () => {
    open((child) => child.ready(), [docker, extra]).guestSays = "in-the-way /home/mia/notes\nlooked\n";
    await bench.clock.advance(2_000);
    expect(bench.runs[0]).toContain("/home/mia/notes");
    expect(bench.events).toContainEqual({
      kind: "refused",
      refused: [{ name: "pg", why: "/home/mia/notes in the VM is not a socket, and is left alone" }],
      nextAttemptAt: expect.any(Number),
    });
    expect(bench.last().args.join(" ")).not.toContain("/home/mia/notes");
    bench.guestSays = "looked\n";
    bench.supervisor.nudge();
    await bench.clock.advance(100);
    expect(bench.last().args.join(" ")).toContain("/home/mia/notes");
  });

  test("a guest that does not say what lies there might lose it: nothing is made", async () => {
    open((child) => child.ready(), [docker, extra]).guestSays = "";
    await bench.clock.advance(2_000);
    expect(bench.last().args.join(" ")).toContain("docker.sock");
    expect(bench.last().args.join(" ")).not.toContain("/home/mia/notes");
  });
});
