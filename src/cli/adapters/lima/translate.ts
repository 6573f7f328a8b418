import { AscalonError, type ErrorCode } from "../../errors.ts";
import type { RunResult } from "../process.ts";
import { fatalMessage } from "./log-line.ts";

interface Translation {
  readonly match: RegExp;
  readonly code: ErrorCode;
  readonly what: (found: RegExpExecArray) => string;
  readonly run?: string;
}

/** limactl's sentences (recorded from 2.2.0, test/fixtures/limactl) and ours. The first that matches is used. */
const translations: readonly Translation[] = [
  {
    match: /must not run as the root user/,
    code: "E_ROOT",
    what: () => "Lima refuses to run as root",
    run: "run ascalon as your own user",
  },
  {
    match: /rosetta/i,
    code: "E_LIMACTL_FOREIGN_ARCH",
    what: () => "limactl is built for another processor and runs under Rosetta",
    run: "brew reinstall lima    (with the Homebrew of this processor, in /opt/homebrew)",
  },
  {
    match: /must be less than UNIX_PATH_MAX=(\d+) characters, but is (\d+)/,
    code: "E_PATH_TOO_LONG",
    what: ([, limit, length]) =>
      `a socket below LIMA_HOME would have a path of ${length} bytes; the system allows fewer than ${limit}`,
    run: "export LIMA_HOME=$HOME/.lima    (or another short folder)",
  },
  {
    match: /no space left on device/i,
    code: "E_DISK_FULL",
    what: () => "the disk filled up while limactl was working",
    run: "df -h",
  },
  {
    match: /address already in use|Could not set up host forwarding rule/i,
    code: "E_PORT_TAKEN",
    what: () => "a port that the VM wants is in use by another program",
    run: "ascalon up    (Lima takes another port for ssh at each start)",
  },
  {
    match: /template requires Lima version `([^`]+)`; this is only `([^`]+)`/,
    code: "E_LIMACTL_OLD",
    what: ([, wanted, found]) => `Lima ${wanted} or newer is needed and ${found} is installed`,
    run: "brew upgrade lima",
  },
  {
    match: /could not load disk `([^`]+)`/,
    code: "E_LIMA",
    what: ([, disk]) => `the data disk ${disk} is missing`,
    run: "ascalon up    (makes an empty one)",
  },
  {
    match:
      /cannot (?:delete|use) disk `([^`]+)` (?:in use by|as it is in use by) instance `([^`]+)`|disk `([^`]+)` .*in use by instance `([^`]+)`/,
    code: "E_LIMA",
    what: ([, a, b, c, d]) => `the data disk ${a ?? c} is in use by the instance ${b ?? d}`,
    run: "limactl list",
  },
  {
    match: /failed to download `([^`]+)`: (.*)/,
    code: "E_IMAGE",
    what: ([, location]) => `the guest image ${location} cannot be had`,
  },
  {
    match: /expected digest|digest mismatch/i,
    code: "E_IMAGE",
    what: () => "the guest image is damaged: its digest is wrong",
    run: "limactl prune    (then ascalon up)",
  },
  {
    match: /executable file not found in \$PATH|exec: "qemu|qemu-img.*not found/,
    code: "E_QEMU_MISSING",
    what: () => "QEMU is needed and is not on PATH",
    run: "brew install qemu    (Debian: apt install qemu-system-x86 qemu-utils)",
  },
  {
    match: /errors inspecting instance|has configuration errors|expected status `\w+`, got `Broken`/,
    code: "E_INSTANCE_BROKEN",
    what: () => "Lima calls the instance Broken",
    run: "ascalon up",
  },
  {
    match: /did not receive an event with the "?`?running`?"? status|timeout/i,
    code: "E_NOT_READY",
    what: () => "the VM did not become ready in time; it may still be booting",
    run: "ascalon up    (goes on waiting)",
  },
  {
    match: /does not exist, run `limactl create/,
    code: "E_VM_MISSING",
    what: () => "there is no VM yet",
    run: "ascalon up",
  },
  {
    match: /is stopped, run `limactl start/,
    code: "E_VM_STOPPED",
    what: () => "the VM is not running",
    run: "ascalon start",
  },
];

/** A failed limactl call as an error of the catalogue. `verb` names the call for people: "create the VM". */
export function translateFailure(verb: string, result: RunResult): AscalonError {
  if (result.startError === "ENOENT") {
    return new AscalonError("E_LIMACTL_MISSING", {
      what: "limactl is not installed, or not on PATH",
      why: "Lima runs the VM",
      run: "brew install lima    (Debian and Ubuntu: npm run try installs it)",
    });
  }
  if (result.startError === "ENOEXEC" || result.startError === "EBADARCH" || result.startError === "EACCES") {
    return new AscalonError("E_LIMACTL_FOREIGN_ARCH", {
      what: "limactl cannot be executed here",
      why: `the system says ${result.startError}: the file is not a program for this processor`,
      run: "file $(command -v limactl)    (then install Lima for this machine)",
    });
  }
  const said = fatalMessage(result.stderr);
  for (const { match, code, what, run } of translations) {
    const found = match.exec(result.stderr);
    if (found) {
      return new AscalonError(code, {
        what: `cannot ${verb}: ${what(found)}`,
        why: `limactl: ${said}`,
        ...(run ? { run } : {}),
      });
    }
  }
  return new AscalonError("E_LIMA", {
    what: `cannot ${verb}`,
    why: said === "" ? `limactl ended with code ${result.exitCode ?? result.signal}` : `limactl: ${said}`,
    details: result.stderr.trim().split("\n").slice(-20),
  });
}
