import { describe, expect, it } from "vitest";
import { translateFailure } from "../../../src/cli/adapters/lima/translate.ts";
import type { RunResult } from "../../../src/cli/adapters/process.ts";
import { renderError } from "../../../src/cli/present/error.ts";
import { limactlFixture, limactlFixtures } from "../../support/limactl-fixture.ts";

const failures = limactlFixtures.filter((name) => limactlFixture(name).result.exitCode !== 0);

const rendered = (verb: string, result: RunResult): string =>
  renderError(translateFailure(verb, result), { asJson: false, colors: false });

const ended = (stderr: string, more: Partial<RunResult> = {}): RunResult => ({
  exitCode: 1,
  signal: undefined,
  stdout: "",
  stderr,
  timedOut: false,
  startError: undefined,
  ...more,
});

const line = (level: string, message: string): string =>
  `time="2026-11-25T00:51:07Z" level=${level} msg=${JSON.stringify(message)}\n`;

describe("limactl's failures in our words", () => {
  it.each(failures)("%s, recorded", async (name) => {
    const { command, result } = limactlFixture(name);
    await expect(`$ ${command}\n${rendered("VERB", result)}`).toMatchFileSnapshot(
      `../../golden/limactl/${name}.txt`,
    );
  });

  it.each(failures)("%s, as a Lima before 2.2 quotes the names in it", (name) => {
    const { result } = limactlFixture(name);
    const before = { ...result, stderr: result.stderr.replaceAll("`", '\\"') };
    const words = (failed: RunResult) => {
      const { code, message, run } = translateFailure("VERB", failed);
      return { code, message, run };
    };
    expect(words(before)).toEqual(words(result));
  });

  it.each<[string, RunResult, string, RegExp]>([
    [
      "not installed",
      ended("", { exitCode: undefined, startError: "ENOENT" }),
      "E_LIMACTL_MISSING",
      /not on PATH/,
    ],
    [
      "not executable",
      ended("", { exitCode: undefined, startError: "EACCES" }),
      "E_LIMACTL_MISSING",
      /not executable/,
    ],
    [
      "no program",
      ended("", { exitCode: undefined, startError: "ENOEXEC" }),
      "E_LIMACTL_FOREIGN_ARCH",
      /cannot be executed/,
    ],
    ["as root", ended("limactl: must not run as the root user\n"), "E_ROOT", /refuses to run as root/],
    [
      "under Rosetta",
      ended(line("fatal", "limactl is running under rosetta, please reinstall lima with native arch")),
      "E_LIMACTL_FOREIGN_ARCH",
      /runs under Rosetta/,
    ],
    [
      "a full disk, told by QEMU",
      ended(line("info", "qemu[stderr]: No space left on device") + line("fatal", "exiting, status={}")),
      "E_DISK_FULL",
      /disk filled up/,
    ],
    [
      "the ssh port taken, told by QEMU",
      ended(
        line(
          "info",
          "[hostagent] qemu[stderr]: Could not set up host forwarding rule 'tcp:127.0.0.1:60022-:22'",
        ) + line("fatal", "exiting, status={}"),
      ),
      "E_PORT_TAKEN",
      /port for ssh was taken/,
    ],
    [
      "a file that is kept from it",
      ended(
        line(
          "fatal",
          "failed to read ssh public key `/home/a b/.lima/_config/user.pub`: open /home/a b/.lima/_config/user.pub: permission denied",
        ),
      ),
      "E_ACCESS",
      /limactl has no permission to use \/home\/a b\/.lima\/_config\/user.pub$/,
    ],
    [
      "a port taken",
      ended(line("fatal", "listen tcp 127.0.0.1:53: bind: address already in use")),
      "E_PORT_TAKEN",
      /port/,
    ],
    [
      "a port that only could not be forwarded is not why the start failed",
      ended(
        line(
          "warning",
          "[hostagent] failed to forward: listen tcp 127.0.0.1:80: bind: address already in use",
        ) + line("fatal", "did not receive an event with the `running` status"),
      ),
      "E_NOT_READY",
      /not become ready in time/,
    ],
    [
      "a setting that has rosetta in its name is not Rosetta",
      ended(line("warning", "vmOpts.vz.rosetta is ignored") + line("fatal", "something else")),
      "E_LIMA",
      /^cannot start the VM$/,
    ],
    [
      "a word such as timeout in passing is not the reason",
      ended(line("info", "probing with a timeout of 3 s") + line("fatal", "something else")),
      "E_LIMA",
      /^cannot start the VM$/,
    ],
    [
      "ended by a signal",
      ended("", { exitCode: undefined, signal: "SIGKILL" }),
      "E_LIMA",
      /^cannot start the VM$/,
    ],
    [
      "out of time",
      ended("", { exitCode: undefined, signal: "SIGTERM", timedOut: true }),
      "E_LIMA",
      /did not finish/,
    ],
    [
      "the home disk held by another instance, on vz",
      ended(
        line("fatal", '[hostagent] failed to run attach disk "ascalon-home", in use by instance "other"') +
          line("fatal", "exiting, status={}"),
      ),
      "E_LIMA",
      /^cannot start the VM: the data disk ascalon-home is held by another instance, other$/,
    ],
    [
      "no QEMU",
      ended(line("fatal", 'exec: "qemu-img": executable file not found in $PATH')),
      "E_QEMU_MISSING",
      /qemu-img is/,
    ],
    [
      "no firmware",
      ended(
        line(
          "fatal",
          "could not find firmware for `x86_64` (hint: try setting `firmware.legacyBIOS` to `true`)",
        ),
      ),
      "E_QEMU_MISSING",
      /UEFI firmware is not installed/,
    ],
    [
      "a guest that does not shut down",
      ended(line("fatal", "did not receive an event with the `exiting` status")),
      "E_LIMA",
      /did not shut down in time/,
    ],
    ["a damaged image", ended(line("fatal", "expected digest sha256:1, got sha256:2")), "E_IMAGE", /damaged/],
  ])("%s", (_name, result, code, what) => {
    const error = translateFailure("start the VM", result);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(what);
    expect(rendered("start the VM", result)).not.toMatch(/undefined|\[object/);
  });
});

describe("the word of Lima's host agent, when it ended", () => {
  const exiting = ended(line("fatal", "exiting, status={Running:false}"));

  it("is why, because limactl says only that it ended", () => {
    expect(translateFailure("start the VM", exiting, "mkdir /no: too many levels")).toMatchObject({
      code: "E_LIMA",
      why: "Lima's host agent: mkdir /no: too many levels",
    });
  });

  it("of a file that is kept from it, the command names the file", () => {
    const word = "open /a b/user.pub: permission denied";
    expect(translateFailure("start the VM", exiting, word).run).toMatch(/^ls -ld '\/a b\/user.pub' /);
  });

  it("is translated as limactl's own is", () => {
    expect(translateFailure("start the VM", exiting, "write x: no space left on device").code).toBe(
      "E_DISK_FULL",
    );
  });
});
