import { describe, expect, test } from "vitest";
import { agentEnvironment } from "../../../src/cli/projections/agent-service.ts";
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

  test("only named variables go along; the session's agent does not", () => {
    const env = { PATH: "/bin", SSH_AUTH_SOCK: "/tmp/x", TOKEN: "secret", LIMA_HOME: "/l", DOCKER_HOST: "" };
    expect(agentEnvironment(env)).toEqual({ PATH: "/bin", LIMA_HOME: "/l" });
  });
});
