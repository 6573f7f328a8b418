import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { test } from "vitest";
import { converse } from "../../src/cli/adapters/converse.ts";
import { run } from "../../src/cli/app.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { createGuestWorld } from "../support/guest-world.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { realContext } from "../support/real-context.ts";
import { putVmPrograms } from "../support/vm-programs.ts";

/**
 * A host with a flake in git, and a guest in which the project's scripts run for real; Nix, systemd and the systems' own
 * switch scripts are doubles that keep generations, hold the real lock, fail, hang and cut the network.
 */
export function openRebuildBed() {
  const home = mkdtempSync("/tmp/asc-home-");
  const world = createGuestWorld();
  const applied = settingsOf("system: { flake: ~/flake }\nrebuild: { confirm: 10 }\n");
  const machine = fakeMachine({ exists: "ours", process: "running", applied, homeBytes: 50 * 1024 ** 3 });
  const { start } = machine;
  machine.start = async (...args) => {
    await start(...args);
    await world.restart();
  };
  putVmPrograms(home, ["limactl"]);
  const env = { NO_COLOR: "1", PATH: `${home}/bin:${process.env.PATH}` };
  const git = (...args: readonly string[]): void => {
    const who = ["-c", "user.name=mia", "-c", "user.email=mia@example.org"];
    const { status, stderr } = spawnSync("git", ["-C", `${home}/flake`, ...who, ...args], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
  };
  /** guest.nix with these words for the doubles. */
  const flake = (...words: readonly string[]): void =>
    writeFileSync(`${home}/flake/guest.nix`, `${words.map((word) => `# double: ${word}\n`).join("")}{ }\n`);
  /** `text`: more of `rebuild`; `more`: other sections. `host`: a start brings that name, and the doubles cannot. */
  const settings = (text = "", more = "", host = "ascalon"): void => {
    mkdirSync(`${home}/.config/ascalon`, { recursive: true });
    writeFileSync(
      `${home}/.config/ascalon/ascalon.yaml`,
      `system: { flake: ~/flake, host: ${host} }\nrebuild: { confirm: 10${text === "" ? "" : `, ${text}`} }\n${more}`,
    );
  };
  const ascalon = async (...argv: readonly string[]) => {
    const { context, out, err } = realContext({ home, machine, guest: world.port, env });
    const linkTools = async () => ({ ...(await context.linkTools()), converse });
    const code = await run(argv, { ...context, linkTools });
    return { code, out: out(), err: err() };
  };
  mkdirSync(`${home}/flake`);
  writeFileSync(
    `${home}/flake/flake.nix`,
    '{\n  inputs.nixpkgs.url = "github:double/nixpkgs";\n  outputs = _: { };\n}\n',
  );
  writeFileSync(`${home}/flake/.gitignore`, "secret.txt\n");
  writeFileSync(`${home}/flake/secret.txt`, "hunter2\n");
  flake("first");
  // Without the hooks that git puts there as examples.
  git("init", "-q", "--template=");
  git("add", ".");
  git("commit", "-qm", "first");
  settings();
  const close = (): void => {
    world.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { home, world, machine, git, flake, settings, ascalon, close };
}

/** A test with a bed of its own, so that those that wait for a timer wait beside each other. */
export const it = test.extend<{ readonly bed: ReturnType<typeof openRebuildBed> }>({
  bed: async ({ task: _ }, use) => {
    const bed = openRebuildBed();
    await use(bed);
    bed.close();
  },
});
