import { expect } from "vitest";
import { bundle, bundlePath, configText, scenarios, shim, socketPath } from "./world.ts";

interface Config {
  readonly keys: readonly { readonly key: string; readonly mods?: string; readonly event?: string }[];
  readonly domains: readonly {
    readonly name: string;
    readonly socket_path?: string;
    readonly no_serve_automatically?: boolean;
  }[];
}

const userKey = (key: string, mods: string): string =>
  `config.keys = { { key = "${key}", mods = "${mods}", action = wezterm.action.EmitEvent("user") } }`;

const keysOf = async (world: { send: (op: string) => Promise<unknown> }) =>
  ((await world.send("config")) as Config).keys;
const domainsOf = async (world: { send: (op: string) => Promise<unknown> }) =>
  ((await world.send("config")) as Config).domains;

scenarios("apply_to_config", (it) => {
  it("works with the strict config builder", async (world) => {
    await world.begin();
    expect(await keysOf(world)).toEqual([{ key: "A", mods: "CMD|SHIFT", event: "ascalon.attach" }]);
  });

  it("works with a plain table", async (world) => {
    await world.begin({
      config: `local config = {}; dofile("${bundlePath}").apply_to_config(config); return config`,
    });
    expect(await keysOf(world)).toHaveLength(1);
  });

  it("returns the config", async (world) => {
    await world.begin({ config: `return dofile("${bundlePath}").apply_to_config({})` });
    expect(await keysOf(world)).toHaveLength(1);
  });

  it("adds the domain with its socket and never serves or connects by itself", async (world) => {
    await world.begin({ contract: { proxyCommand: [] } });
    expect(await domainsOf(world)).toEqual([
      { name: "unix" },
      { name: "ascalon", socket_path: socketPath, no_serve_automatically: true },
    ]);
  });

  it("adds the second domain when there is a proxy command", async (world) => {
    await world.begin();
    expect((await domainsOf(world)).map((domain) => domain.name)).toEqual([
      "unix",
      "ascalon",
      "ascalon-proxy",
    ]);
  });

  it("keeps the user's domains before its own", async (world) => {
    await world.begin({ before: 'config.unix_domains = { { name = "work", socket_path = "/tmp/w" } }' });
    expect((await domainsOf(world)).map((domain) => domain.name)).toEqual([
      "work",
      "ascalon",
      "ascalon-proxy",
    ]);
  });

  it("keeps WezTerm's default domain, which a list of one's own would lose", async (world) => {
    await world.begin();
    expect((await domainsOf(world))[0]).toEqual({ name: "unix" });
  });

  it("leaves a domain of the same name as the user wrote it, and says so", async (world) => {
    await world.begin({ before: 'config.unix_domains = { { name = "ascalon", socket_path = "/mine" } }' });
    const own = (await domainsOf(world)).filter((domain) => domain.name === "ascalon");
    expect(own).toEqual([{ name: "ascalon", socket_path: "/mine" }]);
    expect((await world.logged("warn")).join()).toContain("already has ascalon");
  });

  for (const list of ["ssh_domains", "exec_domains", "wsl_domains", "tls_clients"]) {
    it(`leaves a name to the ${list} that has it: twice would make the configuration invalid`, async (world) => {
      await world.begin({ before: `config.${list} = { { name = "ascalon" } }` });
      expect((await domainsOf(world)).map((domain) => domain.name)).toEqual(["unix", "ascalon-proxy"]);
      expect((await world.logged("warn")).join()).toContain(`${list} already has ascalon`);
    });
  }

  it("adds no domain in a mux server, which would bind and unlink the VM's socket", async (world) => {
    await world.begin();
    const elsewhere = await world.send("evaluateElsewhere", { config: configText(), gui: false });
    expect(elsewhere).toEqual({ domains: [], keys: 0 });
  });

  it("can be called twice", async (world) => {
    await world.begin({ after: "ascalon.apply_to_config(config)" });
    expect(await keysOf(world)).toHaveLength(1);
    expect(await domainsOf(world)).toHaveLength(3);
    await world.press();
    expect((await world.state()).attaches).toBe(1);
    expect((await world.logged("warn")).join()).toBe("");
  });

  it("can be loaded twice, as plugin and as file", async (world) => {
    await world.begin({ after: `dofile("${bundlePath}").apply_to_config(config)` });
    await world.press();
    await world.press();
    expect(await world.domains()).toEqual(["local", "ascalon"]);
    expect(
      (await world.state()).announced.filter((event) => event.name === "ascalon.attach.finished"),
    ).toHaveLength(1);
  });

  it("does not raise when the config refuses what it adds", async (world) => {
    const refusing = "setmetatable({}, { __newindex = function() error('no') end })";
    await world.begin({ config: `dofile("${bundlePath}").apply_to_config(${refusing}); return {}` });
    const errors = await world.logged("error");
    expect(errors.join()).toContain("ascalon: keys: ");
    await world.send("clear");
  });

  it("does not raise when the options are no table", async (world) => {
    await world.begin({ opts: "42" });
    expect((await world.logged("warn")).join()).toContain("the options must be a table");
    expect(await keysOf(world)).toHaveLength(1);
  });

  it("names the nearest option for one it does not know", async (world) => {
    await world.begin({ opts: "{ palete = true }" });
    expect((await world.logged("warn")).join()).toContain("unknown option palete; did you mean palette?");
  });

  it("names the nearest for a transposed one", async (world) => {
    await world.begin({ opts: "{ messages = { ntoify = false } }" });
    expect((await world.logged("warn")).join()).toContain("did you mean messages.notify?");
  });

  it("names none for one that is nothing like any", async (world) => {
    await world.begin({ opts: "{ banana = 1 }" });
    const text = (await world.logged("warn")).join();
    expect(text).toContain("unknown option banana");
    expect(text).not.toContain("did you mean");
  });

  it("says when a value is of another kind, and takes the default", async (world) => {
    await world.begin({ opts: '{ reattach = "yes", attach = 7 }' });
    const text = (await world.logged("warn")).join();
    expect(text).toContain("reattach is true or false");
    expect(text).toContain('attach is "key" or "startup"');
  });

  it("says so of every option, and takes the default", async (world) => {
    await world.begin({ opts: '{ keys = "CMD|SHIFT+B", messages = "off", cli = 5, plugin_json = 7 }' });
    const text = (await world.logged("warn")).join();
    expect(text).toContain("keys is false or a table");
    expect(text).toContain("messages is false or a table");
    expect(text).toContain("cli is a path or a list of words");
    expect(text).toContain("plugin_json is a path");
    expect(await keysOf(world)).toEqual([{ key: "A", mods: "CMD|SHIFT", event: "ascalon.attach" }]);
  });

  it("works without plugin.json: the domain is there from the first start", async (world) => {
    await world.begin({ contract: "missing" });
    expect((await domainsOf(world))[1]?.socket_path).toBe(socketPath);
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("works with a damaged plugin.json and says so", async (world) => {
    await world.begin({ contract: "{" });
    expect((await world.logged("warn")).join()).toContain("is damaged");
    expect(await keysOf(world)).toHaveLength(1);
  });

  it("says in one sentence when the CLI is newer, and goes on", async (world) => {
    await world.begin({ contract: { contract: 2, ascalon: "9.0.0" }, opts: "{ status = true }" });
    expect((await world.logged("warn"))[0]).toContain(
      "ascalon 9.0.0 contract 2: run ascalon wezterm install",
    );
    await world.press();
    expect(await world.isAttached()).toBe(true);
    await world.live(1);
    expect((await world.state()).windows[0]?.rightStatus).toContain("versions differ");
  });

  it("says in one sentence when the CLI is older, and goes on", async (world) => {
    await world.begin({ contract: { contract: 0 } });
    expect((await world.logged("warn"))[0]).toContain("upgrade ascalon");
  });

  it("watches plugin.json, so that settings are live", async (world) => {
    await world.begin();
    await world.send("file", {
      path: "/Users/ada/.local/state/ascalon/wezterm/plugin.json",
      text: '{"contract":1,"key":"CMD|ALT+V"}',
    });
    expect((await keysOf(world))[0]).toMatchObject({ key: "V", mods: "CMD|ALT" });
  });
});

scenarios("Keys", (it) => {
  it("go before the user's, so that a later binding of the user wins", async (world) => {
    await world.begin({ before: userKey("x", "CMD") });
    expect((await keysOf(world)).map((key) => key.event)).toEqual(["ascalon.attach", "user"]);
  });

  for (const [key, mods] of [
    ["A", "CMD|SHIFT"],
    ["a", "CMD|SHIFT"],
    ["A", "CMD"],
    ["a", "SHIFT|SUPER"],
    ["A", "WIN | SHIFT"],
    ["phys:A", "CMD|SHIFT"],
    ["mapped:A", "CMD"],
  ]) {
    it(`leave ${mods}+${key} to the user who has bound it`, async (world) => {
      await world.begin({ before: userKey(key ?? "", mods ?? "") });
      expect((await keysOf(world)).map((binding) => binding.event)).toEqual(["user"]);
      expect((await world.logged("warn")).join()).toContain("is bound already; left as it is");
    });
  }

  it("do not take a chord for another: CMD+a is free", async (world) => {
    await world.begin({ before: userKey("a", "CMD") });
    expect(await keysOf(world)).toHaveLength(2);
  });

  it("are none when the options say false", async (world) => {
    await world.begin({ opts: "{ keys = false }" });
    expect(await keysOf(world)).toEqual([]);
  });

  it("can be others by action, as text and as table", async (world) => {
    await world.begin({
      opts: '{ keys = { attach = "CTRL|ALT+v", new_tab = { key = "t", mods = "CTRL|ALT" }, menu = "CTRL|ALT+m" } }',
    });
    expect((await keysOf(world)).map((key) => key.event)).toEqual([
      "ascalon.attach",
      "ascalon.new-tab",
      "ascalon.menu",
    ]);
  });

  it("can be without the attach key alone", async (world) => {
    await world.begin({ opts: '{ keys = { attach = false, detach = "CTRL|ALT+d" } }' });
    expect((await keysOf(world)).map((key) => key.event)).toEqual(["ascalon.detach"]);
  });

  it("name a wrong action and keep the rest", async (world) => {
    await world.begin({ opts: '{ keys = { atach = "CMD+x" } }' });
    expect((await world.logged("warn")).join()).toContain("did you mean keys.attach?");
    expect(await keysOf(world)).toHaveLength(1);
  });

  it("say what a chord looks like when one is wrong, and keep the default", async (world) => {
    await world.begin({ opts: '{ keys = { attach = "CMD-A" } }' });
    expect((await world.logged("warn")).join()).toContain("CMD|SHIFT+A");
    expect((await keysOf(world))[0]).toMatchObject({ key: "A", mods: "CMD|SHIFT" });
  });

  for (const builder of ["wezterm.config_builder()", "{}"]) {
    it(`leave out one that WezTerm does not know, which would cost the rest, with config = ${builder}`, async (world) => {
      const opts = '{ keys = { attach = "CTRL|SHIFT+Spacebar", menu = "cmd+m", docs = "CMD+F5" } }';
      await world.begin({ config: configText(opts).replace("wezterm.config_builder()", builder) });
      expect((await keysOf(world)).map((key) => key.event)).toEqual(["ascalon.docs"]);
      const warnings = (await world.logged("warn")).join();
      expect(warnings).toContain("invalid KeyCode string Spacebar");
      expect(warnings).toContain("invalid modifier name cmd");
      expect(warnings).not.toContain("traceback");
    });
  }

  it("come from ascalon.yaml through plugin.json", async (world) => {
    await world.begin({ contract: { key: "CTRL|SHIFT+F5" } });
    expect((await keysOf(world))[0]).toMatchObject({ key: "F5", mods: "CTRL|SHIFT" });
  });

  it("are offered for merging by hand, after an apply that adds none", async (world) => {
    await world.begin({ opts: "{ keys = false }", after: "config.keys = ascalon.keys()" });
    expect(await keysOf(world)).toEqual([{ key: "A", mods: "CMD|SHIFT", event: "ascalon.attach" }]);
  });

  it("are offered as ascalon.yaml has them before an apply too", async (world) => {
    await world.begin({
      contract: { key: "CTRL|ALT+v" },
      config: `return { keys = dofile("${bundlePath}").keys() }`,
    });
    expect(await keysOf(world)).toEqual([{ key: "v", mods: "CTRL|ALT", event: "ascalon.attach" }]);
  });

  it("are offered as actions", async (world) => {
    await world.begin();
    const code = `return dofile("${bundlePath}").action.new_local_tab.EmitEvent`;
    expect(await world.send("lua", { code })).toBe("ascalon.new-local-tab");
  });
});

scenarios("Three ways in", (it) => {
  const url = "https://example.org/ascalon";
  const plugin =
    "/Users/ada/Library/Application Support/wezterm/plugins/httpssCssZssZsexamplesDsorgsZsascalon";

  it("wezterm.plugin.require loads the shim and the bundle beside it", async (world) => {
    await world.begin({
      config: `local wezterm = require("wezterm"); local config = wezterm.config_builder()
        wezterm.plugin.require("${url}").apply_to_config(config); return config`,
      files: { [`${plugin}/plugin/init.lua`]: shim, [`${plugin}/lua-out/ascalon.lua`]: bundle },
    });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("require finds it on package.path", async (world) => {
    await world.begin({
      config: 'local config = {}; require("ascalon").apply_to_config(config); return config',
      files: { "/Users/ada/.config/wezterm/ascalon.lua": bundle },
    });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("dofile loads it by its path", async (world) => {
    await world.begin({
      config: `local config = {}; dofile("${bundlePath}").apply_to_config(config); return config`,
    });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("the shim says how to load it when it was loaded otherwise", async (world) => {
    await world.begin({
      config: `ok, problem = nil, nil; return {}`.replace("ok, problem = nil, nil; ", ""),
      files: { "/x/plugin/init.lua": shim },
    });
    const code = 'local ok, problem = pcall(dofile, "/x/plugin/init.lua") return tostring(problem)';
    expect(await world.send("lua", { code })).toContain("wezterm.plugin.require");
  });

  it("does no work at load: no handler, no file, no child process", async (world) => {
    await world.begin({ config: `dofile("${bundlePath}"); return {}` });
    const state = await world.state();
    expect(state.reads).toEqual([]);
    expect(state.children).toEqual([]);
    expect(await world.send("palette")).toEqual([]);
  });

  it("knows its version", async (world) => {
    await world.begin();
    const code = `return dofile("${bundlePath}").version`;
    expect(await world.send("lua", { code })).toMatch(/^\d+\.\d+\.\d+/);
  });
});
