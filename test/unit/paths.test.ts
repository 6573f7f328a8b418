import { describe, expect, it } from "vitest";
import { expandHome, pathsOf } from "../../src/cli/paths.ts";
import { fakeContext } from "../support/fake-context.ts";

const of = (env: Record<string, string>, configFlag?: string) =>
  pathsOf(fakeContext({ env, cwd: "/projects/demo", ...(configFlag === undefined ? {} : { configFlag }) }));

describe("paths", () => {
  it("follow the XDG defaults below the home folder", () => {
    expect(of({})).toEqual({
      configFile: "/home/mia/.config/ascalon/ascalon.yaml",
      configNamed: false,
      stateDir: "/home/mia/.local/state/ascalon",
      limaHome: "/home/mia/.lima",
      instanceDir: "/home/mia/.lima/ascalon",
      sockDir: "/home/mia/.local/state/ascalon/sock",
      logDir: "/home/mia/.local/state/ascalon/log",
      cacheDir: "/home/mia/.cache/ascalon",
    });
  });

  it.each([
    [
      "XDG_CONFIG_HOME moves the settings",
      { XDG_CONFIG_HOME: "/c" },
      "configFile",
      "/c/ascalon/ascalon.yaml",
    ],
    ["XDG_STATE_HOME moves the state", { XDG_STATE_HOME: "/s" }, "stateDir", "/s/ascalon"],
    ["XDG_CACHE_HOME moves the cache", { XDG_CACHE_HOME: "/k" }, "cacheDir", "/k/ascalon"],
    ["LIMA_HOME moves the instance", { LIMA_HOME: "/l" }, "instanceDir", "/l/ascalon"],
    ["a relative LIMA_HOME starts at the current folder", { LIMA_HOME: "l" }, "limaHome", "/projects/demo/l"],
    [
      "a relative XDG value is ignored",
      { XDG_STATE_HOME: "s" },
      "stateDir",
      "/home/mia/.local/state/ascalon",
    ],
    [
      "an empty value counts as absent",
      { ASCALON_CONFIG: "" },
      "configFile",
      "/home/mia/.config/ascalon/ascalon.yaml",
    ],
    ["ASCALON_CONFIG names the settings", { ASCALON_CONFIG: "~/a.yaml" }, "configFile", "/home/mia/a.yaml"],
  ] as const)("%s", (_, env, key, expected) => {
    expect(of(env)[key]).toBe(expected);
  });

  it("put --config before ASCALON_CONFIG and resolve it from the current folder", () => {
    const paths = of({ ASCALON_CONFIG: "/other.yaml" }, "here.yaml");
    expect(paths.configFile).toBe("/projects/demo/here.yaml");
    expect(paths.configNamed).toBe(true);
  });

  it("leave another user's home as it is written", () => {
    expect(expandHome("~root/x", "/home/mia")).toBe("~root/x");
  });
});
