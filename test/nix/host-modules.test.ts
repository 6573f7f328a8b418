import { expect, it } from "vitest";
import { settingsSchema } from "../../src/cli/settings/schema.ts";
import { host } from "./support/host.ts";
import { describeWith, nixEval, root } from "./support/nix.ts";

const enabled = "changes.programs.ascalon.enable = true;";

const someSettings = `changes.programs.ascalon = {
  enable = true;
  settings = {
    vm = { cpus = 4; memory = "8GiB"; autostart = "off"; };
    user.name = "mia";
    mounts = [ { host = "~/Projects"; writable = true; } { host = "~/notes"; } ];
    sockets = { docker = "off"; extra = [ { name = "pg"; host = "~/pg.sock"; guest = "/run/ascalon/pg.sock"; direction = "host-to-guest"; } ]; };
    ports.ignore = [ 5432 ];
    wezterm.key = "CMD|SHIFT+B";
  };
};`;

/** By home-manager; nix-darwin is given the command beside it. */
const program = [expect.stringMatching(/-ascalon\/bin\/ascalon$/), "agent", "run"];

const agentJob = {
  WorkingDirectory: "/Users/dev",
  RunAtLoad: true,
  KeepAlive: { SuccessfulExit: false },
  AbandonProcessGroup: true,
  ExitTimeOut: 30,
  ThrottleInterval: 5,
  Umask: 0o077,
  ProcessType: "Interactive",
  EnvironmentVariables: {
    PATH: expect.stringContaining("/usr/bin"),
    LIMA_HOME: "/Users/dev/.lima",
    LANG: "en_US.UTF-8",
  },
  StandardOutPath: "/Users/dev/Library/Logs/ascalon-agent.log",
  StandardErrorPath: "/Users/dev/Library/Logs/ascalon-agent.log",
};

describeWith(["nix-instantiate"], "the module for home-manager", () => {
  it("why #17: on a Mac makes a launchd job of the agent, whenever it is enabled and with nothing else to set", () => {
    const { config, failed } = host(`kind = "home"; ${enabled}`);
    expect(failed).toEqual([]);
    const job = { ...agentJob, ProgramArguments: program };
    expect(config.launchd).toEqual({ agents: { ascalon: { enable: true, config: job } } });
    expect(config).not.toHaveProperty("systemd");
  });

  it("on Linux makes a unit of the user of it", () => {
    const { config, failed } = host(`kind = "home"; system = "x86_64-linux"; ${enabled}`);
    expect(failed).toEqual([]);
    expect(config.systemd).toMatchObject({
      user: {
        services: {
          ascalon: {
            Service: {
              ExecStart: expect.stringMatching(/-ascalon\/bin\/ascalon agent run$/),
              Restart: "on-failure",
              KillMode: "process",
            },
            Install: { WantedBy: ["default.target"] },
          },
        },
      },
    });
    expect(config).not.toHaveProperty("launchd");
  });

  it("writes no settings file when none is set: the defaults are the command line's", () => {
    expect(host(`kind = "home"; ${enabled}`).settings).toBeNull();
  });

  it("writes those that are set and no other, as ascalon.yaml takes them", () => {
    const { settings } = host(`kind = "home"; ${someSettings}`);
    expect(settings).toEqual({
      vm: { cpus: 4, memory: "8GiB", autostart: "off" },
      user: { name: "mia" },
      mounts: [{ host: "~/Projects", writable: true }, { host: "~/notes" }],
      sockets: {
        docker: "off",
        extra: [{ name: "pg", host: "~/pg.sock", guest: "/run/ascalon/pg.sock", direction: "host-to-guest" }],
      },
      ports: { ignore: [5432] },
      wezterm: { key: "CMD|SHIFT+B" },
    });
    expect(settingsSchema.safeParse(settings).success).toBe(true);
  });

  it("has an option for every setting, and none that ascalon.yaml lacks", () => {
    const options = nixEval<Record<string, unknown>>(`
      let
        lib = import ${root}test/nix/lib;
        tree = (import ${root}nix/lib/options.nix { inherit lib; }).settings;
        evaluated = (lib.evalModules { modules = [ { options = tree; } ]; }).config;
      in lib.mapAttrs (_: group: if builtins.isAttrs group then builtins.attrNames group else [ ]) evaluated`);
    const defaults = settingsSchema.parse({}) as Record<string, unknown>;
    const names = Object.fromEntries(
      Object.entries(defaults).map(([name, group]) => [
        name,
        Array.isArray(group) ? [] : Object.keys(group as object).toSorted(),
      ]),
    );
    expect(options).toEqual(names);
  });

  it("is off unless asked for", () => {
    const { config } = host('kind = "home";');
    expect(config).not.toHaveProperty("launchd");
    expect(config.home).toMatchObject({ packages: [] });
  });

  it("without the agent installs the command line alone", () => {
    const { config } = host(
      'kind = "home"; changes.programs.ascalon = { enable = true; agent.enable = false; };',
    );
    expect(config).not.toHaveProperty("launchd");
    expect(config.home).toMatchObject({ packages: [expect.stringContaining("-ascalon")] });
  });

  it.each(["home", "darwin"])("has the lists' packages behind the user's own in a profile: %s", (kind) => {
    const packages = "{ enable = true; packages.enable = true; }";
    const { failed, ranks } = host(`kind = "${kind}"; changes.programs.ascalon = ${packages};`);
    const { ascalon, ...lists } = ranks;
    expect(failed).toEqual([]);
    expect(ascalon).toBe(5);
    expect(Object.keys(lists)).toEqual(expect.arrayContaining(["neovim", "colima", "nodejs"]));
    expect(Object.values(lists).filter((rank) => rank <= 5)).toEqual([]);
  });

  it.each([
    [
      "a platform without Lima",
      `system = "armv7l-linux"; ${enabled}`,
      "programs.ascalon does not run on armv7l-linux",
    ],
    [
      "the guest",
      `system = "aarch64-linux"; osConfig.services.lima.enable = true; ${enabled}`,
      "programs.ascalon is enabled inside the guest",
    ],
    [
      "a WezTerm that home-manager does not configure",
      "changes.programs.ascalon = { enable = true; wezterm.enable = true; };",
      "programs.ascalon.wezterm.enable needs programs.wezterm.enable",
    ],
  ])("refuses %s with a sentence", (_what, passed, sentence) => {
    expect(host(`kind = "home"; ${passed}`).failed.map((text) => text.slice(0, sentence.length))).toEqual([
      sentence,
    ]);
  });

  it("refuses a size without its unit", () => {
    expect(() =>
      host('kind = "home"; changes.programs.ascalon = { enable = true; settings.vm.memory = "8"; };'),
    ).toThrow("programs.ascalon.settings.vm.memory");
  });
});

describeWith(["nix-instantiate"], "the module for nix-darwin", () => {
  it("makes a launchd job of the agent and tells it where the settings are", () => {
    const { config, failed, settings } = host(`kind = "darwin"; ${someSettings}`);
    expect(failed).toEqual([]);
    expect(settings).toMatchObject({ user: { name: "mia" } });
    expect(config.launchd).toEqual({
      user: {
        agents: {
          ascalon: {
            // Given as a command, it waits for /nix; arguments of its own in serviceConfig would take its place.
            command: expect.stringMatching(/^'\/nix\/store\/[^']*-ascalon\/bin\/ascalon' 'agent' 'run'$/),
            serviceConfig: {
              ...agentJob,
              EnvironmentVariables: {
                ...agentJob.EnvironmentVariables,
                ASCALON_CONFIG: "/etc/ascalon/ascalon.yaml",
              },
            },
          },
        },
      },
    });
  });

  it.each([
    ["of a user whom the configuration does not name", "", "/Users/dev"],
    ["of a user whose home it does not name", "users.users.dev.home = null;", "/Users/dev"],
    ["where the configuration has it", 'users.users.dev.home = "/Volumes/dev";', "/Volumes/dev"],
  ])("knows the home %s", (_whose, named, home) => {
    const { config, failed } = host(
      `kind = "darwin"; changes = { programs.ascalon.enable = true; ${named} };`,
    );
    expect(failed).toEqual([]);
    const job = config.launchd?.user?.agents.ascalon?.serviceConfig;
    expect(job).toMatchObject({
      WorkingDirectory: home,
      EnvironmentVariables: { LIMA_HOME: `${home}/.lima` },
      StandardErrorPath: `${home}/Library/Logs/ascalon-agent.log`,
    });
  });

  it.each([
    ["Linux", `system = "x86_64-linux"; ${enabled}`, "ascalon's darwin module is used on x86_64-linux"],
    [
      "a system without its user",
      "changes = { lib, ... }: { programs.ascalon.enable = true; system.primaryUser = lib.mkForce null; };",
      "programs.ascalon needs system.primaryUser",
    ],
  ])("refuses %s with a sentence", (_what, passed, sentence) => {
    expect(host(`kind = "darwin"; ${passed}`).failed.map((text) => text.slice(0, sentence.length))).toEqual([
      sentence,
    ]);
  });
});
