import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/cli/adapters/clock.ts";
import { run } from "../../src/cli/app.ts";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import { linkLines } from "../../src/cli/present/links.ts";
import type { LinkStatus } from "../../src/shared/status.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { createGuestWorld } from "../support/guest-world.ts";
import { realContext } from "../support/real-context.ts";
import { putVmPrograms } from "../support/vm-programs.ts";

/**
 * docs/acceptance-mac.md against the program: its steps are done in their order, with doubles of the machine and of Nix,
 * and what stands in quotation marks must be printed by the commands of the same row.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const documentText = readFileSync(`${root}docs/acceptance-mac.md`, "utf8");

interface Row {
  readonly number: number;
  readonly doing: string;
  readonly commands: readonly string[];
  readonly quotes: readonly string[];
  /** What else must come, exit codes for one. */
  readonly told: readonly string[];
}

const rows: readonly Row[] = documentText.split("\n").flatMap((line) => {
  const match = /^\| (\d+) \| (.*?) (?<!\\)\| (.*) \|$/.exec(line);
  if (!match) return [];
  const [, number, doing = "", coming = ""] = match;
  return [
    {
      number: Number(number),
      doing,
      commands: [...doing.matchAll(/`([^`]+)`/g)].map((code) => code[1] ?? ""),
      quotes: [...coming.matchAll(/"([^"]+)"/g)].map((quote) => quote[1] ?? ""),
      told: [...coming.matchAll(/`([^`]+)`/g)].map((code) => code[1] ?? ""),
    },
  ];
});

/** What the session below cannot make: the sentence, and the file of the program that has it. */
const elsewhere = new Map([
  [
    "Installed the agent: it keeps the links up and starts the VM at login.",
    "src/cli/commands/keep-agent.ts",
  ],
  ["… packages are the same on both sides.", "src/cli/present/parity.ts"],
  ["The agent is stopped and removed; the VM keeps running.", "src/cli/commands/agent-run.ts"],
  ["this user is not logged in at the Mac's screen", "src/cli/agent/install.ts"],
  ["ascalon is in …, which macOS keeps from the agent until you allow it", "src/cli/agent/guarded-place.ts"],
]);

/** These want a guest behind ssh, or the login's own service manager. */
const skipped = /^ascalon (shell|heal|agent|logs)\b/;

const links = ["mux", "docker", "ssh-agent", "bridge"].map(
  (name): LinkStatus => ({ name, state: "up", since: 1 }),
);

/**
 * Waits of seconds are tenths of them, and count for a hundred times what they take: an unhealthy system is looked at for
 * its whole patience. What the guest does takes real time, and a busy machine has minutes for it before the guest goes
 * back by itself.
 */
function impatientClock(): Clock {
  let skippedMs = 0;
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + skippedMs,
    sleep: async (ms, signal) => {
      await systemClock.sleep(ms >= 1000 ? ms / 10 : ms, signal);
      if (ms >= 1000) skippedMs += ms * 10;
    },
  };
}

/** A word of a command line as a shell hands it on. */
const wordsOf = (line: string): string[] =>
  [...line.replace(/; echo \$\?$/, "").matchAll(/'([^']*)'|(\S+)/g)].map((word) => word[1] ?? word[2] ?? "");

describe("docs/acceptance-mac.md", () => {
  it("numbers its steps, and names none that is not there", () => {
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
    const [, list = ""] = documentText.split("## What was wanted");
    const named = [...list.matchAll(/^\| .* \| (.*) \|$/gm)].flatMap((line) =>
      [...(line[1] ?? "").matchAll(/(?<![\d.])(\d+)(?![\d.])/g)].map((number) => Number(number[1])),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((number) => number < 1 || number > rows.length)).toEqual([]);
  });

  it("quotes nothing else that the program does not say", () => {
    const quotes = new Set(rows.flatMap((row) => row.quotes));
    for (const [quote, file] of elsewhere) {
      expect(quotes).toContain(quote);
      const source = readFileSync(`${root}${file}`, "utf8");
      for (const part of quote.split("…")) expect(source, file).toContain(part);
    }
  });

  it("says what the program prints", { timeout: 120_000 }, async () => {
    const home = mkdtempSync("/tmp/asc-home-");
    const world = createGuestWorld({ ascalon: false });
    const machine = fakeMachine();
    const { start } = machine;
    machine.start = async (...args) => {
      await start(...args);
      await world.restart();
    };
    // The machine of the test has one file system; a real guest has two.
    const guest: GuestPort = {
      ...world.port,
      run: async (argv, options) =>
        argv[0] === "stat"
          ? { kind: "ended", code: 0, stdout: "1\n2\n", stderr: "" }
          : await world.port.run(argv, options),
    };
    const folder = `${home}/.config/ascalon`;
    putVmPrograms(home, ["limactl"]);
    mkdirSync(folder, { recursive: true });
    mkdirSync(`${home}/Projects`);
    // An agent would be one of the login that runs the tests.
    writeFileSync(
      `${folder}/ascalon.yaml`,
      `system: { host: ${hostname()} }\nrebuild: { confirm: 600 }\nvm: { type: qemu }\nagent: { enabled: false }\n`,
    );
    writeFileSync(
      `${home}/.wezterm.lua`,
      'local config = require("wezterm").config_builder()\nreturn config\n',
    );
    const guestNix = (...words: readonly string[]): void =>
      writeFileSync(`${folder}/guest.nix`, `${words.map((word) => `# double: ${word}\n`).join("")}{ }\n`);

    const clock = impatientClock();
    const wrong: string[] = [];
    try {
      for (const { number, doing, commands, quotes, told } of rows) {
        if (doing.includes("cowsay` to")) guestNix("builds=cowsay-3");
        if (doing.includes("broken")) guestNix("unit-fails=broken.service");
        if (doing.includes("take that line out")) guestNix("builds=cowsay-3");
        let said = doing.includes("ascalon heal")
          ? linkLines(links, { colors: false, now: 9, home }).join("\n")
          : "";
        for (const command of commands.filter((line) => /^ascalon /.test(line) && !skipped.test(line))) {
          const { context, out, err } = realContext({
            home,
            machine,
            guest,
            typed: ["ascalon"],
            isTTY: command === "ascalon destroy",
            env: { NO_COLOR: "1", PATH: `${home}/bin:${process.env.PATH}` },
          });
          const words = wordsOf(command).slice(1);
          const code = await run(
            words.map((word) => word.replace(/^~/, home)),
            { ...context, clock },
          );
          said += `${out()}${err()}\n${code}\n`;
          const codes = command.endsWith("; echo $?") ? told : ["0"];
          if (!codes.includes(String(code))) wrong.push(`${number}: ${command} ended with ${code}`);
        }
        for (const quote of quotes.filter((text) => !elsewhere.has(text))) {
          const pattern = quote
            .replaceAll("/Users/you", home)
            .split("…")
            .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
            .join(".*");
          if (!new RegExp(pattern).test(said)) wrong.push(`${number}: "${quote}" is not in:\n${said}`);
        }
      }
    } finally {
      world.close();
      rmSync(home, { recursive: true, force: true });
    }
    expect(wrong).toEqual([]);
  });
});
