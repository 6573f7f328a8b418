import { expect } from "vitest";
import { bundlePath, configText, scenarios } from "./world.ts";

const own = ["ascalon: attach the VM", "ascalon: doctor", "ascalon: stop the VM"];

scenarios("The command palette", (it) => {
  it("has the attach key's event even when nothing is opted in", async (world) => {
    await world.begin();
    expect(await world.send("palette")).toEqual(["Emit event `ascalon.attach`"]);
  });

  it("has every entry when the option is on", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    expect(await world.send("palette")).toEqual(expect.arrayContaining(own));
  });

  it("calls nothing that yields in its sync handler", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("palette");
    expect((await world.state()).violations).toEqual([]);
  });

  it("has every entry when only the second apply has the option on, each once", async (world) => {
    await world.begin({ after: "ascalon.apply_to_config(config, { palette = true })" });
    expect(await world.send("palette")).toEqual(expect.arrayContaining(own));
  });

  it("has each entry once when two copies of the plugin have it on", async (world) => {
    await world.begin({
      opts: "{ palette = true }",
      after: `dofile("${bundlePath}").apply_to_config(config, { palette = true })`,
    });
    const shown = (await world.send("palette")) as string[];
    expect(shown.filter((brief) => brief === "ascalon: doctor")).toHaveLength(1);
  });

  it("runs the handlers of others that come later", async (world) => {
    await world.begin({
      opts: "{ palette = true }",
      after:
        'wezterm.on("augment-command-palette", function() return { { brief = "theirs", action = wezterm.action.EmitEvent("x") } } end)',
    });
    expect(await world.send("palette")).toEqual(expect.arrayContaining(["theirs", ...own]));
  });

  it("survives a handler of others that raises", async (world) => {
    await world.begin({
      opts: "{ palette = true }",
      after: 'wezterm.on("augment-command-palette", function() error("theirs") end)',
    });
    expect(await world.send("palette")).toEqual(expect.arrayContaining(own));
    expect((await world.logged("error")).join()).toContain("theirs");
    await world.send("clear");
  });

  it("survives a handler of others that returns nothing", async (world) => {
    await world.begin({
      opts: "{ palette = true }",
      after: 'wezterm.on("augment-command-palette", function() end)',
    });
    expect(await world.send("palette")).toEqual(expect.arrayContaining(own));
  });

  it("can be chained early, before another plugin registers", async (world) => {
    await world.begin({
      before: `dofile("${bundlePath}").chain_palette()
        wezterm.on("augment-command-palette", function() return { { brief = "theirs", action = wezterm.action.EmitEvent("x") } } end)`,
    });
    expect(await world.send("palette")).toContain("theirs");
  });

  it("has each entry once when it is chained early and opted in too", async (world) => {
    await world.begin({
      config: `
        local wezterm = require("wezterm")
        local config = wezterm.config_builder()
        local ascalon = dofile("${bundlePath}")
        ascalon.chain_palette()
        wezterm.on("augment-command-palette", function() return { { brief = "theirs", action = wezterm.action.EmitEvent("x") } } end)
        ascalon.apply_to_config(config, { palette = true })
        return config`,
    });
    const briefs = (await world.send("palette")) as string[];
    expect(briefs).toContain("theirs");
    for (const brief of own) expect(briefs.filter((one) => one === brief)).toHaveLength(1);
  });

  it("leaves the handlers of other events to WezTerm", async (world) => {
    await world.begin({
      opts: "{ palette = true }",
      after: 'wezterm.on("user", function(window) window:set_right_status("ran") end)',
    });
    await world.emit("user");
    expect((await world.state()).windows[0]?.rightStatus).toBe("ran");
  });

  it("gives its entries to a handler of the user's own", async (world) => {
    await world.begin({
      after: 'wezterm.on("augment-command-palette", function() return ascalon.palette_entries() end)',
    });
    expect(await world.send("palette")).toEqual(expect.arrayContaining(own));
  });

  it("has no entries of the CLI when plugin.json is missing", async (world) => {
    await world.begin({ contract: "missing", opts: "{ palette = true }" });
    expect(await world.send("palette")).not.toContain("ascalon: doctor");
  });

  it("has those of its own build when plugin.json is missing and the configuration names ascalon", async (world) => {
    await world.begin({ contract: "missing", opts: '{ palette = true, cli = "/opt/ascalon" }' });
    expect(await world.send("palette")).toEqual(
      expect.arrayContaining(["ascalon: Start the VM", "ascalon: Show the agent's log"]),
    );
    await world.send("runPalette", { brief: "ascalon: Show the agent's log" });
    await world.wait(1);
    expect((await world.tabs())[1]?.args?.slice(-3)).toEqual(["/opt/ascalon", "agent", "logs"]);
  });

  it("attaches from its entry", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("runPalette", { brief: "ascalon: attach the VM" });
    await world.wait(1);
    expect(await world.isAttached()).toBe(true);
  });

  it("runs a command in a local tab that stays until Enter", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("runPalette", { brief: "ascalon: doctor" });
    await world.wait(1);
    const args = (await world.tabs())[1]?.args ?? [];
    expect(args.slice(-1)).toEqual(["doctor"]);
    expect(args[2]).toContain("read -r _");
  });

  it("runs a silent command in the background and says its last line", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("child", { match: " stop", stdout: "one\nThe VM is stopped.\n" });
    await world.send("runPalette", { brief: "ascalon: stop the VM" });
    await world.wait(1);
    expect(await world.domains()).toEqual(["local"]);
    expect((await world.state()).toasts.at(-1)).toBe("ascalon: ascalon stop: The VM is stopped.");
  });

  it("says done when a silent command says nothing", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("runPalette", { brief: "ascalon: stop the VM" });
    await world.wait(1);
    expect((await world.state()).toasts.at(-1)).toBe("ascalon: ascalon stop: done");
  });

  it("runs a silent command again when the first never ended", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("child", { match: " stop", never: true });
    for (const _ of ["first", "second"]) {
      await world.send("runPalette", { brief: "ascalon: stop the VM" });
      await world.wait(1);
    }
    expect((await world.state()).children).toHaveLength(2);
  });

  it("shows why a silent command failed", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("child", { match: " stop", exit: 9, stderr: "Another ascalon is working\n(pid 12)\n" });
    await world.send("runPalette", { brief: "ascalon: stop the VM" });
    await world.wait(1);
    const shown = await world.explanation();
    expect(shown?.description).toBe("ascalon stop failed.");
    expect(shown?.labels).toEqual(expect.arrayContaining(["Another ascalon is working", "(pid 12)"]));
  });

  it("shows a long line of it whole, whatever its characters", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    const line = `/Users/zoë/${"Straße ".repeat(40)}`;
    await world.send("child", { match: " stop", exit: 9, stderr: `${line}\n` });
    await world.send("runPalette", { brief: "ascalon: stop the VM" });
    await world.wait(1);
    expect((await world.explanation())?.labels.join(" ")).toContain(line.trim());
  });

  it("shows why when the program is missing", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    await world.send("child", { match: " stop", missing: true });
    await world.send("runPalette", { brief: "ascalon: stop the VM" });
    await world.wait(1);
    const labels = (await world.explanation())?.labels.join();
    expect(labels).toContain("No such file or directory");
    expect(labels).not.toContain("traceback");
  });

  it("opens the documents in the browser", async (world) => {
    await world.begin();
    await world.emit("ascalon.docs");
    expect((await world.state()).opened).toEqual(["https://example.org/ascalon"]);
  });

  it("is not the only way: the menu shows the same as a selector", async (world) => {
    await world.begin();
    await world.emit("ascalon.menu");
    const labels = (await world.explanation())?.labels ?? [];
    expect(labels).toContain("attach the VM");
    expect(labels).toContain("doctor");
  });

  it("offers the documents in the menu only when they are there", async (world) => {
    await world.begin({ contract: { docsUrl: "" } });
    await world.emit("ascalon.menu");
    expect((await world.explanation())?.labels).not.toContain("open the documents");
    await world.begin();
    await world.emit("ascalon.menu");
    expect((await world.explanation())?.labels).toContain("open the documents");
  });

  it("runs what is chosen in the menu", async (world) => {
    await world.begin();
    await world.emit("ascalon.menu");
    await world.send("choose", { id: "ascalon.attach" });
    await world.wait(1);
    expect(await world.isAttached()).toBe(true);
  });

  it("registers nothing while it is open: entries cost the same at the hundredth time", async (world) => {
    await world.begin({ opts: "{ palette = true }" });
    const first = await world.send("palette");
    for (let i = 0; i < 100; i++) await world.send("palette");
    expect(await world.send("palette")).toEqual(first);
  });

  it("is the user's own when the option is off", async (world) => {
    await world.begin({
      config: configText(
        "",
        "",
        'wezterm.on("augment-command-palette", function() return { { brief = "mine", action = wezterm.action.EmitEvent("x") } } end)',
      ),
    });
    expect(await world.send("palette")).toEqual(["mine", "Emit event `ascalon.attach`"]);
  });
});
