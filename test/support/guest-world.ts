import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { GuestPort, GuestResult } from "../../src/cli/machine/guest-port.ts";

const doubles = new URL("../doubles/guest/", import.meta.url).pathname;
const scripts = new URL("../../nix/guest/", import.meta.url).pathname;
const names: Readonly<Record<string, string>> = {
  nix: "nix-double.sh",
  "nix-env": "nix-env-double.sh",
  systemctl: "systemd-double.sh",
  "systemd-run": "systemd-double.sh",
  journalctl: "systemd-double.sh",
  mountpoint: "systemd-double.sh",
};

const toolsOfASystem = [
  "awk",
  "basename",
  "cat",
  "cp",
  "date",
  "df",
  "grep",
  "ln",
  "mkdir",
  "mv",
  "readlink",
  "rm",
].concat(["sed", "sh", "sleep", "sync", "touch", "tr", "wc"]);

/** The folders of a guest whose commands are given another root here. */
const guestPath = /(^|[\s"':=])\/(?=etc\/nixos|nix\/|run\/|var\/(?:lib|tmp)\/)/g;

/**
 * A NixOS guest that is a folder: the project's scripts run in it for real, Nix and systemd are doubles, and what the
 * host asks is rewritten to it. `port` is the guest as ascalon sees it.
 */
export interface GuestWorld {
  readonly root: string;
  readonly port: GuestPort;
  /** Every command that ran, its words joined. */
  readonly commands: readonly string[];
  /** Store path of what runs, of what the next start brings by the profile, and by the boot loader. */
  state(): { readonly runs: string; readonly profile: string; readonly loader: string };
  /** What the guest goes through when its power is cut and it starts again. */
  restart(): Promise<void>;
  /** Kills everything at once, as a power cut does. */
  cutPower(): void;
  read(path: string): string | undefined;
  close(): void;
}

const imageSystem = `/nix/store/${"0".repeat(32)}-nixos-system-nixos-26.05`;

export function createGuestWorld(options: { readonly ascalon?: boolean } = {}): GuestWorld {
  const root = mkdtempSync("/tmp/asc-guest-");
  const at = (path: string): string => `${root}${path}`;
  const folders = [
    "/bin",
    "/etc/ascalon",
    "/run/nixos",
    "/boot",
    "/nix/var/nix/profiles",
    "/nix/var/nix/gcroots",
  ];
  for (const folder of [...folders, "/var/lib", "/var/tmp", "/nix/store"])
    mkdirSync(at(folder), { recursive: true });
  for (const [name, file] of Object.entries(names)) cpSync(`${doubles}${file}`, at(`/bin/${name}`));
  // What a unit has on its PATH, and no more.
  mkdirSync(at("/systemd/bin"), { recursive: true });
  for (const name of ["systemctl", "systemd-run", "journalctl"])
    symlinkSync(at(`/bin/${name}`), at(`/systemd/bin/${name}`));
  cpSync(`${doubles}switch-to-configuration-double.sh`, at("/bin/switch-to-configuration-double.sh"));
  writeFileSync(at("/etc/os-release"), 'NAME=NixOS\nID=nixos\nVERSION_ID="26.05"\n');
  if (options.ascalon !== false) {
    writeFileSync(at("/etc/ascalon/ascalon.json"), "{}\n");
    mkdirSync(at(`${imageSystem}/etc/ascalon`), { recursive: true });
    writeFileSync(at(`${imageSystem}/etc/ascalon/ascalon.json`), "{}\n");
  }
  for (const folder of ["bin", "sw"]) mkdirSync(at(`${imageSystem}/${folder}`), { recursive: true });
  // The programs of a system, as far as the scripts ask for them.
  mkdirSync(at("/bin/tools"));
  for (const name of toolsOfASystem) symlinkSync(`/usr/bin/${name}`, at(`/bin/tools/${name}`));
  symlinkSync(at("/bin/nix-env"), at("/bin/tools/nix-env"));
  symlinkSync(at("/bin/tools"), at(`${imageSystem}/sw/bin`));
  cpSync(at("/bin/switch-to-configuration-double.sh"), at(`${imageSystem}/bin/switch-to-configuration`));
  writeFileSync(at(`${imageSystem}/behaviour`), "");
  writeFileSync(at(`${imageSystem}/nixos-version`), "26.05.image\n");
  symlinkSync(at(imageSystem), at("/nix/var/nix/profiles/system-1-link"));
  symlinkSync("system-1-link", at("/nix/var/nix/profiles/system"));
  for (const link of ["/boot/default", "/run/current-system", "/run/booted-system"])
    symlinkSync(at(imageSystem), at(link));

  let starts = 1;
  writeFileSync(at("/run/boot-id"), "start 1\n");

  const commands: string[] = [];
  const groups = new Set<number>();
  const env = {
    PATH: `${at("/bin")}:${process.env.PATH}`,
    HOME: root,
    ASCALON_DOUBLE_ROOT: root,
    ASCALON_RUN_DIR: at("/run"),
    ASCALON_ETC: at("/etc"),
    ASCALON_STATE: at("/var/lib/ascalon/rollback"),
    ASCALON_PROFILE: at("/nix/var/nix/profiles/system"),
    ASCALON_PROFILES: at("/nix/var/nix/profiles"),
    ASCALON_GCROOTS: at("/nix/var/nix/gcroots"),
    ASCALON_BOOT_ID: at("/run/boot-id"),
    ASCALON_FLAKES: at("/var/lib/ascalon/flakes"),
  };

  const start = (argv: readonly string[], input: string | Uint8Array | undefined, timeoutMs: number) =>
    new Promise<GuestResult>((resolve) => {
      const [file = "", ...args] = argv.map((word) => word.replaceAll(guestPath, `$1${root}/`));
      const child = spawn(file, args, { env, detached: true });
      if (child.pid !== undefined) groups.add(child.pid);
      const text = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const)
        child[name].setEncoding("utf8").on("data", (part: string) => {
          text[name] += part;
        });
      child.stdin.on("error", () => {});
      child.stdin.end(input ?? "");
      const lost = setInterval(() => {
        if (existsSync(at("/connections-gone"))) end({ kind: "unreachable", why: "the connection broke" });
      }, 50);
      const timer = setTimeout(() => end({ kind: "unreachable", why: "no answer" }), timeoutMs);
      const end = (result: GuestResult): void => {
        clearInterval(lost);
        clearTimeout(timer);
        if (result.kind === "unreachable") {
          // As sshd does: what still writes has nobody who reads.
          child.stdout.destroy();
          child.stderr.destroy();
        }
        resolve(result);
      };
      child.once("error", (error) => end({ kind: "unreachable", why: error.message }));
      child.once("exit", (_code, signal) => {
        if (signal === "SIGKILL") end({ kind: "unreachable", why: "the connection broke" });
      });
      child.once("close", (code) =>
        end({
          kind: "ended",
          code: code ?? 255,
          stdout: text.stdout.replaceAll(root, ""),
          stderr: text.stderr.replaceAll(root, ""),
        }),
      );
    });

  const killAll = (): void => {
    for (const name of ["ascalon-switch.service", "ascalon-rollback.timer", "ascalon-rollback.service"]) {
      const pid = Number(world.read(`/run/units/${name}`) ?? 0);
      if (pid > 1) groups.add(pid);
    }
    for (const pid of groups) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
    groups.clear();
  };

  const world: GuestWorld = {
    root,
    commands,
    port: {
      run: async (argv, { input, timeoutMs = 60_000, onLine } = {}) => {
        commands.push(argv.join(" "));
        if (existsSync(at("/network-gone"))) return { kind: "unreachable", why: "no route" };
        const result = await start(argv, input, timeoutMs);
        if (result.kind === "ended") for (const line of result.stderr.split("\n")) onLine?.(line);
        return result;
      },
      follow: async () => {},
    },
    state: () => {
      const name = (path: string): string => readlinkFinal(at(path)).replace(root, "");
      return {
        runs: name("/run/current-system"),
        profile: name("/nix/var/nix/profiles/system"),
        loader: name("/boot/default"),
      };
    },
    cutPower: killAll,
    restart: async () => {
      killAll();
      for (const name of ["network", "connections"]) rmSync(at(`/${name}-gone`), { force: true });
      rmSync(at("/run"), { recursive: true });
      mkdirSync(at("/run/nixos"), { recursive: true });
      starts += 1;
      writeFileSync(at("/run/boot-id"), `start ${starts}\n`);
      const system = readlinkFinal(at("/boot/default"));
      for (const link of ["current-system", "booted-system"]) symlinkSync(system, at(`/run/${link}`));
      rmSync(at("/etc/ascalon/ascalon.json"), { force: true });
      const told = `${system}/etc/ascalon/ascalon.json`;
      if (existsSync(told)) cpSync(told, at("/etc/ascalon/ascalon.json"));
      // Every system of ascalon's has the service; the image's has not.
      if (!system.endsWith(imageSystem)) {
        await start(["sh", `${scripts}rollback-timer.sh`, "resume"], undefined, 60_000);
      }
    },
    read: (path) => {
      try {
        return readFileSync(at(path), "utf8");
      } catch {
        return undefined;
      }
    },
    close: () => {
      killAll();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}

function readlinkFinal(path: string): string {
  let at = path;
  for (;;) {
    let target: string;
    try {
      target = readlinkSync(at);
    } catch {
      return at;
    }
    at = target.startsWith("/") ? target : `${at.slice(0, at.lastIndexOf("/"))}/${target}`;
  }
}
