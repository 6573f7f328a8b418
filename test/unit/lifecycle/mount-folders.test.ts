import { describe, expect, it } from "vitest";
import { mountObstacles } from "../../../src/cli/lifecycle/mount-folders.ts";
import { preflight } from "../../../src/cli/lifecycle/preflight.ts";
import type { Session } from "../../../src/cli/lifecycle/session.ts";
import { fakeFiles } from "../../support/fake-files.ts";
import { type FakeMachine, fakeMachine } from "../../support/fake-machine.ts";
import { settingsOf } from "../../support/machine-facts.ts";
import { hostContext, runApp } from "../../support/run-app.ts";

/** `type: vz` is for a Mac alone, so it is put in afterwards. */
function wanted(host: string, type: "qemu" | "vz" = "qemu") {
  const settings = settingsOf(`mounts: [{host: ${host}}]`);
  return { ...settings, vm: { ...settings.vm, type } };
}

const files = fakeFiles({ "/home/mia/file": "", "/home/mia/Projects/a": "" });
files.put("/home/mia/nowhere", "/gone/x", { kind: "symlink" });
files.put("/home/mia/link", "/home/mia/Projects", { kind: "symlink" });
files.put("/home/mia/to-file", "file", { kind: "symlink" });
files.put("/home/mia/secret", "", { kind: "folder", mode: 0o300 });
files.put("/Volumes", "", { kind: "folder", mode: 0o555 });

describe("folders that a VM would not start with", () => {
  it.each([
    ["/home/mia/Projects", undefined],
    ["/home/mia/link", undefined],
    ["/home/mia/link/new", undefined],
    ["/home/mia/new/er", undefined],
    ["/home/mia/file", "is a file"],
    ["/home/mia/to-file", "is a file"],
    ["/home/mia/to-file/x", "cannot be made: /home/mia/to-file is a file"],
    ["/home/mia/nowhere", "is a symlink that leads nowhere"],
    ["/home/mia/nowhere/x", "cannot be made: /home/mia/nowhere is a symlink that leads nowhere"],
    ["/Volumes/Stick/work", "does not exist, and you cannot create anything in /Volumes"],
    ["/home/mia/secret", "is not readable by you"],
  ])("%s: %s", async (host, why) => {
    const expected = why === undefined ? [] : [`mounts[0].host: ${host} ${why}`];
    expect(await mountObstacles({ files }, wanted(host))).toEqual(expected);
    expect(await mountObstacles({ files }, wanted("/home/mia/secret", "vz"))).toEqual([]);
  });
});

const gib = 1024 ** 3;
const text = "mounts: [{host: /home/mia/file}]\n";
const arrange = (machine: FakeMachine) =>
  hostContext({ machine, files: { "/home/mia/file": "", "/home/mia/.config/ascalon/ascalon.yaml": text } });

describe("a command that would stop or start the VM", () => {
  const running = (): FakeMachine =>
    fakeMachine({ exists: "ours", process: "running", applied: settingsOf(), homeBytes: 50 * gib });

  it.each([
    [["restart"], running()],
    [["up"], fakeMachine()],
    [["start"], fakeMachine({ exists: "ours", applied: settingsOf(), homeBytes: 50 * gib })],
  ])("%j refuses before it does anything", async (argv, machine) => {
    const { code, err } = await runApp(argv, arrange(machine));
    expect([code, machine.calls]).toEqual([1, []]);
    expect(err).toContain("mounts[0].host: /home/mia/file is a file [E_MOUNT]");
    expect(err).toContain("ascalon config set mounts");
  });

  it.each([[["plan"]], [["up", "--dry-run"]]])("%j tells of it", async (argv) => {
    const { out, err } = await runApp(argv, arrange(running()));
    expect(err).toBe("mounts[0].host: /home/mia/file is a file; the VM does not start until that is fixed\n");
    expect(out).toContain("mounts");
  });

  it.each([[["up"]], [["stop"]]])("%j of one that runs needs none of it", async (argv) => {
    expect(await runApp(argv, arrange(running()))).toMatchObject({ code: 0 });
  });
});

it("a change of the guest's system that restarts the VM asks for the mounts that the VM has", async () => {
  const machine = fakeMachine({ exists: "ours", process: "running", applied: settingsOf(text) });
  const settings = settingsOf();
  const session = { machine, settings, facts: await machine.observe() } as unknown as Session;
  const context = arrange(machine);
  await expect(preflight(context, session, [{ kind: "restart" }])).rejects.toMatchObject({ code: "E_MOUNT" });
  await expect(preflight(context, session, [{ kind: "activate" }])).resolves.toBeUndefined();
});
