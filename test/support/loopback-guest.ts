import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";

/**
 * A guest for `shell` without a VM: a real sshd on loopback that lets in whoever runs the tests, and an instance
 * folder as Lima writes it, with the real connection ("master") that Lima keeps.
 */
export interface LoopbackGuest {
  /** HOME of the tests' ascalon; also holds everything below. */
  readonly root: string;
  readonly instanceDir: string;
  readonly controlPath: string;
  readonly stateDir: string;
  readonly port: number;
  /** Where commands start: sshd takes it from the user database. */
  readonly startFolder: string;
  /** HOME in the guest, so that tests can have a profile of their own. */
  readonly guestHome: string;
  readonly env: Readonly<Record<string, string>>;
  startMaster(): void;
  /** Pid of the master; undefined when none runs. */
  masterPid(): number | undefined;
  stopMaster(): void;
  /** Pids of sshd's processes for the connections that stand. */
  connectionPids(): readonly number[];
  /** Ends sshd's listener; connections that stand go on. */
  stopListening(): Promise<void>;
  startListening(): Promise<void>;
  setMounts(mounts: readonly { host: string; writable: boolean }[]): void;
  writeSshConfig(change?: { port?: number; user?: string; identityFile?: string }): void;
  close(): Promise<void>;
}

const sshdPath = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find(existsSync);

/** Whether sshd is installed. In CI a missing one is a failure, not a skipped test. */
export function hasSshd(): boolean {
  if (!sshdPath && process.env.CI) throw new Error("sshd is not installed; CI needs it");
  return sshdPath !== undefined;
}

/** `sshdLines`: more of sshd's configuration, which goes before the rest. */
export async function startLoopbackGuest({ sshdLines = "" } = {}): Promise<LoopbackGuest> {
  if (!sshdPath) throw new Error("sshd is not installed");
  // Short: the sockets below it have a limit of 104 bytes on macOS.
  const root = mkdtempSync("/tmp/asc-");
  const instanceDir = `${root}/lima/ascalon`;
  const controlPath = `${instanceDir}/ssh.sock`;
  const keyFile = `${root}/lima/_config/user`;
  for (const folder of [
    instanceDir,
    `${root}/lima/_config`,
    `${root}/sshd`,
    `${root}/guest-home`,
    `${root}/run`,
  ]) {
    mkdirSync(folder, { recursive: true });
  }
  for (const profile of [".profile", ".zprofile"]) {
    writeFileSync(`${root}/guest-home/${profile}`, "export FROM_PROFILE=yes\n");
  }
  for (const file of [`${root}/sshd/host`, keyFile])
    must("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  // sshd insists on this folder when it runs as root.
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
  const port = await freePort();
  writeFileSync(`${root}/sshd/sshd_config`, sshdLines + sshdConfig(root, keyFile, port));
  let listener: ChildProcess | undefined;

  const writeSshConfig: LoopbackGuest["writeSshConfig"] = (change = {}) => {
    const values = { port, user: userInfo().username, identityFile: keyFile, controlPath, ...change };
    writeFileSync(`${instanceDir}/ssh.config`, limaSshConfig(values), { mode: 0o600 });
  };
  const viaMaster = (...options: string[]) =>
    spawnSync("ssh", ["-F", `${instanceDir}/ssh.config`, ...options, "lima-ascalon"], { encoding: "utf8" });
  const guest: LoopbackGuest = {
    root,
    instanceDir,
    controlPath,
    stateDir: `${root}/.local/state/ascalon`,
    port,
    startFolder: userInfo().homedir,
    guestHome: `${root}/guest-home`,
    env: { PATH: process.env.PATH ?? "", HOME: root, LIMA_HOME: `${root}/lima`, TERM: "xterm-256color" },
    startMaster: () => {
      if (viaMaster("-fN").status !== 0) throw new Error("the master did not start");
    },
    masterPid: () => {
      const { stdout, stderr } = viaMaster("-O", "check");
      const pid = /pid=(\d+)/.exec(stdout + stderr)?.[1];
      return pid === undefined ? undefined : Number(pid);
    },
    stopMaster: () => viaMaster("-O", "exit"),
    connectionPids: () => (listener?.pid === undefined ? [] : descendantsOf(listener.pid)),
    stopListening: async () => {
      const ended = new Promise((resolve) => listener?.once("exit", resolve));
      listener?.kill("SIGTERM");
      await ended;
    },
    startListening: async () => {
      listener = spawn(sshdPath, ["-D", "-f", `${root}/sshd/sshd_config`, "-E", `${root}/sshd/log`], {
        stdio: "ignore",
      });
      await untilPortAnswers(port, `${root}/sshd/log`);
    },
    setMounts: (mounts) => {
      writeFileSync(`${instanceDir}/ascalon-applied.yaml`, JSON.stringify({ mounts }));
    },
    writeSshConfig,
    close: async () => {
      guest.stopMaster();
      await guest.stopListening();
      rmSync(root, { recursive: true, force: true });
    },
  };
  writeFileSync(`${instanceDir}/lima.yaml`, 'param:\n  ascalon: "1"\n');
  writeFileSync(`${instanceDir}/ha.pid`, `${process.pid}\n`);
  guest.setMounts([]);
  writeSshConfig();
  await guest.startListening();
  chmodSync(root, 0o700);
  return guest;
}

/** sshd parts a connection into processes of different rights, except for root. */
function descendantsOf(pid: number): number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  const children = stdout.split("\n").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function must(file: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(file, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file}: ${stderr}`);
}

// OpenSSH 9 makes the keys of sntrup761 in plain C: nine tenths of what a connection costs. Newer ones prefer ML-KEM.
const sshdConfig = (root: string, keyFile: string, port: number): string => `Port ${port}
ListenAddress 127.0.0.1
HostKey ${root}/sshd/host
PidFile ${root}/sshd/pid
AuthorizedKeysFile ${keyFile}.pub
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin prohibit-password
KexAlgorithms -sntrup761*
PasswordAuthentication no
PrintMotd no
MaxSessions 10
SetEnv HOME=${root}/guest-home XDG_RUNTIME_DIR=${root}/run
Subsystem sftp internal-sftp
`;

/** Line for line what Lima 2.2 writes (pkg/hostagent/hostagent.go, pkg/sshutil/format.go). */
const limaSshConfig = (values: {
  port: number;
  user: string;
  identityFile: string;
  controlPath: string;
}): string => `# This SSH config file can be passed to 'ssh -F'.
# This file is created by Lima, but not used by Lima itself currently.
# Modifications to this file will be lost on restarting the Lima instance.
Host lima-ascalon
  IdentityFile "${values.identityFile}"
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  NoHostAuthenticationForLocalhost yes
  PreferredAuthentications publickey
  Compression no
  BatchMode yes
  IdentitiesOnly yes
  GSSAPIAuthentication no
  Ciphers "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"
  User ${values.user}
  ControlMaster auto
  ControlPath "${values.controlPath}"
  ControlPersist yes
  Hostname 127.0.0.1
  Port ${values.port}
`;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

async function untilPortAnswers(port: number, log: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not listen: ${existsSync(log) ? readFileSync(log, "utf8") : "no log"}`);
}
