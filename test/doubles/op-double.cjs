#!/usr/bin/env node
/**
 * Behaves like 1Password's `op` in what the bridge carries: prompts on the terminal without echo, reads stdin,
 * exit codes and messages, `--format json`, an authorisation that takes time. Its vault is in the references: the
 * secret of `op://V/I/F` is `secret-of-V/I/F`. OP_SESSION_double or a terminal sign-in unlocks what `locked` begins.
 * CommonJS, and each module where it is used: a test starts it 200 times, and a module of its own costs a quarter more.
 */
const { closeSync, existsSync, openSync, readFileSync, readSync, writeSync } = require("node:fs");

const args = process.argv.slice(2).filter((arg) => arg !== "--");
const words = args.filter((arg) => !arg.startsWith("--"));
const flag = (/** @type {string} */ name) =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/** @param {string} text @param {number} code @returns {never} */
function fail(text, code = 1) {
  writeSync(2, `[ERROR] 2026/01/01 00:00:00 ${text}\n`);
  process.exit(code);
}

/** @param {string} reference */
function secretOf(reference) {
  const path = reference.replace(/^op:\/\//, "");
  if (path.startsWith("missing/")) fail(`could not read secret '${reference}': could not find item`);
  if (path.startsWith("locked/") && !process.env.OP_SESSION_double) fail("you are not currently signed in");
  if (path.startsWith("nul/")) return `hunter2-\0-of-${path}`;
  if (path.startsWith("lines/")) return "first line\nsecond line";
  return `secret-of-${path}`;
}

/** What the person types, without echo, by the terminal whatever stdin is. @param {string} question */
function askSecret(question) {
  let fd;
  try {
    fd = openSync("/dev/tty", "r+");
  } catch {
    fail("no terminal to ask on");
  }
  const { ReadStream } = require("node:tty");
  const terminal = new ReadStream(fd);
  terminal.setRawMode(true);
  writeSync(fd, question);
  return new Promise((resolve) => {
    let typed = "";
    terminal.on("data", (keys) => {
      for (const key of keys.toString("utf8")) {
        if (key === "\x03") {
          terminal.setRawMode(false);
          process.exit(130);
        }
        if (key === "\r" || key === "\n") {
          terminal.setRawMode(false);
          terminal.destroy();
          process.stderr.write("\n");
          resolve(typed);
          return;
        }
        typed += key;
      }
    });
  });
}

/** Copies stdin, whatever its size. @param {(bytes: Buffer) => void} take */
async function eachChunk(take) {
  for await (const chunk of process.stdin) take(chunk);
}

// As SIGPIPE ends op; Node ignores it.
process.stdout.on("error", () => process.exit(141));

async function main() {
  const [command = "", sub = ""] = words;
  // Until the test has seen what it is about.
  while (flag("encoding") === "held" && !existsSync(`${process.env.HOME}/may-read`))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const delay = Number(process.env.OP_DOUBLE_DELAY_MS ?? flag("encoding")?.replace("delay-", "") ?? 0);
  if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  switch (`${command} ${["item", "document", "account", "vault"].includes(command) ? sub : ""}`.trim()) {
    case "read":
      process.stdout.write(secretOf(words[1] ?? "") + (flag("no-newline") === "true" ? "" : "\n"));
      return;
    case "inject": {
      const template = readFileSync(0, "utf8");
      process.stdout.write(
        template.replace(/\{\{\s*(op:\/\/[^}]*?)\s*\}\}/g, (_, reference) => secretOf(reference)),
      );
      return;
    }
    case "signin": {
      const password = await askSecret("Enter the password for mia@example.com: ");
      if (password !== "correct horse") fail("authentication required", 6);
      process.stdout.write(`export OP_SESSION_double="${"t".repeat(43)}"\n`);
      return;
    }
    case "whoami":
      // What a test wants to know of how it runs.
      process.stdout.write(
        `${JSON.stringify({
          stdin: process.stdin.isTTY === true,
          stdout: process.stdout.isTTY === true,
          stderr: process.stderr.isTTY === true,
          size: process.stdout.isTTY ? process.stdout.getWindowSize() : null,
          args,
          env: process.env,
          cwd: process.cwd(),
          pid: process.pid,
          ppid: process.ppid,
        })}\n`,
      );
      return;
    case "item get":
      if (words[2] === "no-such-item") fail(`"no-such-item" isn't an item in any vault`);
      if (flag("format") === "json") process.stdout.write(`${JSON.stringify({ title: words[2], args })}\n`);
      else process.stdout.write(`\x1b[32mTitle:\x1b[0m ${words[2]}\n`);
      return;
    case "item list":
      for (let line = 0; line < Number(flag("vault") ?? 3); line += 1) process.stdout.write(`item ${line}\n`);
      return;
    case "item create":
      process.stdout.write(`created ${readFileSync(0, "utf8").length}\n`);
      return;
    case "item edit": {
      // Shows its size whenever that changes, until it is interrupted.
      const show = () => writeSync(1, `size ${process.stdout.getWindowSize?.().join("x")}\n`);
      show();
      process.on("SIGWINCH", () => setTimeout(show, 20));
      process.on("SIGINT", () => {
        writeSync(1, "interrupted\n");
        process.exit(130);
      });
      setInterval(() => {}, 1000);
      await new Promise(() => {});
      return;
    }
    case "document get":
      // So many MiB of bytes that anybody can compute: block n is filled with n & 255.
      for (let block = 0; block < Number(words[2]) * 16; block += 1) {
        const bytes = Buffer.alloc(65536, block & 255);
        if (!process.stdout.write(bytes))
          await new Promise((resolve) => process.stdout.once("drain", resolve));
      }
      return;
    case "document create": {
      const { createHash } = require("node:crypto");
      const hash = createHash("sha256");
      let length = 0;
      await eachChunk((bytes) => {
        hash.update(bytes);
        length += bytes.length;
      });
      process.stdout.write(
        `${JSON.stringify({ length, sha256: hash.digest("hex"), name: flag("file-name") })}\n`,
      );
      return;
    }
    case "document edit":
      // As it comes: a pipe both ways.
      process.stdin.pipe(process.stdout);
      return;
    case "vault get":
      // Waits to be ended; says its pid first.
      writeSync(1, `${process.pid}\n`);
      if (words[2] === "stubborn")
        for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.on(name, () => {});
      setInterval(() => {}, 1000);
      await new Promise(() => {});
      return;
    case "vault list":
      process.kill(process.pid, words[2] ?? "SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return;
    case "account get": {
      // Asks in full view, and echoes as the terminal does.
      const fd = openSync("/dev/tty", "r+");
      writeSync(fd, "Account? ");
      const line = Buffer.alloc(256);
      const length = readSync(fd, line);
      closeSync(fd);
      process.stdout.write(`chosen ${line.toString("utf8", 0, length).trim()}\n`);
      return;
    }
    default:
      fail(`unknown command "${command}" for "op"`, Number(words[1] ?? 1) || 1);
  }
}
main();
