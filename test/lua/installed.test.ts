import { expect } from "vitest";
import { newConfig, withPlugin } from "../../src/cli/wezterm/config-edit.ts";
import { wellStatus } from "./wezterm-double.ts";
import { bundle, bundlePath, contract, scenarios } from "./world.ts";

const shapes: Readonly<Record<string, string>> = {
  "the usual one":
    "local wezterm = require('wezterm')\nlocal config = wezterm.config_builder()\nreturn config\n",
  "one of another name": "local M = {}\nM.front_end = 'OpenGL'\nreturn M;\n",
  "one with keys, functions and comments": `local wezterm = require 'wezterm'
--[[ return config ]]
local config = {}
local function bind(key) if key then return key else return 'x' end end
config.keys = { { key = bind('k'), mods = 'CMD', action = wezterm.action.EmitEvent('user') } }
return config -- the end
`,
  "one with Windows line ends": "local config = {}\r\nreturn config\r\n",
};

scenarios("A configuration into which `ascalon wezterm install` wrote", (it) => {
  for (const [name, text] of Object.entries(shapes)) {
    it(`attaches: ${name}`, async (world) => {
      const edit = withPlugin(text, bundlePath);
      if (edit.kind !== "changed") throw new Error(edit.kind);
      await world.begin({ config: edit.text });
      await world.press();
      expect(await world.isAttached()).toBe(true);
    });
  }

  it("attaches: one that was made", async (world) => {
    await world.begin({ config: newConfig(bundlePath) });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("finds plugin.json where the shell's XDG_STATE_HOME has put it, in a WezTerm without that variable", async (world) => {
    const dir = "/Users/ada/elsewhere/ascalon";
    const socket = `${dir}/sock/mux.sock`;
    const edit = withPlugin(shapes["the usual one"] ?? "", `${dir}/ascalon.lua`, `${dir}/plugin.json`);
    if (edit.kind !== "changed") throw new Error(edit.kind);
    const statusPath = `${dir}/status.json`;
    await world.begin({
      contract: "missing",
      status: "missing",
      config: edit.text,
      files: {
        [`${dir}/ascalon.lua`]: bundle,
        [`${dir}/plugin.json`]: JSON.stringify({ ...contract, statusPath, socketPath: socket }),
      },
    });
    await world.send("server", { path: socket, panes: 1 });
    const now = (await world.send("time")) as number;
    await world.send("file", { path: statusPath, text: JSON.stringify(wellStatus(now)) });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("still loads when ascalon was removed from the disk", async (world) => {
    const edit = withPlugin(shapes["the usual one"] ?? "", "/gone/ascalon.lua");
    if (edit.kind !== "changed") throw new Error(edit.kind);
    await world.begin({ config: edit.text });
    expect(await world.domains()).toEqual(["local"]);
  });
});
