import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { provisionScript } from "../../src/cli/projections/provision-script.ts";
import { limaInitPath, listedPath } from "../support/listed-programs.ts";
import { describeWith, projectFiles, root } from "./support/nix.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ascalon-scripts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in a PATH of the test's own, before the system's. */
function program(name: string, script: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

function guestScript(name: string, args: readonly string[], env: Record<string, string> = {}) {
  const result = spawnSync("/bin/sh", [`${root}nix/guest/${name}.sh`, ...args], {
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${join(folder, "bin")}:${listedPath(name) ?? process.env.PATH}`,
      ASCALON_RUN_DIR: folder,
      ...env,
    },
  });
  return { code: result.status, out: result.stdout.trim(), err: result.stderr.trim() };
}

const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

describeWith(["shellcheck"], "scripts of the guest", () => {
  it("pass shellcheck", () => {
    const files = projectFiles("nix/*.sh");
    expect(files.length).toBeGreaterThanOrEqual(6);
    const checked = spawnSync("shellcheck", files, { cwd: root, encoding: "utf8" });
    expect(checked.stdout).toBe("");
    expect(checked.status).toBe(0);
  });
});

describe("home-move", () => {
  const move = (env: Record<string, string> = {}) =>
    guestScript("home-move", ["/dev/none", "ascalon-home"], {
      ASCALON_OLD_HOME: join(folder, "old"),
      ASCALON_MOVE_TARGET: join(folder, "new"),
      ...env,
    });

  beforeEach(() => {
    write("old/dev/.ssh/authorized_keys", "key");
    write("old/dev/work.txt", "work");
    mkdirSync(join(folder, "new/lost+found"), { recursive: true });
  });

  it("why #8: takes the homes of the system disk along to a new disk, hidden files too", () => {
    expect(move().code).toBe(0);
    expect(read("new/dev/.ssh/authorized_keys")).toBe("key");
    expect(existsSync(join(folder, "new/.ascalon/moved"))).toBe(true);
    expect(read("old/dev/work.txt")).toBe("work");
  });

  it("does so once: later work on the disk is not overwritten", () => {
    move();
    write("new/dev/work.txt", "later");
    expect(move().code).toBe(0);
    expect(read("new/dev/work.txt")).toBe("later");
  });

  it("goes on where it was interrupted", () => {
    write("new/.ascalon/moving", "");
    write("new/dev/work.txt", "wo");
    expect(move().code).toBe(0);
    expect(read("new/dev/work.txt")).toBe("work");
    expect(existsSync(join(folder, "new/.ascalon/moving"))).toBe(false);
  });

  it("copies nothing over a disk that came with homes", () => {
    write("new/dev/work.txt", "from another machine");
    expect(move().code).toBe(0);
    expect(read("new/dev/work.txt")).toBe("from another machine");
    expect(existsSync(join(folder, "new/dev/.ssh"))).toBe(false);
  });

  it("fails with a sentence when the disk takes not even a mark", () => {
    program("touch", "exit 1");
    expect(move().code).toBe(1);
    expect(read("ascalon-home.failed")).toContain("the disk ascalon-home could not be prepared");
    expect(existsSync(join(folder, "new/dev"))).toBe(false);
  });

  it("fails with a sentence, and keeps the mark, when the copy fails", () => {
    program("cp", "exit 1");
    expect(move().code).toBe(1);
    expect(read("ascalon-home.failed")).toContain("could not be copied to the disk ascalon-home");
    expect(existsSync(join(folder, "new/.ascalon/moving"))).toBe(true);
  });
});

describe("wait-for-socket", () => {
  it("ends when the socket is there", async () => {
    const path = join(folder, "sock");
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once("listening", resolve));
    expect(guestScript("wait-for-socket", [path])).toEqual({ code: 0, out: "", err: "" });
    server.close();
  });

  it("gives a slow server nearly all of the 90 s that systemd gives a start", () => {
    program("sleep", `echo "$1" >>${folder}/slept`);
    const alive = { MAINPID: String(process.pid) };
    expect(guestScript("wait-for-socket", [join(folder, "sock")], alive).code).toBe(1);
    const slept = read("slept").trim().split("\n").map(Number);
    expect(slept.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(80);
  });

  it("does not wait for a server that has ended", () => {
    const { pid } = spawnSync("true");
    program("sleep", "exit 3");
    const gone = { MAINPID: String(pid) };
    expect(guestScript("wait-for-socket", [join(folder, "sock")], gone).code).toBe(1);
  });

  it("fails with a sentence when it never comes, and a plain file is none", () => {
    write("sock", "");
    expect(guestScript("wait-for-socket", [join(folder, "sock"), "2"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("did not appear"),
    });
  });
});

describeWith(["bash", "zsh", "script"], "the shell's folder, told to the terminal (OSC 7)", () => {
  /** What an interactive shell prints that went into a folder, in a terminal of this kind. */
  function printed(shell: "bash" | "zsh", into: string, term = "xterm-256color", first = ""): string {
    mkdirSync(join(folder, into), { recursive: true });
    write(".zshrc", `${first}\n. ${root}nix/guest/folder-report.sh\n`);
    const line = shell === "bash" ? `bash --rcfile ${folder}/.zshrc -i` : "zsh -i";
    const { stdout } = spawnSync("script", ["-qec", line, "/dev/null"], {
      input: `cd '${into}'\nfalse\necho code $?\nexit\n`,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ZDOTDIR: folder, TERM: term, LC_ALL: "C.UTF-8" },
    });
    return stdout.toString("latin1");
  }
  const url = (path: string): RegExp =>
    new RegExp(`\\x1b\\]7;file://[^/]+${join(realpathSync(folder), path)}\\x07`);

  it.each(["bash", "zsh"] as const)("%s: each byte that a URL cannot have is encoded", (shell) => {
    const text = printed(shell, "ä b%;~x");
    expect(text).toMatch(url("%C3%A4%20b%25%3B~x"));
    expect(text).toContain("code 1");
  });

  it.each([
    `'printf "was $?."'`,
    `'printf "was $?.";'`,
    // What is left of `…; $PROMPT_COMMAND`.
    `'printf "was $?."; '`,
    `'printf "was $?." # '`,
  ])("bash: a prompt command that is there already still runs: %s", (command) => {
    const text = printed("bash", "plain", "xterm", `PROMPT_COMMAND=${command}`);
    expect(text).toContain("was 1.");
    expect(text).not.toContain("syntax error");
    expect(text).toMatch(url("plain"));
  });

  it.each(["dumb", "linux"])("says nothing in a terminal of the kind %s", (term) => {
    expect(printed("bash", "plain", term)).not.toContain("\x1b]7");
  });
});

describe("what Lima runs at each start", () => {
  it("is a script that shellcheck passes, with the files of this folder as they are", () => {
    write("provision.sh", provisionScript);
    const checked = spawnSync("shellcheck", [join(folder, "provision.sh")], { encoding: "utf8" });
    expect([checked.status, checked.stdout]).toEqual([0, ""]);
  });

  /** The whole of it, in a folder of the test's own, with the programs that Lima's boot service has on NixOS. */
  const provision = () => {
    const { username, uid } = userInfo();
    write("lima.env", `LIMA_CIDATA_USER=${username}\nLIMA_CIDATA_UID=${uid}\nLIMA_CIDATA_DISKS=0\n`);
    mkdirSync(join(folder, "run"), { recursive: true });
    // Without anybody whose login shell would be tried: test/guest/login-shell.test.ts does that.
    write("passwd", "");
    write("provision.sh", provisionScript.replaceAll("/run/ascalon-scripts", `${folder}/out`));
    return spawnSync("/bin/sh", [join(folder, "provision.sh")], {
      encoding: "utf8",
      env: {
        PATH: limaInitPath() ?? process.env.PATH,
        ASCALON_LIMA_ENV: join(folder, "lima.env"),
        ASCALON_RUN_DIR: join(folder, "run"),
        ASCALON_STATE_DIR: folder,
        ASCALON_OLD_HOME: folder,
        ASCALON_ETC: join(folder, "etc"),
        ASCALON_HOME_WAIT: "0",
        ASCALON_PASSWD: join(folder, "passwd"),
      },
    });
  };

  it("unpacks the files of this folder as they are, and comes to the disk", () => {
    expect(provision().status).toBe(1);
    for (const name of [
      "link-folder.sh",
      "home-disk.sh",
      "home-move.sh",
      "home-on-image.sh",
      "login-shell.sh",
    ])
      expect(read(`out/${name}`)).toBe(readFileSync(`${root}nix/guest/${name}`, "utf8"));
    expect(read("run/ascalon-home.failed")).toContain("ascalon-home");
  });

  it("makes the folder of the links, the user's alone, and leaves a Docker of the guest's own its place", () => {
    provision();
    expect(statSync(join(folder, "run/ascalon")).mode & 0o777).toBe(0o700);
    expect(readlinkSync(join(folder, "run/docker.sock"))).toBe(`${folder}/run/ascalon/docker.sock`);
    rmSync(join(folder, "run/docker.sock"));
    write("run/docker.sock", "its own");
    provision();
    expect(read("run/docker.sock")).toBe("its own");
  });

  it("does nothing in a system of ascalon's", () => {
    write("etc/ascalon/ascalon.json", "{}");
    expect(provision().status).toBe(0);
    expect(readdirSync(join(folder, "run"))).toEqual([]);
  });
});

describe("why #18: mux-pending", () => {
  const store = (path: string): string => {
    write(`store/${path}`, "");
    return join(folder, "store", path);
  };

  const pending = (running: string, installed: string) => {
    program(
      "systemctl",
      `case "$*" in *MainPID*) echo 12 ;; *ExecStart*) echo '{ path=${installed} ; argv[]=${installed} --config-file x ; ignore_errors=no }' ;; esac`,
    );
    mkdirSync(join(folder, "proc/12"), { recursive: true });
    symlinkSync(running, join(folder, "proc/12/exe"));
    return guestScript("mux-pending", [], { ASCALON_PROC: join(folder, "proc") }).out;
  };

  it("says that the running server is the installed one, a wrapper's hidden file as well", () => {
    const installed = store("a-wezterm/bin/wezterm-mux-server");
    expect(pending(store("a-wezterm/bin/.wezterm-mux-server-wrapped"), installed)).toBe("current");
  });

  it("says which newer one waits", () => {
    const running = store("a-wezterm/bin/wezterm-mux-server");
    const installed = store("b-wezterm/bin/wezterm-mux-server");
    expect(pending(running, installed)).toBe(`pending ${running} ${installed}`);
  });

  it("says that there is none", () => {
    program("systemctl", "echo 0");
    expect(guestScript("mux-pending", []).out).toBe("stopped");
  });
});

describe("flake-swap", () => {
  const flake = (): string => join(folder, "etc-nixos");
  const swap = (...args: readonly string[]) =>
    guestScript("flake-swap", [flake(), ...args], {
      ASCALON_FLAKES: join(folder, "flakes"),
      ASCALON_PROFILES: join(folder, "profiles"),
    });
  const kept = (): readonly string[] => readdirSync(join(folder, "flakes")).sort();

  function tried(text: string): string {
    write("tried/flake.nix", text);
    return join(folder, "tried");
  }

  /** A generation, as the profile has it. */
  function generation(number: number, system: string): string {
    const path = join(folder, "store", system);
    mkdirSync(path, { recursive: true });
    mkdirSync(join(folder, "profiles"), { recursive: true });
    symlinkSync(path, join(folder, "profiles", `system-${number}-link`));
    return path;
  }

  it("takes the flake that a system was built from, and brings back the one of another", () => {
    const [first, second] = [generation(1, "a-first"), generation(2, "b-second")];
    expect(swap("keep", tried("first"), first)).toMatchObject({ code: 0, err: "" });
    expect(swap("keep", tried("second"), second).code).toBe(0);
    expect(read("etc-nixos/flake.nix")).toBe("second");
    expect(swap("back", first).code).toBe(0);
    expect(read("etc-nixos/flake.nix")).toBe("first");
  });

  it("takes the place of a symlink, of one to nothing too, and leaves what it leads to alone", () => {
    const system = generation(1, "a-first");
    write("own/flake.nix", "mine");
    for (const target of ["own", "gone"]) {
      rmSync(flake(), { recursive: true, force: true });
      symlinkSync(join(folder, target), flake());
      expect(swap("keep", tried("first"), system)).toMatchObject({ code: 0, err: "" });
      expect(read("etc-nixos/flake.nix")).toBe("first");
    }
    expect(read("own/flake.nix")).toBe("mine");
  });

  it("says that nobody kept a flake, and leaves the one that is there", () => {
    swap("keep", tried("first"), generation(1, "a-first"));
    expect(swap("back", generation(2, "b-second")).code).toBe(3);
    expect(read("etc-nixos/flake.nix")).toBe("first");
  });

  it("forgets flakes of systems that no generation is any more", () => {
    const [first, second] = [generation(1, "a-first"), generation(2, "b-second")];
    swap("keep", tried("first"), first);
    swap("keep", tried("second"), second);
    expect(kept()).toEqual(["a-first.tar", "b-second.tar"]);
    rmSync(join(folder, "profiles/system-1-link"));
    swap("keep", tried("third"), generation(3, "c-third"));
    expect(kept()).toEqual(["b-second.tar", "c-third.tar"]);
  });

  it("never takes what is not a flake", () => {
    swap("keep", tried("first"), generation(1, "a-first"));
    rmSync(join(folder, "tried/flake.nix"));
    expect(swap("keep", join(folder, "tried"), generation(2, "b-second"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("has no flake.nix"),
    });
    expect(read("etc-nixos/flake.nix")).toBe("first");
  });
});

describe("rollback-timer", () => {
  const state = () => join(folder, "state");
  const env = () => ({
    ASCALON_STATE: state(),
    ASCALON_PROFILE: join(folder, "profile"),
    ASCALON_GCROOTS: folder,
    ASCALON_BOOT_ID: join(folder, "boot-id"),
  });
  const timer = (...args: readonly string[]) => guestScript("rollback-timer", args, env());
  const calls = (): string => (existsSync(join(folder, "calls")) ? read("calls") : "");

  beforeEach(() => {
    for (const name of ["systemd-run", "nix-env"])
      program(name, `echo "${name} $*" >>${join(folder, "calls")}`);
    runs(false);
    write("old/bin/switch-to-configuration", `#!/bin/sh\necho "switch $*" >>${join(folder, "calls")}\n`);
    chmodSync(join(folder, "old/bin/switch-to-configuration"), 0o755);
    startWith("old");
  });

  /** Whether the unit that goes back does so. */
  function runs(active: boolean): void {
    const calls = join(folder, "calls");
    program(
      "systemctl",
      `echo "systemctl $*" >>${calls}\ncase $* in *is-active*) exit ${active ? 0 : 3} ;; esac`,
    );
  }

  /** Which system the machine was started with, and would start with next. */
  function startWith(system: string): void {
    mkdirSync(join(folder, system), { recursive: true });
    write("boot-id", `started with ${system}\n`);
    for (const link of ["booted-system", "profile"]) {
      rmSync(join(folder, link), { force: true });
      symlinkSync(join(folder, system), join(folder, link));
    }
  }

  const old = () => join(folder, "old");

  it("armed, starts a timer of the system that needs neither the host nor the file it was started from", () => {
    expect(timer("arm", old(), "90").code).toBe(0);
    expect(calls()).toContain(`--on-active=90s`);
    expect(calls()).toContain(`/bin/sh ${state()}/rollback-timer.sh fire`);
    expect(readFileSync(join(state(), "rollback-timer.sh"), "utf8")).toContain(
      "rollback-timer.sh: brings the guest back",
    );
    expect(timer("status").out).toBe(`armed ${old()} 90`);
    // Garbage collection must not take the way back away.
    expect(realpathSync(join(folder, "ascalon-rollback"))).toBe(realpathSync(old()));
  });

  it("confirmed, does nothing any more, even when the timer fires in that moment", () => {
    timer("arm", old(), "90");
    expect(timer("confirm").code).toBe(0);
    expect(timer("fire").code).toBe(0);
    expect(calls()).not.toContain("switch ");
    expect(timer("status").out).toBe("none");
  });

  it("confirmed while it goes back, says so and leaves it to that", () => {
    timer("arm", old(), "90");
    runs(true);
    expect(timer("confirm").code).toBe(3);
    expect(timer("status").out).toBe(`armed ${old()} 90`);
  });

  it("fired, ends a hanging switch first and activates the previous system", () => {
    timer("arm", old(), "90");
    expect(timer("fire").code).toBe(0);
    expect(calls()).toMatch(/systemctl stop ascalon-switch\.service\nswitch test/);
    expect(timer("status").out).toBe(`fired ${old()} 0`);
  });

  it("fired from its own copy, works as well", () => {
    timer("arm", old(), "90");
    const fired = spawnSync("sh", [join(state(), "rollback-timer.sh"), "fire"], {
      env: {
        ...process.env,
        ...env(),
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        ASCALON_RUN_DIR: folder,
      },
    });
    expect(fired.status).toBe(0);
    expect(calls()).toContain("switch test");
  });

  it("fired, says how the way back went", () => {
    write("old/bin/switch-to-configuration", "#!/bin/sh\nexit 101\n");
    timer("arm", old(), "90");
    expect(timer("fire").code).toBe(101);
    expect(timer("status").out).toBe(`fired ${old()} 101`);
  });

  it("fired in a live switch, leaves the default of the next start alone, which is the old system still", () => {
    timer("arm", old(), "90");
    timer("fire");
    expect(calls()).not.toContain("nix-env");
    expect(calls()).not.toContain("reboot");
  });

  it("fired in a live switch that followed another one, restarts nothing either: sessions would end", () => {
    startWith("image");
    timer("arm", old(), "90");
    expect(timer("fire").code).toBe(0);
    expect(calls()).toContain("switch test");
    expect(calls()).not.toContain("reboot");
  });

  it("after a power cut in a live switch, sees that the old system is back and lets it be", () => {
    timer("arm", old(), "90");
    startWith("old");
    write("boot-id", "another start\n");
    rmSync(join(folder, "calls"));
    expect(timer("resume").code).toBe(0);
    expect(calls()).toBe("");
    expect(timer("status").out).toBe(`fired ${old()} 0`);
  });

  it("in the middle of a switch, which starts what its targets want, is not mistaken for a start", () => {
    timer("arm", old(), "90");
    rmSync(join(folder, "calls"));
    expect(timer("resume").code).toBe(0);
    expect(calls()).toBe("");
    expect(timer("status").out).toBe(`armed ${old()} 90`);
  });

  it("why #6: fires with no program on PATH but systemd's, as units have on NixOS", () => {
    timer("arm", old(), "90");
    mkdirSync(join(folder, "systemd-only"));
    symlinkSync(join(folder, "bin/systemctl"), join(folder, "systemd-only/systemctl"));
    const tools = join(folder, "current-system/sw/bin");
    mkdirSync(tools, { recursive: true });
    for (const name of ["readlink", "cat", "rm"]) symlinkSync(`/usr/bin/${name}`, join(tools, name));
    const { status, stderr } = spawnSync("/bin/sh", [join(state(), "rollback-timer.sh"), "fire"], {
      env: { ...env(), PATH: join(folder, "systemd-only"), ASCALON_RUN_DIR: folder },
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, expect.stringContaining("back to")]);
    expect(calls()).toContain("switch test");
  });

  it("fired, takes a unit that does not run for what it may have been before", () => {
    write("old/bin/switch-to-configuration", "#!/bin/sh\nexit 4\n");
    timer("arm", old(), "90");
    expect(timer("fire").code).toBe(0);
    expect(timer("status").out).toBe(`fired ${old()} 0`);
  });

  it("asked to come back now, does it in its unit and waits for it", () => {
    timer("arm", old(), "90");
    program(
      "systemd-run",
      `echo "systemd-run $*" >>${join(folder, "calls")}; /bin/sh ${state()}/rollback-timer.sh fire`,
    );
    program("systemctl", `echo "systemctl $*" >>${join(folder, "calls")}; case $1 in -q) exit 3 ;; esac`);
    expect(timer("now").code).toBe(0);
    expect(calls()).toMatch(/--unit=ascalon-rollback --on-active=0s[\s\S]*switch test/);
    expect(timer("now").code).toBe(0);
  });

  it("runs its time anew in a system that was started and not confirmed", () => {
    timer("arm", old(), "90");
    startWith("new");
    rmSync(join(folder, "calls"));
    expect(timer("resume").code).toBe(0);
    expect(calls()).toContain("--on-active=90s");
  });

  it("fired in such a system, makes the old one the default again and restarts into it", () => {
    timer("arm", old(), "90");
    startWith("new");
    expect(timer("fire").code).toBe(0);
    expect(calls()).toMatch(
      /nix-env --profile \S+\/profile --set \S+\/old\nswitch boot\nsystemctl reboot\n$/,
    );
    expect(calls()).not.toContain("switch test");
  });

  it("does not restart into a system that it could not make the default", () => {
    timer("arm", old(), "90");
    startWith("new");
    program("nix-env", "exit 1");
    expect(timer("fire").code).toBe(1);
    expect(calls()).not.toContain("reboot");
  });

  it("does nothing at boot when nothing was armed", () => {
    expect(timer("resume").code).toBe(0);
    expect(calls()).toBe("");
  });

  it("refuses what is not a system, a time that is no number, and no verb", () => {
    expect(timer("arm", folder, "90")).toMatchObject({
      code: 1,
      err: expect.stringContaining("is not a system"),
    });
    expect(timer("arm", old(), "1m").code).toBe(2);
    expect(timer().err).toContain("Usage: rollback-timer.sh arm PREVIOUS SECONDS");
    expect(timer("status").out).toBe("none");
  });
});

describe("system-switch", () => {
  const env = () => ({
    ASCALON_PROFILE: join(folder, "profile"),
    ASCALON_STATE: join(folder, "state"),
    ASCALON_BOOT: join(folder, "boot"),
  });
  const systemSwitch = (...args: readonly string[]) => guestScript("system-switch", args, env());
  const at = (system: string): string => join(folder, "nix/store", system);
  const kernels = (): readonly string[] => readdirSync(join(folder, "boot/kernels")).sort();

  /** A system with a kernel and an initrd of so many KiB. */
  function system(name: string, kib: number): string {
    for (const part of ["kernel", "initrd"]) {
      write(`nix/store/${name}-${part}/image`, "x".repeat(kib * 1024));
      mkdirSync(at(name), { recursive: true });
      symlinkSync(join(at(`${name}-${part}`), "image"), join(at(name), part));
    }
    write(
      `nix/store/${name}/bin/switch-to-configuration`,
      `#!/bin/sh\necho "$1 ${name}"; exit \${DOUBLE_CODE:-0}\n`,
    );
    chmodSync(join(at(name), "bin/switch-to-configuration"), 0o755);
    return at(name);
  }
  const install = (name: string): void => {
    for (const part of ["kernel", "initrd"])
      write(`boot/kernels/${name}-${part}-image`, readFileSync(join(at(`${name}-${part}`), "image"), "utf8"));
  };

  beforeEach(() => {
    // A journal of one unit, and a partition of /boot with 4 MiB.
    const journal = join(folder, "journal");
    program(
      "systemd-run",
      `while :; do case $1 in -*) shift ;; *) break ;; esac; done; "$@" >${journal} 2>&1`,
    );
    program(
      "journalctl",
      `case " $* " in *' --follow '*) exec sleep 60 ;; *' --sync '*) ;; *) cat ${journal} ;; esac`,
    );
    program("nix-env", `echo "nix-env $*"`);
    program(
      "df",
      `echo head; echo "boot 4096 0 $((4096 - $(cat ${join(folder, "boot")}/kernels/* 2>/dev/null | wc -c) / 1024)) 0% /boot"`,
    );
    system("old", 700);
    for (const link of ["profile", "booted-system", "current-system"])
      symlinkSync(at("old"), join(folder, link));
  });

  it("ends with the switch's own code, and shows all that it said", () => {
    expect(systemSwitch("live", at("old"))).toMatchObject({ code: 0, out: "test old" });
    const failed = guestScript("system-switch", ["live", at("old")], { ...env(), DOUBLE_CODE: "101" });
    expect(failed).toMatchObject({ code: 101, out: "test old" });
  });

  it("makes a system the default as a new generation or with its number", () => {
    const next = system("next", 1);
    const profile = join(folder, "profile");
    expect(systemSwitch("default", next, "--set", next).out).toBe(
      `nix-env --profile ${profile} --set ${next}\nboot next`,
    );
    expect(systemSwitch("default", next, "--switch-generation", "7").out).toContain("--switch-generation 7");
  });

  it("leaves kernels alone while there is room for one more", () => {
    install("old");
    expect(systemSwitch("default", system("next", 700), "--set", at("next")).code).toBe(0);
    expect(kernels()).toEqual(["old-initrd-image", "old-kernel-image"]);
  });

  it("removes kernels that no system of now needs, as many as it takes", () => {
    system("ancient", 600);
    for (const name of ["ancient", "old"]) install(name);
    const { code, out } = systemSwitch("default", system("next", 700), "--set", at("next"));
    expect([code, out]).toEqual([0, expect.stringContaining("removing ancient-initrd-image")]);
    expect(kernels()).toEqual(["old-initrd-image", "old-kernel-image"]);
  });

  it("forgets the generation whose kernel it removes: the menu would want it back", () => {
    system("back-from", 600);
    for (const name of ["back-from", "old"]) install(name);
    for (const [number, name] of [
      [1, "old"],
      [2, "back-from"],
    ] as const)
      symlinkSync(at(name), join(folder, `profile-${number}-link`));
    const { code, out } = systemSwitch("default", system("next", 700), "--set", at("next"));
    expect([code, out]).toEqual([0, expect.stringContaining("--delete-generations 2")]);
    expect(out).not.toContain("--delete-generations 1");
  });

  it("counts nothing for a kernel that is there already", () => {
    system("next", 700);
    for (const name of ["old", "next"]) install(name);
    expect(systemSwitch("default", at("next"), "--set", at("next")).code).toBe(0);
    expect(kernels()).toHaveLength(4);
  });

  it("changes nothing when there is no room for the new one", () => {
    install("old");
    const { code, out } = systemSwitch("default", system("next", 1500), "--set", at("next"));
    expect(code).toBe(1);
    expect(out).toMatch(/the new kernel takes 3 MiB and \S+\/boot has 2 MiB free: nothing was changed$/);
    expect(kernels()).toHaveLength(2);
  });
});
