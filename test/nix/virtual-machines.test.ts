import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { describeWith, nixEval, root } from "./support/nix.ts";

interface TestMachine {
  readonly host: string;
  /** Whether the system has a switch-to-configuration. */
  readonly switches: boolean;
  readonly failed: readonly string[];
}

/** A test of nix/tests as data: its script, and the rules that its machines' configurations break. */
const test = (name: string) =>
  nixEval<{ script: string; machines: Record<string, TestMachine> }>(`
    let
      lib = import ${root}test/nix/lib;
      pkgs = import ${root}test/nix/lib/pkgs.nix { inherit lib; system = "x86_64-linux"; };
      made = (import ${root}nix/tests/${name}.nix { inherit pkgs; }).test;
      evaluate = module: (lib.evalModules {
        arguments = { inherit lib pkgs; };
        modules = [ ${root}test/nix/lib/nixos-defaults.nix ${root}test/nix/lib/test-machine.nix module ];
      }).config;
    in {
      script = made.testScript;
      # All of it is looked at: two definitions of one option that disagree are found only there.
      machines = lib.mapAttrs (_: module: let config = evaluate module; in builtins.deepSeq (lib.settled config) {
        host = config.networking.hostName;
        switches = config.system.switch.enable;
        failed = map (a: a.message) (lib.filter (a: !a.assertion) config.assertions);
      }) made.nodes;
    }`);

// These tests run where there are KVM and nixpkgs. Here they are held to what can be told without.
describeWith(["nix-instantiate", "python3"], "the tests in virtual machines", () => {
  it.each([
    ["wezterm-daemon", ["machine"]],
    ["home-disk", ["machine", "without"]],
  ])(
    "%s has machines of different names that break no rule, and a script that Python takes",
    (name, names) => {
      const { script, machines } = test(name);
      expect(Object.values(machines)).toEqual(names.map((host) => ({ host, switches: true, failed: [] })));
      // The driver runs each command by a shell that has it in its own command line.
      expect(script).not.toMatch(/\bp(grep|kill)\b.* (--full|-\w*f)\b/);
      const compiled = spawnSync(
        "python3",
        ["-c", "import sys; compile(sys.stdin.read(), 'script', 'exec')"],
        {
          input: script,
          encoding: "utf8",
        },
      );
      expect(compiled.stderr).toBe("");
    },
  );
});

describe("the workflow", () => {
  const text = readFileSync(`${root}.github/workflows/nix.yml`, "utf8");
  const { jobs } = parse(text) as {
    jobs: Record<string, { needs?: string | string[]; steps: { run?: string; uses?: string }[] }>;
  };

  it("names scripts and files that exist", () => {
    const named = [...text.matchAll(/\b(?:nix\/[\w./-]+\.sh)\b/g)].map((match) => match[0]);
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((file) => !existsSync(`${root}${file}`))).toEqual([]);
  });

  it("builds guests that the flake has", () => {
    const flake = readFileSync(`${root}flake.nix`, "utf8");
    for (const [, name] of text.matchAll(/configuration: ([\w-]+) \}/g))
      expect(flake).toContain(` ${name} = mkSystem`);
  });

  it("waits for jobs that exist, and makes the lock file before anything else", () => {
    for (const [name, job] of Object.entries(jobs)) {
      const needs = [job.needs ?? []].flat();
      expect(needs.every((other) => other in jobs)).toBe(true);
      if (name !== "lock") expect(needs.length).toBeGreaterThan(0);
    }
  });

  it("shows each job the lock file as one that git knows, before Nix is there to make another", () => {
    const { runs } = parse(readFileSync(`${root}.github/actions/lock/action.yml`, "utf8")) as {
      runs: { steps: { run?: string; uses?: string; shell?: string }[] };
    };
    expect(runs.steps).toMatchObject([
      { uses: expect.stringMatching(/^actions\/download-artifact@/) },
      { run: "git add --intent-to-add --force flake.lock", shell: "bash" },
    ]);
    for (const [name, { steps }] of Object.entries(jobs)) {
      if (name !== "lock") expect(steps[1]?.uses, name).toBe("./.github/actions/lock");
    }
  });

  it("makes room before a whole system is built or started", () => {
    for (const name of ["guest", "lima"]) {
      const runs = jobs[name]?.steps.map(({ run }) => run) ?? [];
      const [room, work] = [/free-disk\.sh/, /closure\.sh|lima-end-to-end\.sh/].map((script) =>
        runs.findIndex((run) => script.test(run ?? "")),
      ) as [number, number];
      expect(room, name).toBeGreaterThan(0);
      expect(work, name).toBeGreaterThan(room);
    }
  });
});
