import { describe, expect, test } from "vitest";
import { run } from "../../src/cli/app.ts";
import { noteWish } from "../../src/cli/lifecycle/stopped-by-hand.ts";
import { fakeContext } from "../support/fake-context.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostFirmware, hostPrograms } from "../support/run-app.ts";

const instance = "/home/mia/.lima/ascalon";
const sshConfig = `Host lima-ascalon
  IdentityFile "/home/mia/.lima/_config/user"
  User dev
  ControlPath "${instance}/ssh.sock"
  Port 40022
`;

function running(options: Parameters<typeof fakeContext>[0] = {}) {
  const context = fakeContext({
    cwd: "/home/mia/Projects/app",
    programs: ({ file }) => (file === "ssh" ? { exitCode: 7 } : undefined),
    ...options,
    files: {
      [`${instance}/ssh.config`]: sshConfig,
      [`${instance}/ascalon-applied.yaml`]: JSON.stringify({
        mounts: [{ host: "/home/mia/Projects", writable: true }],
      }),
      [`${instance}/lima.yaml`]: 'param:\n  ascalon: "1"\n',
      [`${instance}/ha.pid`]: "4242\n",
      "/home/mia/Projects/app/file": "",
      ...options.files,
    },
  });
  context.processes.living.add(4242);
  return context;
}

describe("ascalon shell", () => {
  test("starts one program, ssh, and ends with its code", async () => {
    const context = running();
    expect(await run(["shell", "--", "make", "-j4"], context)).toBe(7);
    expect(context.processes.calls.map(({ file }) => file)).toEqual(["ssh"]);
    const args = context.processes.calls[0]?.args ?? [];
    expect(args.slice(0, 2)).toEqual(["-F", `${instance}/ssh.config`]);
    expect(args.at(-1)).toMatch(/ \/home\/mia\/Projects\/app make -j4$/);
    expect(context.out() + context.err()).toBe("");
  });

  test.each([
    [["shell", "make", "-j4"], / make -j4$/],
    [["shell", "--no-cwd", "--", "make"], / '' make$/],
    [["shell", "-C", "/etc", "--", "ls"], / \/etc ls$/],
    [["shell", "--directory", "/etc", "ls", "-C", "x"], / \/etc ls -C x$/],
    [["shell", "-T", "--", "ls", "--", "-x"], / ls -- -x$/],
  ])("understands %j", async (argv, text) => {
    const context = running();
    expect(await run(argv, context)).toBe(7);
    expect(context.processes.calls[0]?.args.at(-1)).toMatch(text);
  });

  test.each([
    ["on a terminal", true, [], "-t"],
    ["on none", false, [], "-T"],
    ["on a terminal that -T refuses", true, ["-T"], "-T"],
    ["on none with -t", false, ["-t"], "-tt"],
  ] as const)("%s runs ssh rightly", async (_, isTTY, options, flag) => {
    const context = running({ isTTY });
    await run(["shell", ...options, "--", "ls"], context);
    expect(context.processes.calls[0]?.args).toContain(flag);
  });

  test("goes on with a VM whose host agent is gone, because ssh does", async () => {
    const context = running({ files: { [`${instance}/qemu.pid`]: "4243\n" } });
    context.processes.living.delete(4242);
    context.processes.living.add(4243);
    expect(await run(["shell", "--", "true"], context)).toBe(7);
  });

  test("does not trust the ssh.config of a stopped VM, whose port may be another's", async () => {
    const context = running();
    context.processes.living.delete(4242);
    expect(await run(["shell", "--", "true"], context)).toBe(125);
    expect(context.processes.calls).toEqual([]);
  });

  test("without a VM the reason is a sentence", async () => {
    const context = fakeContext();
    expect(await run(["shell", "--", "true"], { ...context, openMachine: async () => fakeMachine() })).toBe(
      125,
    );
    expect(context.err()).toContain("why: nothing was run in the guest (E_VM_MISSING)");
  });

  test("of a VM that lost its pid files says no more than is known: its processes may all be there", async () => {
    const context = fakeContext();
    const openMachine = async () => fakeMachine({ exists: "ours", process: "broken" });
    expect(await run(["shell", "--", "true"], { ...context, openMachine })).toBe(125);
    expect(context.err()).toContain("one of the VM's processes is gone, or its pid files are [E_SHELL]");
    expect(context.err()).toContain("run: ascalon up\n");
  });

  test.each([
    ["is started once it is down, and the program runs then", false, 7, ["start"], "Starting the VM"],
    ["and that a person stops, is let lie", true, 125, [], "the VM stopped while ascalon was waiting for it"],
  ])("on a terminal, a VM that was shutting down %s", async (_name, byHand, ended, calls, words) => {
    const machine = fakeMachine({
      exists: "ours",
      process: "running",
      applied: settingsOf(),
      homeBytes: 50 * 1024 ** 3,
    });
    const context = running({
      isTTY: true,
      machine,
      files: { [hostFirmware]: "", "/run/user/1000/systemd/private": "" },
      programs: async ({ file, args }) => {
        if (file !== "ssh") return {};
        if (machine.calls.includes("start")) return { exitCode: args.includes("-E") ? 7 : 0 };
        // sshd turns everybody away (pam_nologin), which ssh tells in its log alone.
        const log = args.indexOf("-E");
        if (log >= 0)
          context.files.put(args[log + 1] ?? "", "debug1: ssh.c:load_public_identity_files(): x\n");
        else {
          context.processes.living.delete(4242);
          machine.state.process = "stopped";
          if (byHand) await noteWish(context, "/home/mia/.local/state/ascalon", "down");
        }
        return { exitCode: 255 };
      },
    });
    for (const name of hostPrograms) context.files.put(`/usr/bin/${name}`, "", { mode: 0o755 });
    machine.instead.start = () => {
      context.processes.living.add(4242);
      Object.assign(machine.state, { process: "running", sshState: "up" });
    };
    const code = await run(["shell", "--", "make"], context);
    expect([code, context.err()]).toEqual([ended, expect.stringContaining(words)]);
    expect(machine.calls).toEqual(calls);
  });

  test("leaves wrong options to the parser, and 2 to the guest", async () => {
    const context = running();
    expect(await run(["shell", "--no-such", "--", "true"], context)).toBe(125);
    expect(context.err()).toContain("unknown option '--no-such' [E_SHELL]");
    expect(context.err()).toContain("run: ascalon shell --help");
    expect(context.processes.calls).toEqual([]);
  });
});
