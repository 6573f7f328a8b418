import { describe, expect, test } from "vitest";
import { agentEnvironment, shellEnvironment } from "../../../src/cli/projections/agent-service.ts";
import { readDescription } from "../../../src/cli/projections/described-service.ts";
import { projectLaunchdPlist } from "../../../src/cli/projections/launchd-plist.ts";
import { projectSystemdUnit } from "../../../src/cli/projections/systemd-unit.ts";

const service = {
  argv: ["/opt/homebrew/bin/node", "/Users/mia/Library/ascalon & co/dist/ascalon.mjs", "agent", "run"],
  environment: { PATH: "/opt/homebrew/bin:/usr/bin:/bin", LIMA_HOME: "/Users/mia/.lima" },
  home: "/Users/mia",
  logFile: "/Users/mia/.local/state/ascalon/log/agent.log",
};

describe("the agent's service", () => {
  test("LaunchAgent", async () => {
    await expect(projectLaunchdPlist(service)).toMatchFileSnapshot("../../golden/agent/ascalon.agent.plist");
  });

  test("systemd unit", async () => {
    const linux = {
      argv: ["/usr/bin/node", "/home/mia/100%/$app/ascalon.mjs", "agent", "run"],
      environment: { PATH: "/usr/bin:/bin", QEMU_SYSTEM_X86_64: 'qemu-system-x86_64 -cpu "max"' },
      home: "/home/mia",
      logFile: "/home/mia/.local/state/ascalon/log/agent.log",
    };
    await expect(projectSystemdUnit(linux)).toMatchFileSnapshot("../../golden/agent/ascalon-agent.service");
  });

  test("systemd looks for the program at its own path, whatever is in it", () => {
    const argv = ["/home/mi$$a 1%/node", "/home/mi$$a 1%/ascalon.mjs", "agent", "run"];
    const unit = projectSystemdUnit({ ...service, argv });
    // As systemd-analyze verify wants it: a doubled dollar sign is taken as it is there.
    expect(unit).toContain(
      'ExecStart="/home/mi$$a 1%%/node" "/home/mi$$$$a 1%%/ascalon.mjs" "agent" "run"\n',
    );
    expect(readDescription(unit).argv).toEqual(argv);
  });

  test("only named variables go along; the session's agent does not", () => {
    const env = { PATH: "/bin", SSH_AUTH_SOCK: "/tmp/x", TOKEN: "secret", LIMA_HOME: "/l", DOCKER_HOST: "" };
    expect(shellEnvironment(env)).toEqual({ PATH: "/bin", LIMA_HOME: "/l" });
  });

  const inputs = {
    kept: {},
    paths: { limaHome: "/home/mia/lima", configFile: "/home/mia/a.yaml" },
    platform: "linux",
    searchPath: "/usr/bin:/bin",
  } as const;

  test("the agent's variables: no PATH of a shell, and paths that do not depend on its folder", () => {
    const env = {
      PATH: "/home/mia/.nvm/22/bin:/bin",
      SSH_AUTH_SOCK: "/tmp/x",
      LIMA_HOME: "lima",
      DOCKER_HOST: "unix:///d",
    };
    expect(agentEnvironment({ ...inputs, env })).toEqual({
      PATH: "/usr/bin:/bin",
      LIMA_HOME: "/home/mia/lima",
    });
    expect(agentEnvironment({ ...inputs, env, kept: env })).toMatchObject({ DOCKER_HOST: "unix:///d" });
    expect(agentEnvironment({ ...inputs, env: { ASCALON_CONFIG: "a.yaml" } })).toMatchObject({
      ASCALON_CONFIG: "/home/mia/a.yaml",
    });
  });

  test("on macOS there is always a language, because pbcopy without one takes UTF-8 for something else", () => {
    const language = (env: Record<string, string>) =>
      agentEnvironment({ ...inputs, platform: "darwin", env }).LANG;
    expect(language({})).toBe("en_US.UTF-8");
    expect(language({ LANG: "de_DE.UTF-8" })).toBe("de_DE.UTF-8");
    expect(agentEnvironment({ ...inputs, env: {} })).not.toHaveProperty("LANG");
  });

  test("a description is read back as it was written, whatever is in it", () => {
    const hard = {
      ...service,
      argv: ["/opt/a b/node", '/x/100%/$app/"q"\\<&>.mjs', "--config", "/c/ü.yaml", "agent", "run"],
      environment: { PATH: "/a b:/c", EMPTY: "", XDG_STATE_HOME: '/s/%h/$HOME/"x"\\n&amp;' },
    };
    const { argv, environment } = hard;
    expect(readDescription(projectLaunchdPlist(hard))).toEqual({ argv, environment });
    expect(readDescription(projectSystemdUnit(hard))).toEqual({ argv, environment });
    expect(readDescription("[Unit]\n")).toEqual({ argv: [], environment: {} });
  });
});
