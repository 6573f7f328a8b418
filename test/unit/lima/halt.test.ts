import { expect, it } from "vitest";
import { createLimaMachine } from "../../../src/cli/adapters/lima/lima-machine.ts";
import { vmStatusOf } from "../../../src/cli/agent/vm-status.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import { settingsOf } from "../../support/machine-facts.ts";

const folder = "/home/mia/.lima/ascalon";
const mebibyte = 1024 ** 2;

/** As QEMU 7.2 said them, of a guest whose disk was full on the host. */
const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian 1:7.2"}, "capabilities": ["oob"]}}\r\n';
const answers = {
  qmp_capabilities: '{"return": {}}\r\n',
  "query-status": '{"return": {"status": "io-error", "singlestep": false, "running": false}}\r\n',
  cont: '{"timestamp": {"seconds": 1796006355, "microseconds": 913169}, "event": "RESUME"}\r\n{"return": {}}\r\n',
};
const runs = '{"return": {"status": "running", "singlestep": false, "running": true}}\r\n';

interface Halted {
  readonly context: FakeContext;
  /** How often the guest was let go on. */
  readonly conts: () => number;
}

/** A guest that QEMU holds; it goes on at `cont`, as long as there is room. */
function halted({ freeMib, isBroken = false }: { freeMib: number; isBroken?: boolean }): Halted {
  let isHeld = true;
  let conts = 0;
  const context = fakeContext({
    files: {
      [`${folder}/lima.yaml`]: "param:\n  ascalon: '1'\n",
      [`${folder}/ascalon-applied.yaml`]: JSON.stringify(settingsOf()),
      [`${folder}/ha.pid`]: "671\n",
      [`${folder}/qemu.pid`]: "711\n",
      [`${folder}/ha.stdout.log`]: '{"status":{"running":true}}\n',
      [`${folder}/ssh.config`]: "Host lima-ascalon\n  Port 60022\n",
      [`${folder}/disk`]: "",
      "/proc/671/cmdline": `limactl\0hostagent\0--pidfile\0${folder}/ha.pid\0`,
      "/proc/711/cmdline": `qemu-system-x86_64\0-pidfile\0${folder}/qemu.pid\0`,
    },
    sockets: {
      probeTcpBanner: async () =>
        isHeld ? { kind: "silent" } : { kind: "data", bytes: Buffer.from("SSH-2.0-OpenSSH"), ended: false },
      exchange: async (path, request, { until }) => {
        if (path !== `${folder}/qmp.sock`) return { kind: "absent" };
        let said = greeting;
        for (const line of Buffer.from(request).toString().trim().split("\n")) {
          const { execute } = JSON.parse(line) as { execute: keyof typeof answers };
          if (execute === "cont") {
            conts += 1;
            isHeld = isBroken || context.files.free === 0;
          }
          // It would wait for more, or hang up before the answer.
          expect(until?.(Buffer.from(said))).toBe(false);
          said += execute === "query-status" && !isHeld ? runs : answers[execute];
        }
        expect(until?.(Buffer.from(said))).toBe(true);
        return { kind: "data", bytes: Buffer.from(said), ended: false };
      },
    },
    programs: ({ file }) => {
      if (file === "limactl" || file === "ssh") context.processes.living.clear();
      return {};
    },
  });
  context.processes.living.add(671).add(711);
  context.files.free = freeMib * mebibyte;
  return { context, conts: () => conts };
}

const machineOf = (context: FakeContext) => createLimaMachine(context, pathsOf(context), async () => "qemu");

function waitReady(context: FakeContext, said: string[] = []): Promise<void> {
  const options = { timeoutMs: 60_000, wait: true, signal: context.signal };
  return machineOf(context).waitReady(options, (line) => said.push(line));
}

it("a guest that QEMU holds is known, with what is free", async () => {
  const { context } = halted({ freeMib: 3 });
  const facts = await machineOf(context).observe();
  expect(facts.halted).toEqual({ freeBytes: 3 * mebibyte });
  expect(vmStatusOf(facts)).toEqual({
    state: "running",
    reason: "QEMU paused it at a failed write to its disk; 3 MiB are free there",
  });
});

it("one that answers is not asked for", async () => {
  const { context } = halted({ freeMib: 3 });
  const probeTcpBanner = async () =>
    ({ kind: "data", bytes: Buffer.from("SSH-2.0-OpenSSH"), ended: false }) as const;
  const answering = { ...context, sockets: { ...context.sockets, probeTcpBanner } };
  expect((await machineOf(answering as FakeContext).observe()).halted).toBeUndefined();
});

it("up lets it go on when there is room", async () => {
  const { context, conts } = halted({ freeMib: 300 });
  const said: string[] = [];
  await waitReady(context, said);
  expect([conts(), said]).toEqual([1, ["there is room on the disk again: resuming the VM"]]);
});

it("up says so when there is none, and how much there is", async () => {
  const { context, conts } = halted({ freeMib: 255 });
  await expect(waitReady(context)).rejects.toMatchObject({
    code: "E_DISK_FULL",
    message: "the VM is paused: only 255 MiB are free where its disks are",
    run: "df -h /home/mia/.lima    (free space, then: ascalon up)",
  });
  expect(conts()).toBe(0);
});

it("a disk that fails again and again is told as that", async () => {
  const { context, conts } = halted({ freeMib: 300, isBroken: true });
  await expect(waitReady(context)).rejects.toMatchObject({
    code: "E_NOT_READY",
    message: "the VM is paused: QEMU cannot write to its disk, although 300 MiB are free there",
  });
  expect(conts()).toBe(5);
});

it.each([
  [
    "stop",
    async (context: FakeContext) => machineOf(context).stop({ force: false }, () => {}),
    // Whoever deletes the VM to make room.
    /^ascalon stop --force /,
  ],
  [
    "a repair",
    async (context: FakeContext) => {
      context.processes.living.delete(671);
      await machineOf(context).recover(await machineOf(context).observe(), () => {});
    },
    /^df -h /,
  ],
])("%s lets it go on first: it would not see that it is to shut down", async (_name, end, wayOut) => {
  const { context, conts } = halted({ freeMib: 300 });
  await end(context);
  expect(conts()).toBe(1);
  const full = halted({ freeMib: 0 });
  await expect(end(full.context)).rejects.toMatchObject({
    code: "E_DISK_FULL",
    run: expect.stringMatching(wayOut),
  });
  expect(full.context.processes.living.has(711)).toBe(true);
});
