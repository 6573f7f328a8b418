import { describe, expect, it } from "vitest";
import { createLimaMachine } from "../../../src/cli/adapters/lima/lima-machine.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import type { Call } from "../../support/fake-processes.ts";
import { settingsOf } from "../../support/machine-facts.ts";

const folder = "/home/mia/.lima/ascalon";
const panic = "---[ end Kernel panic - not syncing: Attempted to kill init! ]---\n";

/** What one start of the guest does; resolves when it is ready, and never when it is not going to be. */
type Boot = (context: FakeContext) => Promise<void>;

const ready: Boot = async (context) =>
  context.files.put(`${folder}/ha.stdout.log`, '{"status":{"running":true}}\n');
const says =
  (text: string): Boot =>
  (context) => {
    context.files.put(`${folder}/serial.log`, text);
    return new Promise(() => {});
  };

interface Arrangement {
  readonly boots: readonly Boot[];
  readonly answers?: (context: FakeContext) => boolean;
  /** limactl ends with 1 although the guest is ready: one of its own links failed, say. */
  readonly complains?: boolean;
  /** The host agent and QEMU already run. */
  readonly isStarting?: boolean;
}

function arrange({
  boots,
  answers = () => true,
  complains = false,
  isStarting = false,
}: Arrangement): FakeContext {
  const left = [...boots];
  const begin = (of: FakeContext): void => {
    of.files.put(`${folder}/ha.pid`, "671\n");
    of.files.put(`${folder}/qemu.pid`, "711\n");
    of.files.put("/proc/671/cmdline", `limactl\0hostagent\0--pidfile\0${folder}/ha.pid\0`);
    of.files.put("/proc/711/cmdline", `qemu-system-x86_64\0-pidfile\0${folder}/qemu.pid\0`);
    of.files.put(`${folder}/ha.stdout.log`, '{"status":{"sshLocalPort":60022}}\n');
    for (const pid of [671, 711]) of.processes.living.add(pid);
  };
  const context: FakeContext = fakeContext({
    files: {
      [`${folder}/lima.yaml`]: "param:\n  ascalon: '1'\n",
      [`${folder}/ascalon-applied.yaml`]: JSON.stringify(settingsOf()),
      [`${folder}/ssh.config`]: "Host lima-ascalon\n  Port 60022\n",
      [`${folder}/disk`]: "",
    },
    sockets: {
      probeTcpBanner: async () =>
        answers(context) ? { kind: "data", bytes: Buffer.from("SSH-2.0-x\r\n") } : { kind: "silent" },
    } as never,
    programs: async ({ file, args, options }: Call) => {
      if (file !== "limactl") return {};
      if (args.includes("stop")) {
        context.processes.living.clear();
        for (const name of ["ha.pid", "qemu.pid", "serial.log"])
          await context.files.remove(`${folder}/${name}`);
      }
      if (!args.includes("start")) return {};
      begin(context);
      const aborted = new Promise<"aborted">((resolve) =>
        options.signal?.addEventListener("abort", () => resolve("aborted")),
      );
      const boot = left.shift();
      if (!boot) throw new Error("started once too often");
      if ((await Promise.race([boot(context), aborted])) === "aborted") return { signal: "SIGTERM" };
      return complains ? { exitCode: 1, stderr: 'level=fatal msg="degraded"\n' } : {};
    },
  });
  if (isStarting) begin(context);
  return context;
}

interface Ended {
  readonly said: readonly string[];
  readonly limactl: readonly string[];
  readonly error: { readonly code?: string; readonly message?: string } | undefined;
  readonly seconds: number;
}

async function boot(context: FakeContext, how: "start" | "waitReady", timeoutMs = 600_000): Promise<Ended> {
  const machine = createLimaMachine(context, pathsOf(context), async () => "qemu");
  const said: string[] = [];
  const options = { timeoutMs, wait: true, signal: context.signal };
  const error = await machine[how](options, (line) => said.push(line)).then(
    () => undefined,
    (thrown) => thrown,
  );
  const limactl = context.processes.calls
    .filter(({ file }) => file === "limactl")
    .map(({ args }) => args.filter((word) => /^(start|stop|--force)$/.test(word)).join(" "));
  return { said, limactl, error, seconds: context.clock.monotonic() / 1000 };
}

describe("a start of which limactl complains", () => {
  it("is waited for when the guest is only too busy to answer", async () => {
    const answers = ({ clock }: FakeContext): boolean => clock.monotonic() > 40_000;
    const { error, seconds } = await boot(arrange({ boots: [ready], answers, complains: true }), "start");
    expect(error).toBeUndefined();
    expect(seconds).toBeGreaterThan(40);
  });
});

describe("a boot that cannot end", () => {
  it("a panic is ended within half a minute, and the guest started once more", async () => {
    const { said, limactl, error, seconds } = await boot(arrange({ boots: [says(panic), ready] }), "start");
    expect(error).toBeUndefined();
    expect(limactl).toEqual(["start", "stop --force", "start"]);
    expect(said).toEqual([
      "the guest does not boot: its kernel panicked: Attempted to kill init!; it is stopped and started once more",
    ]);
    expect(seconds).toBeLessThan(30);
  });

  it("a panic each time is told, with the kernel's reason", async () => {
    const { limactl, error } = await boot(arrange({ boots: [says(panic), says(panic)] }), "start");
    expect(limactl).toEqual(["start", "stop --force", "start"]);
    expect(error).toMatchObject({
      code: "E_NOT_READY",
      message: expect.stringContaining("its kernel panicked: Attempted to kill init!"),
    });
  });

  it("emergency mode is told and left as it is: somebody may be at work there", async () => {
    const text = "Failed to mount /data.\nYou are in emergency mode. Press Enter\n";
    const { limactl, error } = await boot(arrange({ boots: [says(text)] }), "start");
    expect(limactl).toEqual(["start"]);
    expect(error).toMatchObject({ code: "E_NOT_READY", message: expect.stringContaining("emergency mode") });
  });

  it("a guest that does nothing at all for three minutes is started once more", async () => {
    let starts = 0;
    const silent: Boot = () => {
      starts += 1;
      return new Promise(() => {});
    };
    const context = arrange({
      boots: [silent, ready],
      answers: () => starts !== 1 || context.clock.monotonic() > 190_000,
    });
    const { limactl, error, seconds } = await boot(context, "start");
    expect(error).toBeUndefined();
    expect(limactl).toEqual(["start", "stop --force", "start"]);
    expect(seconds).toBeGreaterThan(179);
    expect(seconds).toBeLessThan(200);
  });

  it("a boot that somebody else began is helped too", async () => {
    const context = arrange({ boots: [ready], isStarting: true });
    context.files.put(`${folder}/serial.log`, panic);
    const { limactl, error } = await boot(context, "waitReady");
    expect(error).toBeUndefined();
    expect(limactl).toEqual(["stop --force", "start"]);
  });
});

it("limactl that does not see the VM become ready is not waited for", async () => {
  const boots: Boot[] = [
    async (context) => {
      await ready(context);
      await new Promise(() => {});
    },
  ];
  const { limactl, error, seconds } = await boot(arrange({ boots }), "start");
  expect({ limactl, error }).toEqual({ limactl: ["start"], error: undefined });
  expect(seconds).toBeLessThan(30);
});

describe("a boot that is only slow", () => {
  const work =
    (minutes: number, write: (context: FakeContext) => void): Boot =>
    async (context) => {
      const until = context.clock.monotonic() + minutes * 60_000;
      while (context.clock.monotonic() < until) {
        write(context);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await ready(context);
    };

  it("is left alone while it writes to its disk", async () => {
    const boots = [work(9, ({ files }) => files.put(`${folder}/disk`, ""))];
    const { limactl, error } = await boot(arrange({ boots, answers: () => false }), "start");
    expect(limactl).toEqual(["start"]);
    // Ready at last by its files; its ssh never answers in this test.
    expect(error).toMatchObject({ code: "E_NOT_READY" });
  });

  it("is left alone while it writes to a disk that was moved, with a symlink in its place", async () => {
    const moved = "/Volumes/big/ascalon-disk";
    const boots = [work(9, ({ files }) => files.put(moved, ""))];
    const context = arrange({ boots, answers: () => false });
    context.files.put(moved, "");
    context.files.put(`${folder}/disk`, moved, { kind: "symlink" });
    expect((await boot(context, "start")).limactl).toEqual(["start"]);
  });

  it("is left alone while ssh answers, whatever it does", async () => {
    const { limactl, error } = await boot(arrange({ boots: [work(9, () => {})] }), "start");
    expect({ limactl, error }).toEqual({ limactl: ["start"], error: undefined });
  });
});

describe("a guest that QEMU holds in the middle of its boot", () => {
  /** Held until it is let go on; then it becomes ready. */
  function held(
    freeMib: number,
    isBroken = false,
  ): { readonly context: FakeContext; readonly conts: () => number } {
    let conts = 0;
    let goesOn = (): void => {};
    const going = new Promise<void>((resolve) => {
      goesOn = resolve;
    });
    const arranged = arrange({
      boots: [(of) => going.then(() => ready(of))],
      answers: () => conts > 0 && !isBroken,
    });
    arranged.files.free = freeMib * 1024 ** 2;
    const exchange: FakeContext["sockets"]["exchange"] = async (path, request) => {
      if (!path.endsWith("/qmp.sock")) return { kind: "absent" };
      if (Buffer.from(request).includes('"cont"')) {
        conts += 1;
        if (!isBroken) goesOn();
      }
      const status = conts > 0 && !isBroken ? "running" : "io-error";
      return { kind: "data", bytes: Buffer.from(`{"return": {"status": "${status}"}}`), ended: false };
    };
    return { context: { ...arranged, sockets: { ...arranged.sockets, exchange } }, conts: () => conts };
  }

  it("is let go on when there is room on its disk, and not ended as one that hangs", async () => {
    const { context, conts } = held(300);
    const { limactl, error } = await boot(context, "start");
    expect([limactl, error, conts()]).toEqual([["start"], undefined, 1]);
  });

  it("is told as that when its disk fails each time", async () => {
    const { context, conts } = held(300, true);
    const { limactl, error } = await boot(context, "start");
    expect({ limactl, error }).toMatchObject({
      limactl: ["start"],
      error: { code: "E_NOT_READY", message: expect.stringContaining("QEMU cannot write to its disk") },
    });
    expect(conts()).toBe(5);
  });

  it("is left as it is where there is none, and that is said", async () => {
    const { context, conts } = held(0);
    const { limactl, error, seconds } = await boot(context, "start");
    expect({ limactl, error }).toMatchObject({ limactl: ["start"], error: { code: "E_DISK_FULL" } });
    expect([conts(), seconds < 30]).toEqual([0, true]);
  });
});

it("a guest that was ready before is waited for, and never ended: it has people's programs in it", async () => {
  const context = arrange({ boots: [], isStarting: true, answers: () => false });
  await ready(context);
  context.files.put(`${folder}/serial.log`, panic);
  const { limactl, error } = await boot(context, "waitReady", 300_000);
  expect(limactl).toEqual([]);
  expect(error).toMatchObject({ code: "E_NOT_READY" });
});

it.each<[string, (context: FakeContext) => unknown]>([
  ["is gone", ({ files }) => files.remove(`${folder}/ssh.config`)],
  ["is empty", ({ files }) => files.put(`${folder}/ssh.config`, "")],
])(
  "a guest whose ssh.config %s is not waited for: nobody can reach it until the next start",
  async (_name, lose) => {
    const context = arrange({ boots: [], isStarting: true });
    await ready(context);
    lose(context);
    const { error, seconds } = await boot(context, "waitReady");
    expect(error).toMatchObject({ code: "E_INSTANCE_BROKEN", run: "ascalon restart" });
    expect(seconds).toBeLessThan(1);
  },
);

it("a guest that had booted and does not answer in time is not said to be booting; one that boots still is", async () => {
  const silent = arrange({ boots: [], isStarting: true, answers: () => false });
  await ready(silent);
  const { limactl, error } = await boot(silent, "waitReady", 60_000);
  expect({ limactl, error }).toMatchObject({
    limactl: [],
    error: {
      code: "E_NOT_READY",
      message: "the VM is running, but its ssh still does not answer after 60 s",
      run: "ascalon restart    (ascalon up keeps waiting)",
    },
  });
  const booting = arrange({ boots: [], isStarting: true, answers: () => false });
  expect((await boot(booting, "waitReady", 60_000)).error).toMatchObject({
    message: "the VM was not ready after 60 s; it may still be booting",
    run: "ascalon up    (keeps waiting)",
  });
});

it("a VM that ends while it is waited for is told as that, and at once", async () => {
  const context = arrange({ boots: [], isStarting: true, answers: () => false });
  await ready(context);
  const { sleep } = context.clock;
  const clock = {
    ...context.clock,
    sleep: async (ms: number, signal?: AbortSignal) => {
      if (context.clock.monotonic() > 5_000) context.processes.living.clear();
      await sleep(ms, signal);
    },
  };
  const { limactl, error, seconds } = await boot({ ...context, clock }, "waitReady");
  expect({ limactl, error }).toMatchObject({
    limactl: [],
    error: { code: "E_INSTANCE_BROKEN", message: "the VM stopped while ascalon was waiting for it" },
  });
  expect(seconds).toBeLessThan(10);
});

it("Ctrl-C ends the watch with the boot", async () => {
  const context = arrange({
    boots: [
      (of) => {
        setTimeout(() => of.abort(), 5);
        return new Promise(() => {});
      },
    ],
  });
  expect((await boot(context, "start")).error).toMatchObject({ name: "AbortError" });
});
