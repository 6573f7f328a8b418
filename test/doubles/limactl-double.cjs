#!/usr/bin/env node
// A limactl for tests of ascalon's own side: keeps LIMA_HOME as limactl 2.2.0 does, with processes that only sleep.
// What it says is recorded in test/fixtures/limactl; what it does to processes and files is read in Lima's
// pkg/instance and pkg/store. Each call is noted in $DOUBLE_LOG; the other variables make it misbehave.
// CommonJS, and each module where it is used: a module starts a quarter later, and this one is started 300 times.
const fs = require("node:fs");

const { LIMA_HOME = "", DOUBLE_LOG = "", DOUBLE_VERSION = "2.2.0", DOUBLE_FAULT = "" } = process.env;
/** An ssh.config of a server that lets in, for a guest that is more than a first line. */
const { DOUBLE_SSH_CONFIG = "" } = process.env;
const args = process.argv.slice(2).filter((word) => word !== "--tty=false");
const words = args.filter((word) => !word.startsWith("-"));
const home = fs.existsSync(LIMA_HOME) ? fs.realpathSync(LIMA_HOME) : LIMA_HOME;
const dir = `${home}/ascalon`;
const disk = `${home}/_disks/ascalon-home`;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function say(level, text) {
  process.stderr.write(`time="2026-11-25T00:51:07Z" level=${level} msg=${JSON.stringify(text)}\n`);
}

function fatal(text) {
  say("fatal", text);
  process.exit(1);
}

/** As store.ReadPIDFile: 0 when nobody has the pid, and the file is removed. Who has it is not asked. */
function pidOf(name) {
  if (!fs.existsSync(`${dir}/${name}`)) return 0;
  const pid = Number(fs.readFileSync(`${dir}/${name}`, "utf8"));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    fs.rmSync(`${dir}/${name}`);
    return 0;
  }
}

const status = () => {
  const [agent, driver] = [pidOf("ha.pid"), pidOf("qemu.pid")];
  if (agent > 0 && !fs.existsSync(`${dir}/ha.sock`)) return "Broken";
  return agent > 0 && driver > 0 ? "Running" : agent > 0 || driver > 0 ? "Broken" : "Stopped";
};

/** As instance.StopForcibly: SIGKILL for whatever has the pid. */
function stopForcibly() {
  for (const name of ["qemu.pid", "ha.pid"]) {
    const pid = pidOf(name);
    if (pid > 0) process.kill(pid, "SIGKILL");
  }
  for (const name of fs.readdirSync(dir)) {
    if (/\.(pid|sock|tmp)$/.test(name)) fs.rmSync(`${dir}/${name}`);
  }
}

const event = (status) => fs.appendFileSync(`${dir}/ha.stdout.log`, `${JSON.stringify({ status })}\n`);

/** The host agent: a QEMU that sleeps, and an ssh server as far as its first line. */
async function hostAgent() {
  const net = require("node:net");
  const { spawn } = require("node:child_process");
  fs.writeFileSync(`${dir}/ha.pid`, `${process.pid}\n`);
  fs.writeFileSync(`${dir}/ha.sock`, "");
  const qemu = spawn("bash", ["-c", `exec -a "qemu-system -pidfile ${dir}/qemu.pid" sleep 600`], {
    stdio: "ignore",
    detached: true,
  });
  fs.writeFileSync(`${dir}/qemu.pid`, `${qemu.pid}\n`);
  const end = () => {
    event({ exiting: true });
    for (const name of ["ha.pid", "ha.sock", "qemu.pid"]) fs.rmSync(`${dir}/${name}`, { force: true });
    process.exit();
  };
  qemu.once("close", end);
  process.on("SIGINT", () => setTimeout(() => qemu.kill("SIGKILL"), 50));
  const server = net.createServer((socket) => socket.on("error", () => {}).end("SSH-2.0-double\r\n"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  fs.writeFileSync(
    `${dir}/ssh.config`,
    DOUBLE_SSH_CONFIG === ""
      ? `Host lima-ascalon\n  HostName 127.0.0.1\n  Port ${server.address().port}\n`
      : fs.readFileSync(DOUBLE_SSH_CONFIG),
  );
  event({ sshLocalPort: server.address().port });
  await sleep(DOUBLE_FAULT === "slow-boot" ? 1500 : 50);
  // Until the test has seen what it is about.
  while (DOUBLE_FAULT === "held-boot" && !fs.existsSync(`${process.env.HOME}/boot-may-end`)) await sleep(20);
  event(
    DOUBLE_FAULT === "degraded" ? { running: true, degraded: true, errors: ["no agent"] } : { running: true },
  );
}

async function start() {
  if (status() === "Broken") fatal(`errors inspecting instance: [failed to get Info from ${dir}/ha.sock]`);
  if (status() === "Running") return say("info", "The instance `ascalon` is already running.");
  if (DOUBLE_FAULT === "start-fails") fatal("exiting, status={Running:false} (hint: see `ha.stderr.log`)");
  if (DOUBLE_FAULT === "agent-fails") {
    // As a host agent that cannot make the folder of a mount: its word is in its own log only.
    const time = new Date().toISOString().replace(/\.\d+/, "");
    const line = { level: "fatal", msg: "mkdir /no: permission denied", time };
    fs.writeFileSync(`${dir}/ha.stderr.log`, `${JSON.stringify(line)}\n`);
    fatal("exiting, status={Running:false} (hint: see `ha.stderr.log`)");
  }
  fs.writeFileSync(`${dir}/ha.stdout.log`, "");
  const { spawn } = require("node:child_process");
  spawn(process.execPath, [process.argv[1], "hostagent", "--pidfile", `${dir}/ha.pid`], {
    stdio: "ignore",
    detached: true,
  }).unref();
  for (;;) {
    const log = fs.readFileSync(`${dir}/ha.stdout.log`, "utf8");
    if (log.includes('"degraded"')) fatal("degraded, status={Running:true Degraded:true}");
    if (log.includes('"running"')) return say("info", "READY.");
    if (log.includes('"exiting"')) fatal("exiting, status={Exiting:true}");
    await sleep(20);
  }
}

async function create() {
  if (fs.existsSync(dir)) fatal("instance `ascalon` already exists");
  fs.mkdirSync(dir, { recursive: true });
  fs.copyFileSync(words[1], `${dir}/lima.yaml`);
  say("info", "Attempting to download the image");
  if (DOUBLE_FAULT === "slow-download") {
    const entry = `${process.env.HOME}/.cache/lima/download/by-url-sha256/1f`;
    const part = `${entry}/data.tmp.${process.pid}.1`;
    fs.mkdirSync(entry, { recursive: true });
    fs.writeFileSync(part, Buffer.alloc(3 * 1024 ** 2));
    // Until whoever looks at it has seen it.
    while (!fs.existsSync(`${process.env.HOME}/download-seen`)) await sleep(20);
    fs.renameSync(part, `${entry}/data`);
  }
  if (DOUBLE_FAULT === "slow-create") {
    // Longer than any test needs to interrupt it.
    await sleep(20_000);
    // As instance.Create when something went wrong: the folder goes, whoever made it.
    fs.rmSync(dir, { recursive: true, force: true });
    process.exit(1);
  }
  if (DOUBLE_FAULT === "deaf") {
    process.on("SIGTERM", () => {});
    fs.writeFileSync(`${process.env.HOME}/deaf`, "");
    await sleep(20_000);
    process.exit(1);
  }
  if (DOUBLE_FAULT === "disk-full") fatal(`write ${dir}/disk: no space left on device`);
  fs.writeFileSync(`${dir}/lima-version`, "2.2.0");
  fs.writeFileSync(`${dir}/disk`, "");
}

async function stop() {
  if (!fs.existsSync(`${dir}/lima.yaml`)) fatal(`open ${dir}/lima.yaml: no such file or directory`);
  if (args.includes("--force")) return stopForcibly();
  if (status() !== "Running")
    fatal(`expected status \`Running\`, got \`${status()}\` (maybe use \`limactl stop -f\`?)`);
  process.kill(pidOf("ha.pid"), "SIGINT");
  while (status() !== "Stopped") await sleep(20);
}

function diskCommand() {
  if (words[1] === "create") {
    if (fs.existsSync(disk)) fatal(`disk \`ascalon-home\` already exists (\`${disk}\`)`);
    fs.mkdirSync(disk, { recursive: true });
    fs.writeFileSync(`${disk}/datadisk`, "");
  }
  if (words[1] === "delete" && DOUBLE_FAULT !== "disk-referenced")
    fs.rmSync(disk, { recursive: true, force: true });
  if (words[1] !== "delete") fs.truncateSync(`${disk}/datadisk`, Number.parseInt(args.at(-1) ?? "", 10));
}

if (words[0] !== "hostagent") fs.appendFileSync(DOUBLE_LOG, `${args.join(" ")}\n`);
if (args[0] === "--version") process.stdout.write(`limactl version ${DOUBLE_VERSION}\n`);
else if (words[0] === "hostagent") hostAgent();
else if (words[0] === "create") create();
else if (words[0] === "start") start();
else if (words[0] === "stop") stop();
else if (words[0] === "disk") diskCommand();
else if (words[0] === "delete") {
  if (status() !== "Stopped")
    fatal(`failed to delete instance \`ascalon\`: expected status \`Stopped\`, got \`${status()}\``);
  stopForcibly();
  fs.rmSync(dir, { recursive: true });
} else fatal(`no such command: ${args.join(" ")}`);
