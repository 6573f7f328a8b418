import { pid } from "node:process";
import { expect, it } from "vitest";
import { converge } from "../../src/cli/lifecycle/converge.ts";
import { withLock } from "../../src/cli/lifecycle/lock.ts";
import { planUp } from "../../src/cli/lifecycle/plan.ts";
import { atLogin, noteWish, wasStoppedByHand } from "../../src/cli/lifecycle/stopped-by-hand.ts";
import { createReporter } from "../../src/cli/present/reporter.ts";
import { fakeContext } from "../support/fake-context.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const stateDir = "/home/mia/.local/state/ascalon";
const session = "/run/user/1000/systemd/private";

/** One login of one boot, as the kernel and systemd show it. */
const login = (boot: string): Record<string, string> => ({
  "/proc/1/stat": `1 (systemd) S 0 ${"0 ".repeat(17)}42`,
  "/proc/sys/kernel/random/boot_id": `${boot}\n`,
});

const machine = (process: "running" | "stopped") =>
  fakeMachine({ exists: "ours", process, applied: settingsOf(), homeBytes: 50 * 1024 ** 3 });

it.each([["stop"], ["destroy", "--yes"]])("%s leaves word for an agent of this login", async (...argv) => {
  const context = hostContext({ machine: machine("running"), files: login("a") });
  await runApp(argv, context);
  expect(await wasStoppedByHand(context, stateDir)).toBe(true);
});

it("a VM that was stopped already is one that a person wants stopped", async () => {
  const context = hostContext({ machine: machine("stopped"), files: login("a") });
  await runApp(["stop"], context);
  expect(await wasStoppedByHand(context, stateDir)).toBe(true);
});

it.each(["running", "stopped"] as const)(
  "a stop of a %s VM that another command keeps from it leaves no word",
  async (process) => {
    const context = hostContext({ machine: machine(process), files: login("a") });
    context.processes.living.add(pid);
    context.files.put(`/proc/${pid}/stat`, `${pid} (ascalon) S 0 ${"0 ".repeat(17)}9`);
    await withLock(context, stateDir, "ascalon rebuild", async () => {
      const { code, err } = await runApp(["stop"], context);
      expect(code).toBe(9);
      expect(err).toContain("ascalon rebuild");
    });
    expect(await wasStoppedByHand(context, stateDir)).toBe(false);
    await runApp(["stop"], context);
    await withLock(context, stateDir, "ascalon rebuild", async () => {
      expect((await runApp(["restart"], context)).code).toBe(9);
    });
    expect(await wasStoppedByHand(context, stateDir)).toBe(true);
  },
);

it.each([["start"], ["up", "--no-wait"], ["restart"]])("%s takes it back", async (...argv) => {
  const context = hostContext({ machine: machine("stopped"), files: login("a") });
  await runApp(["stop"], context);
  await runApp(argv, context);
  expect(context.files.text(`${stateDir}/stopped-by-hand`)).toBeUndefined();
  expect(await wasStoppedByHand(context, stateDir)).toBe(false);
});

it("the agent's start at login leaves a VM alone that a person stopped since the agent looked", async () => {
  const vm = machine("stopped");
  const context = hostContext({ machine: vm, files: login("a"), env: { [atLogin]: "1" } });
  await runApp(["stop"], context);
  const { code, err } = await runApp(["start"], context);
  expect({ code, err }).toMatchObject({ code: 9, err: expect.stringContaining("a person stopped the VM") });
  expect((await vm.observe()).process).toBe("stopped");
  expect(await wasStoppedByHand(context, stateDir)).toBe(true);
  // At the next login nobody did.
  context.files.put("/proc/sys/kernel/random/boot_id", "b\n");
  expect((await runApp(["start"], context)).code).toBe(0);
  expect((await vm.observe()).process).toBe("running");
});

it.each([
  ["with nothing to do", "running"],
  ["with a step", "stopped"],
] as const)(
  "a command that is for neither, as rebuild is, leaves the word as it is: %s",
  async (_, process) => {
    const change = async (context: ReturnType<typeof hostContext>): Promise<void> => {
      await converge(context, {
        command: "ascalon rebuild",
        planFor: ({ settings, facts }) => planUp(settings, facts),
        reporter: createReporter("quiet", context.stderr, () => 0),
        timeoutMs: 1000,
        wait: false,
      });
    };
    const context = hostContext({ machine: machine(process), files: login("a") });
    await change(context);
    expect(await wasStoppedByHand(context, stateDir)).toBe(false);
    const stopped = hostContext({ machine: machine(process), files: login("a") });
    await noteWish(stopped, stateDir, "down");
    await change(stopped);
    expect(await wasStoppedByHand(stopped, stateDir)).toBe(true);
  },
);

it("the next login, and the next boot, are others", async () => {
  const context = hostContext({ files: login("a") });
  context.files.put(session, "", { kind: "socket", modifiedAt: 1000 });
  await noteWish(context, stateDir, "down");
  expect(await wasStoppedByHand(context, stateDir)).toBe(true);
  context.files.put(session, "", { kind: "socket", modifiedAt: 2000 });
  expect(await wasStoppedByHand(context, stateDir)).toBe(false);
  context.files.put(session, "", { kind: "socket", modifiedAt: 1000 });
  context.files.put("/proc/sys/kernel/random/boot_id", "b\n");
  expect(await wasStoppedByHand(context, stateDir)).toBe(false);
});

/** macOS's ps: of a loginwindow the real user is root, and whoever asks for one's own is told by the real user. */
function psOfMac(rows: readonly (readonly [uid: number, ruid: number, lstart: string, comm: string])[]) {
  return ({ args }: { readonly args: readonly string[] }) => {
    if (args.includes("-p")) return { stdout: "Fri Nov 27 07:00:00 2026\n" };
    const flags = args.filter((word) => /^-\w+$/.test(word)).join("");
    const named = args.flatMap((word, index) => (args[index - 1] === "-o" ? [word.replace("=", "")] : []));
    const lines = rows
      .filter(([, ruid]) => /[aA]/.test(flags) || ruid === 1000)
      .map(([uid, ruid, lstart, comm]) => {
        const columns: Record<string, string> = {
          uid: String(uid).padStart(5),
          ruid: String(ruid).padStart(5),
          lstart: lstart.padEnd(28),
          comm,
        };
        return named.map((name) => columns[name]).join(" ");
      })
      // As it does where none of its streams is a terminal.
      .map((line) => (flags.includes("ww") ? line : line.slice(0, 79)));
    return { stdout: `${lines.join("\n")}\n` };
  };
}

it.each([
  ["", "/System/Library/CoreServices/loginwindow.app/Contents/MacOS/loginwindow"],
  [", whose arguments ps may not read", "(loginwindow)"],
])("on a Mac a login is a loginwindow of that user's%s", async (_, comm) => {
  let began = "Sat Nov 28 08:00:00 2026";
  const context = fakeContext({
    host: { platform: "darwin", home: "/Users/mia" },
    programs: (call) =>
      psOfMac([
        [1000, 1000, "Fri Nov 27 07:00:05 2026", "/usr/libexec/trustd"],
        // Another user is logged in as well (fast user switching), and so is the one before the screen of the login.
        [502, 0, "Fri Nov 27 07:01:00 2026", comm],
        [0, 0, "Sat Nov 28 13:00:00 2026", comm],
        [1000, 0, began, comm],
        [1000, 1000, "Sat Nov 28 09:00:00 2026", "/bin/zsh"],
      ])(call),
  });
  await noteWish(context, stateDir, "down");
  expect(context.files.text(`${stateDir}/stopped-by-hand`)).toBe(`Fri Nov 27 07:00:00 2026 ${began}\n`);
  expect(await wasStoppedByHand(context, stateDir)).toBe(true);
  began = "Sat Nov 28 12:00:00 2026";
  expect(await wasStoppedByHand(context, stateDir)).toBe(false);
});

it("a host of which neither is known is as before", async () => {
  const context = fakeContext();
  await noteWish(context, stateDir, "down");
  expect(await wasStoppedByHand(context, stateDir)).toBe(false);
  expect(context.files.paths()).toEqual([]);
});
