import { describe, expect, it } from "vitest";
import { createLimaMachine } from "../../../src/cli/adapters/lima/lima-machine.ts";
import type { Sockets } from "../../../src/cli/context.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import type { Call } from "../../support/fake-processes.ts";
import { settingsOf } from "../../support/machine-facts.ts";

const folder = "/home/mia/.lima/ascalon";

/** A VM whose host agent is gone and whose QEMU, pid 711, still runs. `ssh` answers the request to power off. */
function brokenHost(ssh: (context: FakeContext) => object, sockets: Partial<Sockets> = {}): FakeContext {
  const context: FakeContext = fakeContext({
    sockets,
    files: {
      [`${folder}/lima.yaml`]: "param:\n  ascalon: '1'\n",
      [`${folder}/ascalon-applied.yaml`]: JSON.stringify(settingsOf()),
      [`${folder}/qemu.pid`]: "711\n",
      [`${folder}/ha.pid`]: "671\n",
      [`${folder}/ha.stdout.log`]: '{"status":{"running":true}}\n',
      "/proc/711/cmdline": `qemu-system-x86_64\0-pidfile\0${folder}/qemu.pid\0`,
    },
    programs: ({ file }) => (file === "ssh" ? ssh(context) : {}),
  });
  context.processes.living.add(711);
  return context;
}

const powerOff = (context: FakeContext): void => {
  context.processes.living.delete(711);
};

async function recover(context: FakeContext) {
  const machine = createLimaMachine(context, pathsOf(context), async () => "qemu");
  const said: string[] = [];
  await machine.recover(await machine.observe(), (line) => said.push(line));
  const lines = context.processes.calls.map(({ file, args }: Call) => `${file} ${args.join(" ")}`);
  return { said, limactl: lines.filter((line) => line.startsWith("limactl")), lines };
}

const byForce = ["limactl --tty=false stop --force ascalon"];

describe("a VM whose host agent is gone", () => {
  it("powers itself off when it is asked", async () => {
    const context = brokenHost((of) => {
      powerOff(of);
      return {};
    });
    const { said, limactl, lines } = await recover(context);
    expect(limactl).toEqual([]);
    expect(said).toEqual(["asking the guest to power off", "the guest powered itself off"]);
    expect(lines[0]).toMatch(
      /^ssh -F \/home\/mia\/.lima\/ascalon\/ssh.config .*ControlPath=none .*IdentityAgent=none/,
    );
  });

  it("and when ssh ends with the guest", async () => {
    const context = brokenHost((of) => {
      powerOff(of);
      return { exitCode: 255, stderr: "Connection to 127.0.0.1 closed by remote host.\n" };
    });
    expect((await recover(context)).limactl).toEqual([]);
  });

  it("is ended by force when it does not go down within three minutes", async () => {
    const context = brokenHost(() => ({}));
    expect((await recover(context)).limactl).toEqual(byForce);
    const waited = context.clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(180_000);
  });

  it.each([
    [
      "was never reached",
      { exitCode: 255, stderr: "ssh: connect to host 127.0.0.1 port 1: Connection refused\n" },
    ],
    ["does not resolve", { exitCode: 255, stderr: "ssh: Could not resolve hostname lima-ascalon\n" }],
    ["does not take the key", { exitCode: 255, stderr: "dev@127.0.0.1: Permission denied (publickey).\n" }],
    ["may not power off", { exitCode: 1, stderr: "sudo: a password is required\n" }],
  ])("one that %s is ended without waiting", async (_name, end) => {
    const context = brokenHost(() => end);
    expect((await recover(context)).limactl).toEqual(byForce);
    expect(context.clock.slept).toEqual([]);
  });

  it.each([
    [
      "is in the middle of a boot",
      { exitCode: 255, stderr: "kex_exchange_identification: Connection closed by remote host\n" },
    ],
    ["stands still", { exitCode: 255, stderr: "Connection timed out during banner exchange\n" }],
    ["is too busy for a login", { timedOut: true, exitCode: undefined, signal: "SIGTERM" }],
  ])("one that %s is asked again, for two minutes", async (_name, end) => {
    const late = brokenHost((of) => {
      if (of.clock.slept.length < 40) return end;
      powerOff(of);
      return {};
    });
    const { said, limactl } = await recover(late);
    expect(limactl).toEqual([]);
    expect(said).toEqual(["asking the guest to power off", "the guest powered itself off"]);
    const never = brokenHost(() => end);
    expect((await recover(never)).limactl).toEqual(byForce);
    expect(never.clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(120_000);
  });

  it("a request whose answer did not come in time is one all the same", async () => {
    const context = brokenHost((of) => {
      powerOff(of);
      return { timedOut: true, exitCode: undefined, signal: "SIGTERM" };
    });
    expect((await recover(context)).limactl).toEqual([]);
  });

  it("Ctrl-C while it is asked ends nothing by force", async () => {
    const context = brokenHost((of) => {
      of.abort();
      return { exitCode: 130 };
    });
    await expect(recover(context)).rejects.toThrow("aborted");
    expect(context.processes.calls.map(({ file }) => file)).toEqual(["ssh"]);
  });

  it("a VM whose process seems to be gone, and whose guest takes the request, powers itself off", async () => {
    const context = brokenHost((of) => {
      of.processes.living.delete(671);
      return {};
    });
    context.processes.living.add(671);
    context.files.put("/proc/671/cmdline", `limactl\0hostagent\0--pidfile\0${folder}/ha.pid\0`);
    // Half of a number, as a full disk may leave it.
    context.files.put(`${folder}/qemu.pid`, "7");
    const { said, limactl } = await recover(context);
    expect(limactl).toEqual([]);
    expect(said).toContain("the guest powered itself off");
  });

  describe("that no pid file names", () => {
    const unnamed = (ssh: (listening: { is: boolean }) => object): FakeContext => {
      const listening = { is: true };
      const context = brokenHost(() => ssh(listening), {
        exchange: async (path) =>
          path === `${folder}/ha.sock` && listening.is ? { kind: "silent" } : { kind: "absent" },
      });
      for (const name of ["ha.pid", "qemu.pid"]) context.files.remove(`${folder}/${name}`);
      return context;
    };

    it("powers itself off all the same", async () => {
      const context = unnamed((listening) => {
        listening.is = false;
        return {};
      });
      const { said, limactl } = await recover(context);
      expect(limactl).toEqual([]);
      expect(said).toContain("the guest powered itself off");
    });

    const told = {
      code: "E_INSTANCE_BROKEN",
      run: expect.stringMatching(/^pkill -INT -f 'hostagent \.\* ascalon\$' {4}/),
    };
    const asked = (context: FakeContext): readonly string[] =>
      context.processes.calls.map(({ file }) => file);

    // It would end nobody, and remove ha.sock: a second VM would get the disks.
    it("and when it does not, Lima is not asked either, and the person is told how to end it", async () => {
      const context = unnamed(() => ({ exitCode: 255 }));
      await expect(recover(context)).rejects.toMatchObject(told);
      expect(asked(context)).toEqual(["ssh"]);
    });

    it("and stop --force is refused with the same", async () => {
      const context = unnamed(() => ({}));
      const machine = createLimaMachine(context, pathsOf(context), async () => "qemu");
      await expect(machine.stop({ force: true }, () => {})).rejects.toMatchObject(told);
      expect(asked(context)).toEqual([]);
    });
  });

  it("a pid file that names another's process is gone before Lima could send it SIGKILL", async () => {
    const context = brokenHost(() => ({ exitCode: 255 }));
    context.processes.living.add(671);
    context.files.put("/proc/671/cmdline", "firefox\0");
    expect((await recover(context)).limactl).toEqual(byForce);
    expect(context.files.text(`${folder}/ha.pid`)).toBeUndefined();
    expect(context.files.text(`${folder}/qemu.pid`)).toBe("711\n");
  });
});

describe("pid files of before a crash", () => {
  it("go where they name other programs now, and nothing else is said to", async () => {
    const context = brokenHost(() => ({}));
    context.files.put("/proc/711/cmdline", "vim\0notes.md\0");
    const { said, lines } = await recover(context);
    expect(said).toEqual(["removed qemu.pid: left over from a crash, the pids now belong to other programs"]);
    expect(lines).toEqual([]);
    expect(context.files.text(`${folder}/qemu.pid`)).toBeUndefined();
    expect(context.files.text(`${folder}/ha.pid`)).toBe("671\n");
    expect(context.processes.killed).toEqual([]);
  });
});
