import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** The real OpenSSH server on loopback, with keys and a configuration of its own, and ssh.config as Lima writes it. */
export interface LoopbackSshd {
  readonly instanceDir: string;
  readonly port: number;
  /** Also ends the sessions when asked: that is what a guest's reboot looks like. */
  stop(options?: { readonly sessions?: boolean; readonly signal?: NodeJS.Signals }): Promise<void>;
  start(): Promise<void>;
  pid(): Promise<number>;
  /** Pids of the sessions' processes. */
  sessions(): Promise<readonly number[]>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

async function keygen(file: string): Promise<void> {
  const child = spawn("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file], { stdio: "inherit" });
  await once(child, "exit");
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const direct = text.trim().split(" ").filter(Boolean).map(Number);
  return [...direct, ...(await Promise.all(direct.map(childrenOf))).flat()];
}

export interface SshdOptions {
  readonly folder: string;
  /** StreamLocalBindUnlink of the server. */
  readonly unlink: boolean;
  readonly extra?: readonly string[];
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function startLoopbackSshd({ folder, unlink, extra = [] }: SshdOptions): Promise<LoopbackSshd> {
  const home = `${folder}/guest-home`;
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true });
  const [hostKey, userKey] = [`${folder}/host_key`, `${folder}/user_key`];
  await keygen(hostKey);
  await keygen(userKey);
  await writeFile(`${folder}/authorized_keys`, await readFile(`${userKey}.pub`), { mode: 0o600 });
  const port = await freePort();
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/sshd.pid`,
    `StreamLocalBindUnlink ${unlink ? "yes" : "no"}`,
    ...["UsePAM no", "StrictModes no", "PasswordAuthentication no", "PrintMotd no", "UseDNS no"],
    "PermitRootLogin prohibit-password",
    // OpenSSH 9 makes its keys in plain C, which is nine tenths of what a connection costs. Newer ones prefer ML-KEM.
    "KexAlgorithms -sntrup761*",
    // The login files of whoever runs the tests are not the guest's: what they start took most of a run's time.
    `SetEnv HOME=${home}`,
    ...extra,
  ];
  await writeFile(`${folder}/sshd_config`, `${config.join("\n")}\n`);
  const lima = [
    "Host lima-ascalon",
    `  IdentityFile "${userKey}"`,
    "  StrictHostKeyChecking no",
    "  UserKnownHostsFile /dev/null",
    "  NoHostAuthenticationForLocalhost yes",
    "  PreferredAuthentications publickey",
    "  Compression no",
    "  BatchMode yes",
    "  IdentitiesOnly yes",
    `  User ${userInfo().username}`,
    "  ControlMaster auto",
    `  ControlPath "${folder}/ssh.sock"`,
    "  ControlPersist yes",
    "  Hostname 127.0.0.1",
    `  Port ${port}`,
  ];
  await writeFile(`${folder}/ssh.config`, `${lima.join("\n")}\n`, { mode: 0o600 });
  // The VM lives as long as whoever runs the test.
  await writeFile(`${folder}/ha.pid`, `${process.pid}\n`);
  let listener: ReturnType<typeof spawn> | undefined;

  const sessions = async (): Promise<readonly number[]> => (listener?.pid ? childrenOf(listener.pid) : []);
  const start = async (): Promise<void> => {
    listener = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", `${folder}/sshd_config`], { stdio: "ignore" });
    for (let tries = 0; !(await accepts(port)); tries += 1) {
      if (tries > 200) throw new Error("sshd did not start");
      await wait(10);
    }
  };
  const stop: LoopbackSshd["stop"] = async ({ sessions: all = true, signal = "SIGTERM" } = {}) => {
    const running = listener;
    if (!running) return;
    const below = all ? await sessions() : [];
    const gone = once(running, "exit");
    running.kill(signal);
    for (const pid of below) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended with its parent.
      }
    }
    await gone;
    listener = undefined;
  };
  await start();
  const pid = async (): Promise<number> => listener?.pid ?? -1;
  return { instanceDir: folder, port, start, stop, sessions, pid };
}
