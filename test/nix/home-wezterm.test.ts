import { expect, it } from "vitest";
import { bundle, scenarios } from "../lua/world.ts";
import { host } from "./support/host.ts";
import { describeWith } from "./support/nix.ts";

/** `programs.wezterm.extraConfig` with texts of a user's, each with its order: [order, text]. */
function extraConfig(texts: readonly (readonly [order: number, text: string])[], more = ""): string {
  const user = texts.map(([order, text]) => `(lib.mkOrder ${order} ${JSON.stringify(text)})`);
  const { config, failed } = host(`kind = "home"; changes = { lib, ... }: {
    programs.ascalon = { enable = true; wezterm.enable = true; };
    programs.wezterm = { enable = true; settings.front_end = "OpenGL"; extraConfig = lib.mkMerge [ ${user.join(" ")} ]; };
    ${more}
  };`);
  expect(failed).toEqual([]);
  return (config.programs as { wezterm: { extraConfig: string } }).wezterm.extraConfig;
}

/**
 * What home-manager makes of settings and extraConfig (its programs/wezterm.nix): the extra text is a function's body, and
 * a table that it returns is laid over the configuration, member by member.
 */
const homeManagers = (
  extra: string,
  made = "wezterm.config_builder and wezterm.config_builder() or {}",
): string => `
local wezterm = require("wezterm")
local config = ${made}
for name, value in pairs({ front_end = "OpenGL" }) do config[name] = value end
local returned = (function()
${extra}
end)()
if type(returned) == "table" then
  for name, value in pairs(returned) do config[name] = value end
end
return config
`;

const storePath = /dofile\("(\/nix\/store\/[^"]+)"\)/;

const bind = (key: string): string =>
  `{ key = "${key}", mods = "CMD", action = wezterm.action.EmitEvent("mine") }`;

/** What people write there; each binds CMD+K and has a domain of its own. */
const texts: Readonly<Record<string, string>> = {
  "sets what it wants, and returns nothing": `
    config.keys = { ${bind("k")} }
    config.unix_domains = { { name = "mine" } }`,
  "returns a table": `return { keys = { ${bind("k")} }, unix_domains = { { name = "mine" } } }`,
  "returns the configuration itself": `
    config.keys = { ${bind("k")} }
    config.unix_domains = { { name = "mine" } }
    return config`,
  "returns a configuration of its own by the same name": `
    local config = { keys = { ${bind("k")} } }
    config.unix_domains = { { name = "mine" } }
    return config -- the end`,
  "puts another configuration in place of the one that is there": `
    config = wezterm.config_builder and wezterm.config_builder() or {}
    config.keys = { ${bind("k")} }
    config.unix_domains = { { name = "mine" } }
    return config`,
  "returns early": `
    config.unix_domains = { { name = "mine" } }
    if config.front_end == "OpenGL" then return { keys = { ${bind("k")} } } end
    config.keys = {}`,
  "returns something else": `
    config.keys = { ${bind("k")} }
    config.unix_domains = { { name = "mine" } }
    return true`,
};

interface Seen {
  readonly keys: readonly { readonly key: string; readonly mods: string }[];
  readonly domains: readonly { readonly name: string }[];
}

/** Objects that WezTerm's versions give for a configuration. */
const kinds: Readonly<Record<string, string | undefined>> = {
  "whose members are not its own": undefined,
  "that is a plain table": "{}",
};

describeWith(["nix-instantiate", "lua5.4"], "home-manager's WezTerm configuration", () => {
  for (const [kind, made] of Object.entries(kinds)) {
    scenarios(`with an object ${kind}, and a text that`, (scene) => {
      for (const [what, text] of Object.entries(texts)) {
        scene(`${what}: has the user's keys and domains, and ours`, async (world) => {
          const extra = extraConfig([[1000, text]]);
          const path = storePath.exec(extra)?.[1] ?? "";
          await world.begin({ config: homeManagers(extra, made), files: { [path]: bundle } });
          const { keys, domains } = (await world.send("config")) as Seen;
          expect(keys.map(({ key, mods }) => `${mods}+${key}`)).toEqual(
            expect.arrayContaining(["CMD+k", "CMD|SHIFT+A"]),
          );
          expect(domains.map(({ name }) => name)).toEqual(
            expect.arrayContaining(["mine", "ascalon", "ascalon-proxy"]),
          );
          await world.press();
          expect(await world.isAttached()).toBe(true);
        });
      }
    });
  }

  it("runs nothing after our line, whatever order a module asks for, and nothing before its beginning", () => {
    const extra = extraConfig([
      [1500, "-- after"],
      [500, "-- before"],
      [1000, "-- between"],
    ]);
    expect(extra.split("\n")).toEqual([
      "local ascalon_others = (function()",
      "-- before",
      "-- between",
      "-- after",
      "end)()",
      ...Array.from({ length: 5 }, () => expect.any(String)),
      expect.stringMatching(storePath),
    ]);
  });

  it("works without a text of the user's", () => {
    expect(extraConfig([])).toMatch(/^local ascalon_others = \(function\(\)\nend\)\(\)\n/);
  });

  it("says where plugin.json is when the state folder is not the usual one, which WezTerm is not told", () => {
    expect(extraConfig([], 'xdg.stateHome = "/Users/dev/state";')).toMatch(
      /"XDG_STATE_HOME=\/Users\/dev\/state", .*, plugin_json = "\/Users\/dev\/state\/ascalon\/wezterm\/plugin\.json" \}\)$/,
    );
    expect(extraConfig([])).not.toContain("plugin_json");
  });

  scenarios("before the first ascalon up, home-manager's line", (scene) => {
    scene("starts the VM: it says where ascalon is, with a PATH that WezTerm has not", async (world) => {
      const extra = extraConfig([]);
      const path = storePath.exec(extra)?.[1] ?? "";
      await world.begin({
        config: homeManagers(extra),
        files: { [path]: bundle },
        contract: "missing",
        status: { vm: { state: "absent", since: 1 } },
      });
      await world.press();
      const args = (await world.tabs())[1]?.args?.slice(4) ?? [];
      expect(args).toEqual([
        "/usr/bin/env",
        expect.stringMatching(/^PATH=.+:\/usr\/bin:\/bin:/),
        expect.stringMatching(/^\/nix\/store\/.+\/bin\/ascalon$/),
        "up",
        "--attach",
      ]);
    });
  });
});
