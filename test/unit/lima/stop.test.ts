import { describe, expect, it } from "vitest";
import { createLimaMachine } from "../../../src/cli/adapters/lima/lima-machine.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import { settingsOf } from "../../support/machine-facts.ts";

const folder = "/home/mia/.lima/ascalon";

interface Running {
  readonly driver: "vz" | "qemu";
  readonly ssh: (context: FakeContext) => object;
  readonly limactl?: (context: FakeContext) => object;
}

/** A VM that runs: the host agent is pid 671, and on vz it holds the VM as well. */
function running({ driver, ssh, limactl = end }: Running): FakeContext {
  const pid = driver === "vz" ? 671 : 711;
  const context: FakeContext = fakeContext({
    files: {
      [`${folder}/lima.yaml`]: "param:\n  ascalon: '1'\n",
      [`${folder}/ascalon-applied.yaml`]: JSON.stringify(settingsOf()),
      [`${folder}/ha.pid`]: "671\n",
      [`${folder}/${driver}.pid`]: `${pid}\n`,
      [`${folder}/ha.stdout.log`]: '{"status":{"running":true}}\n',
      [`${folder}/ssh.config`]: "Host lima-ascalon\n  Port 60022\n",
      "/proc/671/cmdline": `limactl\0hostagent\0--pidfile\0${folder}/ha.pid\0`,
      "/proc/711/cmdline": `qemu-system-x86_64\0-pidfile\0${folder}/qemu.pid\0`,
    },
    sockets: {
      probeTcpBanner: async () => ({ kind: "data", bytes: Buffer.from("SSH-2.0-OpenSSH"), ended: false }),
    },
    programs: ({ file }) => (file === "ssh" ? ssh(context) : limactl(context)),
  });
  context.processes.living.add(671).add(pid);
  return context;
}

function end(context: FakeContext): object {
  for (const name of ["ha.pid", "vz.pid", "qemu.pid"]) void context.files.remove(`${folder}/${name}`);
  context.processes.living.clear();
  return {};
}

async function stop(context: FakeContext) {
  const machine = createLimaMachine(context, pathsOf(context), async () => "vz");
  const told = await machine.stop({ force: false }, () => {});
  return { told, called: context.processes.calls.map(({ file }) => file) };
}

describe("stop", () => {
  it("on vz the guest powers itself off, and Lima's half minute never begins", async () => {
    expect(await stop(running({ driver: "vz", ssh: end }))).toEqual({ told: undefined, called: ["ssh"] });
  });

  it.each([
    ["cannot be reached", { exitCode: 255, stderr: "Connection refused\n" }],
    ["takes the request and does not go down", {}],
  ])("on vz Lima stops a guest that %s", async (_name, answer) => {
    const { told, called } = await stop(running({ driver: "vz", ssh: () => answer }));
    expect([told, called]).toEqual([undefined, ["ssh", "limactl"]]);
  });

  it("a guest that Lima did not wait for is told of", async () => {
    const limactl = (context: FakeContext): object => {
      context.files.put(
        `${folder}/ha.stderr.log`,
        '{"level":"error","msg":"vz timeout while waiting for stop status"}\n',
      );
      return end(context);
    };
    const { told } = await stop(running({ driver: "vz", ssh: () => ({ exitCode: 1 }), limactl }));
    expect(told).toContain("did not shut down within the half minute");
  });

  describe("of a VM that Lima calls Broken, because the host agent's socket is gone", () => {
    const fatal =
      'level=fatal msg="expected status `Running`, got `Broken` (maybe use `limactl stop -f`?)"\n';
    const limactl = (): object => ({ exitCode: 1, stderr: fatal });

    it("the guest powers itself off", async () => {
      const { told, called } = await stop(running({ driver: "qemu", ssh: end, limactl }));
      expect([told, called]).toEqual([undefined, ["limactl", "ssh"]]);
    });

    it("and when it does not, the person is told what does", async () => {
      const context = running({ driver: "qemu", ssh: () => ({ exitCode: 1 }), limactl });
      const error = await stop(context).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: "E_INSTANCE_BROKEN",
        run: expect.stringMatching(/^ascalon stop --force /),
      });
    });
  });

  it("a guest on QEMU that was still booting when the power button was pressed is asked by ssh as well", async () => {
    let answers = 0;
    let down = (): void => {};
    const ended = new Promise<void>((resolve) => {
      down = resolve;
    });
    const context = running({
      driver: "qemu",
      // It boots for half a minute.
      ssh: (guest) => {
        answers += 1;
        if (answers < 4) return { exitCode: 255, stderr: "Connection timed out during banner exchange\n" };
        end(guest);
        down();
        return {};
      },
      limactl: () => ended.then(() => ({})),
    });
    expect(await stop(context)).toEqual({ told: undefined, called: ["limactl", "ssh", "ssh", "ssh", "ssh"] });
  });

  it("a guest on QEMU that Lima did not wait for is told of", async () => {
    const limactl = (context: FakeContext): object => {
      context.files.put(
        `${folder}/ha.stderr.log`,
        '{"level":"warning","msg":"QEMU did not exit in 3m0s, forcibly killing QEMU"}\n',
      );
      return end(context);
    };
    const { told } = await stop(running({ driver: "qemu", ssh: () => ({ exitCode: 1 }), limactl }));
    expect(told).toContain("did not shut down within the three minutes");
  });

  it("on QEMU Lima waits long enough by itself", async () => {
    expect((await stop(running({ driver: "qemu", ssh: end }))).called).toEqual(["limactl"]);
  });
});
