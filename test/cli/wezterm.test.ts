import { describe, expect, test } from "vitest";
import { configCommand } from "../../src/cli/commands/config.ts";
import {
  runWeztermInstall,
  runWeztermPrint,
  runWeztermUninstall,
} from "../../src/cli/commands/wezterm-run.ts";
import { loadSettings } from "../../src/cli/settings/load.ts";
import { isPluginFileUseless, writePluginFiles } from "../../src/cli/wezterm/plugin-files.ts";
import { type PathMount, toGuestPath, toHostPath } from "../../src/shared/path-mapping.ts";
import { type FakeContext, type FakeOptions, fakeContext } from "../support/fake-context.ts";
import { runCommand } from "../support/run-command.ts";

const config = "local wezterm = require('wezterm')\nlocal config = {}\nreturn config\n";
const standard = "/home/mia/.config/wezterm/wezterm.lua";
const pluginJson = "/home/mia/.local/state/ascalon/wezterm/plugin.json";

const withFile = (path: string, text = config, options: FakeOptions = {}) =>
  fakeContext({ ...options, files: { [path]: text } });

/** The files, and the names of what is written to them, in its order. */
function noting(files: FakeContext["files"]) {
  const order: string[] = [];
  const writeAtomic = async (path: string, text: string, mode?: number): Promise<void> => {
    order.push(path.slice(path.lastIndexOf("/") + 1));
    await files.writeAtomic(path, text, mode);
  };
  return { files: { ...files, writeAtomic }, order };
}

describe("ascalon wezterm install", () => {
  test.each([
    ["the usual place", standard, {}],
    ["the home folder", "/home/mia/.wezterm.lua", {}],
    ["XDG_CONFIG_HOME", "/x/wezterm/wezterm.lua", { env: { XDG_CONFIG_HOME: "/x" } }],
    ["WEZTERM_CONFIG_FILE", "/etc/mine.lua", { env: { WEZTERM_CONFIG_FILE: "/etc/mine.lua" } }],
  ])("finds the file in %s", async (_where, path, options) => {
    const context = withFile(path, config, options);
    expect(await runWeztermInstall(context, {}, [])).toBe(0);
    expect(context.files.text(path)).toContain("ascalon.apply_to_config(config)");
  });

  test("finds on a Mac the file that a WezTerm from the Dock loads, which has no XDG_CONFIG_HOME", async () => {
    const home = "/Users/mia";
    const path = `${home}/.config/wezterm/wezterm.lua`;
    const env = { HOME: home, XDG_CONFIG_HOME: `${home}/dotfiles` };
    const context = withFile(path, config, { env, host: { platform: "darwin", home } });
    await runWeztermInstall(context, {}, []);
    expect(context.files.text(path)).toContain("ascalon.apply_to_config(config)");
  });

  test("makes on a Mac the file that a WezTerm from the Dock loads", async () => {
    const home = "/Users/mia";
    const env = { HOME: home, XDG_CONFIG_HOME: `${home}/dotfiles` };
    const context = fakeContext({ env, host: { platform: "darwin", home } });
    await runWeztermInstall(context, {}, []);
    expect(context.files.text(`${home}/.config/wezterm/wezterm.lua`)).toContain("ascalon.apply_to_config");
    expect(context.files.text(`${home}/dotfiles/wezterm/wezterm.lua`)).toBeUndefined();
  });

  describe("on a Mac with a file in each of two places", () => {
    const home = "/Users/mia";
    const xdg = `${home}/dotfiles/wezterm/wezterm.lua`;
    const usual = `${home}/.config/wezterm/wezterm.lua`;
    const arrange = (paths: readonly string[], more: FakeOptions = {}) => {
      const env = { HOME: home, XDG_CONFIG_HOME: `${home}/dotfiles`, ...more.env };
      const context = fakeContext({ ...more, env, host: { platform: "darwin", home } });
      for (const path of paths) context.files.put(path, config);
      return context;
    };
    /** What `launchctl setenv` made of it. */
    const launchd = (value: string) => ({
      programs: ({ file, args }: { file: string; args: readonly string[] }) =>
        file === "launchctl" && args.join(" ") === "getenv XDG_CONFIG_HOME"
          ? { stdout: `${value}\n` }
          : undefined,
    });

    test.each([
      ["no variable: as a WezTerm from the Dock has none", {}, usual],
      ["launchctl setenv, which the Dock's programs have", launchd(`${home}/dotfiles`), xdg],
      ["launchctl setenv of nothing", launchd(""), usual],
      [
        "a pane of a WezTerm that a shell started: the file that it loaded",
        { env: { WEZTERM_CONFIG_FILE: xdg } },
        xdg,
      ],
    ])("%s", async (_name, more, edited) => {
      const context = arrange([xdg, usual], more);
      expect(await runWeztermInstall(context, {}, [])).toBe(0);
      const other = edited === xdg ? usual : xdg;
      expect(context.files.text(edited)).toContain("ascalon.apply_to_config(config)");
      expect(context.files.text(other)).toBe(config);
      expect(context.err()).not.toContain("Dock");
    });

    test("and only the shell's there: told that a WezTerm from the Dock does not find it, with what helps", async () => {
      const context = arrange([xdg]);
      expect(await runWeztermInstall(context, {}, [])).toBe(0);
      expect(context.files.text(xdg)).toContain("ascalon.apply_to_config(config)");
      expect(context.err()).toContain(
        `will not find this file\n  run: mkdir -p ${home}/.config/wezterm && ln -s ${xdg} ${usual}\n`,
      );
    });
  });

  test("takes the file that WezTerm takes when there are two", async () => {
    const context = withFile("/home/mia/.wezterm.lua");
    context.files.put(standard, config);
    await runWeztermInstall(context, {}, []);
    expect(context.files.text(standard)).toBe(config);
  });

  test("leaves a file alone that its owner made read-only", async () => {
    const context = fakeContext();
    context.files.put(standard, config, { mode: 0o444 });
    expect(await runWeztermInstall(context, {}, [])).toBe(1);
    expect(context.err()).toContain("its owner made it read-only (mode 0444)\n  Add these two lines by hand");
    expect(context.files.text(standard)).toBe(config);
  });

  test("makes a file when there is none", async () => {
    const context = fakeContext();
    await runWeztermInstall(context, {}, []);
    expect(context.files.text(standard)).toContain("wezterm.config_builder()");
    expect(context.err()).toContain("Quit WezTerm, start it again, and press CMD+SHIFT+A");
  });

  test("says the key that the settings have", async () => {
    const context = fakeContext();
    context.files.put("/home/mia/.config/ascalon/ascalon.yaml", "wezterm:\n  key: CTRL|SHIFT+B\n");
    await runWeztermInstall(context, {}, []);
    expect(context.err()).toContain("and press CTRL+SHIFT+B");
  });

  test("writes through a symlink and leaves the link", async () => {
    const context = withFile("/home/mia/dotfiles/wezterm.lua");
    context.files.put(standard, "../../dotfiles/wezterm.lua", { kind: "symlink" });
    await runWeztermInstall(context, {}, []);
    expect(context.files.text("/home/mia/dotfiles/wezterm.lua")).toContain("ascalon");
    expect((await context.files.info(standard))?.kind).toBe("symlink");
  });

  test("leaves a symlink that leads to no file yet as well, and makes that file", async () => {
    const context = fakeContext();
    context.files.put(standard, "../../dotfiles/wezterm.lua", { kind: "symlink" });
    expect(await runWeztermInstall(context, {}, [])).toBe(0);
    expect(context.files.text("/home/mia/dotfiles/wezterm.lua")).toContain("ascalon");
    expect((await context.files.info(standard))?.kind).toBe("symlink");
    expect(await runWeztermUninstall(context, {}, [])).toBe(0);
    expect(context.files.text("/home/mia/dotfiles/wezterm.lua")).toBeUndefined();
    expect((await context.files.info(standard))?.kind).toBe("symlink");
  });

  test("keeps the file's mode", async () => {
    const context = fakeContext();
    context.files.put(standard, config, { mode: 0o640 });
    await runWeztermInstall(context, {}, []);
    expect((await context.files.info(standard))?.mode).toBe(0o640);
  });

  test("says that nothing is to do the second time", async () => {
    const context = withFile(standard);
    await runWeztermInstall(context, {}, []);
    await runWeztermInstall(context, {}, []);
    expect(context.err()).toContain("nothing to do");
  });

  test("leaves a file of another shape alone and shows the two lines", async () => {
    const context = withFile(standard, "return { font_size = 12 }\n");
    expect(await runWeztermInstall(context, {}, [])).toBe(1);
    expect(context.files.text(standard)).toBe("return { font_size = 12 }\n");
    expect(context.err()).toContain("it does not end in a line `return NAME`");
    expect(context.err()).toMatch(
      /Write `local config = …` where it now says `return …`.*\n\n {4}local ascalon_ok.*\n.*apply_to_config\(config\) end\n {4}return config\n/,
    );
    expect(context.err()).toContain("pcall(dofile,");
  });

  test("shows the two lines when the file cannot be written, as in a store of Nix", async () => {
    const context = withFile(standard);
    const { writeAtomic } = context.files;
    const refusing = {
      ...context,
      files: {
        ...context.files,
        writeAtomic: async (path: string, text: string, mode?: number) => {
          if (path === standard) throw Object.assign(new Error("EROFS"), { code: "EROFS" });
          await writeAtomic(path, text, mode);
        },
      },
    };
    expect(await runWeztermInstall(refusing, {}, [])).toBe(1);
    expect(context.err()).toContain("cannot be written (EROFS)");
  });

  test("names plugin.json when a variable of the shell has put it elsewhere: WezTerm from the Dock has none", async () => {
    const context = withFile(standard, config, { env: { XDG_STATE_HOME: "/x/state" } });
    await runWeztermInstall(context, {}, []);
    expect(context.files.text(standard)).toContain(
      'ascalon.apply_to_config(config, { plugin_json = "/x/state/ascalon/wezterm/plugin.json" })',
    );
    await runWeztermPrint(context, {}, []);
    expect(context.out()).toContain('{ plugin_json = "/x/state/ascalon/wezterm/plugin.json" }');
  });

  test("writes plugin.json, 0600", async () => {
    const context = withFile(standard);
    await runWeztermInstall(context, {}, []);
    expect(JSON.parse(context.files.text(pluginJson) ?? "")).toMatchObject({
      contract: 1,
      key: "CMD|SHIFT+A",
    });
    expect((await context.files.info(pluginJson))?.mode).toBe(0o600);
  });

  test("tells a program what it did", async () => {
    const context = withFile(standard);
    await runWeztermInstall(context, { json: true }, []);
    expect(JSON.parse(context.out())).toEqual({
      schema: 1,
      file: standard,
      target: standard,
      result: "installed",
    });
  });
});

describe("ascalon wezterm uninstall", () => {
  test("leaves the file as it was", async () => {
    const context = withFile(standard);
    await runWeztermInstall(context, {}, []);
    await runWeztermUninstall(context, {}, []);
    expect(context.files.text(standard)).toBe(config);
  });

  test("removes a file that ascalon made", async () => {
    const context = fakeContext();
    await runWeztermInstall(context, {}, []);
    await runWeztermUninstall(context, {}, []);
    expect(context.files.text(standard)).toBeUndefined();
  });

  test.each([
    ["that has them among others", config],
    ["that ascalon made", undefined],
  ])("leaves a file %s alone that its owner made read-only", async (_, text) => {
    const context = text === undefined ? fakeContext() : withFile(standard, text);
    await runWeztermInstall(context, {}, []);
    const before = context.files.text(standard) ?? "";
    context.files.put(standard, before, { mode: 0o444 });
    const said = context.err().length;
    expect(await runWeztermUninstall(context, {}, [])).toBe(1);
    expect(context.err().slice(said)).toBe(
      `ascalon: ${standard} was left as it was: its owner made it read-only (mode 0444)\n  Remove by hand what is between \`-- ascalon: begin\` and \`-- ascalon: end\`.\n`,
    );
    expect(context.files.text(standard)).toBe(before);
  });

  test("leaves a file alone of which it does not know where its lines end", async () => {
    const context = withFile(standard);
    await runWeztermInstall(context, {}, []);
    const cut = (context.files.text(standard) ?? "").replace("-- ascalon: end\n", "");
    context.files.put(standard, cut);
    expect(await runWeztermUninstall(context, {}, [])).toBe(1);
    expect(context.err()).toContain("one of ascalon's two marks is missing\n  Remove by hand");
    expect(context.files.text(standard)).toBe(cut);
  });

  test("keeps such a file when the person has written into it", async () => {
    const context = fakeContext();
    await runWeztermInstall(context, {}, []);
    context.files.put(standard, `${context.files.text(standard)}-- mine\n`);
    await runWeztermUninstall(context, {}, []);
    expect(context.files.text(standard)).toBe("-- mine\n");
  });

  test("does nothing without a file", async () => {
    const context = fakeContext();
    expect(await runWeztermUninstall(context, {}, [])).toBe(0);
    expect(context.err()).toContain("nothing to do");
  });
});

describe("ascalon wezterm print", () => {
  test("prints the two lines to stdout and touches no configuration", async () => {
    const context = withFile(standard);
    await runWeztermPrint(context, {}, []);
    expect(context.out().trim().split("\n")).toHaveLength(2);
    expect(context.files.text(standard)).toBe(config);
  });
});

describe("The plugin's files", () => {
  const program = { node: "/usr/bin/node", script: "/opt/ascalon/dist/ascalon.mjs" };
  const world = async () => {
    const context = fakeContext({
      files: { [program.script]: "", "/opt/ascalon/lua-out/ascalon.lua": "-- bundle 1" },
    });
    return { context, settings: (await loadSettings(context)).settings };
  };

  test("are the contract and a copy of the bundle at a place that upgrades do not change", async () => {
    const { context, settings } = await world();
    expect(await writePluginFiles(context, settings, [], program)).toBe(true);
    expect(context.files.text("/home/mia/.local/state/ascalon/wezterm/ascalon.lua")).toBe("-- bundle 1");
  });

  test("are not written again when they are equal: WezTerm would reload", async () => {
    const { context, settings } = await world();
    await writePluginFiles(context, settings, [], program);
    expect(await writePluginFiles(context, settings, [], program)).toBe(false);
  });

  test("come with plugin.json last, which WezTerm watches: what it reads then is all new", async () => {
    const { context, settings } = await world();
    const { files, order } = noting(context.files);
    await writePluginFiles({ ...context, files }, settings, [], program);
    expect(order).toEqual(["ascalon.lua", "plugin.json"]);
  });

  test("name Homebrew's Node by the link that its next upgrade turns", async () => {
    const { context, settings } = await world();
    const node = "/opt/homebrew/Cellar/node@22/22.1.0/bin/node";
    context.files.put(node, "", { mode: 0o755 });
    context.files.put("/opt/homebrew/opt/node@22", "../Cellar/node@22/22.1.0", { kind: "symlink" });
    context.files.put(program.script, "", { mode: 0o644 });
    await writePluginFiles(context, settings, [], { ...program, node });
    const { cli } = JSON.parse(context.files.text(pluginJson) ?? "");
    expect(cli.slice(-2)).toEqual(["/opt/homebrew/opt/node@22/bin/node", program.script]);
  });

  test("name fnm's folder by one that does not end with the shell", async () => {
    const { context, settings } = await world();
    const shell = "/Users/mia/Library/Caches/fnm_multishells/123_456";
    context.files.put(shell, "/Users/mia/fnm/v24", { kind: "symlink" });
    context.files.put("/Users/mia/fnm/v24/bin/node", "");
    const env = { ...context.env, PATH: `${shell}/bin:/usr/bin` };
    await writePluginFiles({ ...context, env }, settings, [], program);
    expect(JSON.parse(context.files.text(pluginJson) ?? "").cli[1]).toBe(
      "PATH=/Users/mia/fnm/v24/bin:/usr/bin",
    );
  });

  test("know a mount by its real path as well, in which a pane may be", async () => {
    const { context } = await world();
    context.files.put(
      "/home/mia/.config/ascalon/ascalon.yaml",
      "mounts: [{host: ~/code}, {host: ~/other}]\n",
    );
    context.files.put("/data/code/a", "");
    context.files.put("/home/mia/code", "/data/code", { kind: "symlink" });
    await writePluginFiles(context, (await loadSettings(context)).settings, [], program);
    const { mounts } = JSON.parse(context.files.text(pluginJson) ?? "") as { mounts: readonly PathMount[] };
    expect(toGuestPath("/data/code/a", mounts)).toBe("/home/mia/code/a");
    expect(toGuestPath("/home/mia/code/a", mounts)).toBe("/home/mia/code/a");
    expect(toGuestPath("/home/mia/other", mounts)).toBe("/home/mia/other");
    // Back by the name that the settings have.
    for (const path of ["/home/mia/code/a", "/home/dev/code/a"])
      expect(toHostPath(path, mounts)).toBe("/home/mia/code/a");
  });

  test("follow an upgrade", async () => {
    const { context, settings } = await world();
    await writePluginFiles(context, settings, [], program);
    context.files.put("/opt/ascalon/lua-out/ascalon.lua", "-- bundle 2");
    const { files, order } = noting(context.files);
    expect(await writePluginFiles({ ...context, files }, settings, [], program)).toBe(true);
    expect(context.files.text("/home/mia/.local/state/ascalon/wezterm/ascalon.lua")).toBe("-- bundle 2");
    // A WezTerm that runs watches plugin.json alone.
    expect(order).toEqual(["ascalon.lua", "plugin.json"]);
  });
});

describe("plugin.json between two ups", () => {
  const program = { node: "/usr/bin/node", script: "/opt/ascalon.mjs" };
  const settingsFile = "/home/mia/.config/ascalon/ascalon.yaml";
  const written = async (settings = "") => {
    const context = fakeContext({ files: { "/opt/ascalon.mjs": "", "/usr/bin/node": "" } });
    if (settings !== "") context.files.put(settingsFile, settings);
    await writePluginFiles(context, (await loadSettings(context)).settings, [], program);
    return context;
  };
  const read = (context: FakeContext) => JSON.parse(context.files.text(pluginJson) ?? "");

  test("config set binds another key at once, and changes nothing else of it", async () => {
    const context = await written();
    const before = read(context);
    await runCommand(["config", "set", "wezterm.key", "CTRL|SHIFT+A"], context, [configCommand]);
    await runCommand(["config", "set", "wezterm.attach", "startup"], context, [configCommand]);
    expect(read(context)).toEqual({ ...before, key: "CTRL|SHIFT+A", attach: "startup" });
  });

  test("a change of something else does not make WezTerm reload", async () => {
    const context = await written();
    const before = await context.files.info(pluginJson);
    context.clock.advance(60_000);
    await runCommand(["config", "set", "vm.cpus", "2"], context, [configCommand]);
    expect(await context.files.info(pluginJson)).toEqual(before);
  });

  test("without one nothing is written, and a damaged one is left to up", async () => {
    const context = fakeContext({ files: { [pluginJson]: "{" } });
    await runCommand(["config", "set", "wezterm.key", "CTRL|SHIFT+A"], context, [configCommand]);
    expect(context.files.text(pluginJson)).toBe("{");
    await context.files.remove(pluginJson);
    await runCommand(["config", "set", "wezterm.key", "ALT+A"], context, [configCommand]);
    expect(context.files.text(pluginJson)).toBeUndefined();
  });

  test("is of no use when it is missing, damaged, or names a program that is gone", async () => {
    const context = await written();
    expect(await isPluginFileUseless(context)).toBe(false);
    await context.files.remove("/opt/ascalon.mjs");
    expect(await isPluginFileUseless(context)).toBe(true);
    for (const text of ["{", "[]", '{"cli":[]}', '{"cli":7}']) {
      context.files.put(pluginJson, text);
      expect(await isPluginFileUseless(context)).toBe(true);
    }
    await context.files.remove(pluginJson);
    expect(await isPluginFileUseless(context)).toBe(true);
  });
});
