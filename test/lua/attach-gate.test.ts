import { expect } from "vitest";
import { scenarios, socketPath } from "./world.ts";

const link = (state: "off" | "waiting" | "broken" | "healing", reason?: string) => ({
  links: [{ name: "mux", state, since: 1, reason }],
});

scenarios("CMD+SHIFT+A", (it) => {
  it("attaches into the current window and shows the VM's tab", async (world) => {
    await world.begin({ server: { panes: 2 } });
    await world.press();
    expect(await world.domains()).toEqual(["local", "ascalon", "ascalon"]);
    expect((await world.tabs())[1]?.active).toBe(true);
    expect((await world.state()).windows).toHaveLength(1);
  });

  it("starts no child process when the status is fresh", async (world) => {
    await world.begin();
    await world.press();
    expect((await world.state()).children).toEqual([]);
  });

  it("opens a tab when the server has no pane", async (world) => {
    await world.begin({ server: { panes: 0 } });
    await world.press();
    expect(await world.domains()).toEqual(["local", "ascalon"]);
  });

  it("focuses the VM's tab when it is attached already", async (world) => {
    await world.begin();
    await world.press();
    await world.send("activate", { domain: "local" });
    await world.press();
    const tabs = await world.tabs();
    expect(tabs.find((tab) => tab.active)?.domain).toBe("ascalon");
    expect((await world.state()).attaches).toBe(1);
  });

  it("focuses the other window when the VM is attached there", async (world) => {
    await world.begin({ windows: 2 });
    await world.press(0);
    await world.press(1);
    const state = await world.state();
    expect(state.attaches).toBe(1);
    expect(state.focused).toBeDefined();
    expect(await world.domains(1)).toEqual(["local"]);
  });

  it("opens a tab when attached and every VM tab was closed", async (world) => {
    await world.begin();
    await world.press();
    await world.send("closeTab", { domain: "ascalon" });
    await world.press();
    expect(await world.domains()).toEqual(["local", "ascalon"]);
    expect((await world.state()).attaches).toBe(1);
  });

  it("attaches once for a double press", async (world) => {
    await world.begin();
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.wait(1);
    expect((await world.state()).attaches).toBe(1);
  });

  it("attaches once for presses in two windows at the same moment", async (world) => {
    await world.begin({ windows: 2 });
    await world.send("press", { chord: "CMD|SHIFT+A", window: 0 });
    await world.send("press", { chord: "CMD|SHIFT+A", window: 1 });
    await world.wait(1);
    expect((await world.state()).attaches).toBe(1);
    expect(await world.isAttached()).toBe(true);
  });

  it("attaches once when another binding asks during the attach", async (world) => {
    await world.begin();
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.send("emit", { name: "ascalon.new-tab" });
    await world.wait(1);
    expect((await world.state()).attaches).toBe(1);
  });

  it("attaches once when the configuration is reloaded during the attach", async (world) => {
    await world.begin();
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.send("reload");
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.wait(1);
    expect((await world.state()).attaches).toBe(1);
    expect(await world.isAttached()).toBe(true);
  });

  it("attaches again after an attach that ended before a reload", async (world) => {
    await world.begin();
    await world.press();
    await world.emit("ascalon.detach");
    await world.send("reload");
    await world.press();
    expect((await world.state()).attaches).toBe(2);
  });

  it("can be pressed again after a failed attach", async (world) => {
    await world.begin({ server: { mode: "closes" } });
    await world.press();
    await world.send("server", { path: socketPath, panes: 1 });
    await world.wait(2);
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("holds one attach over an hour of sleep in the middle of it", async (world) => {
    await world.begin({ server: { mode: "silent" } });
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.send("setClock", { seconds: 3600 });
    await world.status({});
    await world.press();
    expect((await world.state()).attaches).toBe(1);
  });

  it("is not blocked by a clock that was set back", async (world) => {
    await world.begin();
    await world.press();
    await world.emit("ascalon.detach");
    await world.send("setClock", { seconds: -7200 });
    await world.status({});
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("explains again when the clock was set back right after a failure", async (world) => {
    await world.begin({ status: link("broken") });
    await world.press();
    await world.send("setClock", { seconds: -7200 });
    await world.status(link("broken"));
    await world.press();
    expect((await world.announced()).filter((name) => name === "ascalon.attach.failed")).toHaveLength(2);
  });

  it("says that it still waits although the clock was set back meanwhile", async (world) => {
    await world.begin({ status: link("waiting") });
    await world.press();
    await world.send("setClock", { seconds: -7200 });
    await world.status(link("waiting"));
    await world.live(40);
    expect((await world.announced()).filter((name) => name === "ascalon.attach.failed")).toHaveLength(1);
  });

  it("announces start and finish with the domain", async (world) => {
    await world.begin();
    await world.press();
    const events = (await world.state()).announced.filter((event) =>
      event.name.startsWith("ascalon.attach."),
    );
    expect(events).toEqual([
      { name: "ascalon.attach.start", details: { domain: "ascalon" } },
      { name: "ascalon.attach.finished", details: { domain: "ascalon" } },
    ]);
  });

  it("goes on when another plugin's handler of our event raises", async (world) => {
    await world.begin({ after: 'wezterm.on("ascalon.attach.start", function() error("theirs") end)' });
    await world.press();
    expect(await world.isAttached()).toBe(true);
    expect((await world.logged("warn")).join()).toContain("theirs");
  });

  for (const [state, words] of [
    ["absent", "There is no VM yet"],
    ["stopped", "The VM is stopped"],
    ["starting", "The VM is starting"],
    ["stopping", "The VM is stopping"],
  ] as const) {
    it(`opens a local tab that runs ascalon up --attach when the VM is ${state}`, async (world) => {
      await world.begin({ status: { vm: { state, since: 1 } } });
      await world.press();
      const tab = (await world.tabs())[1];
      expect(tab?.domain).toBe("local");
      expect(tab?.args?.slice(-2)).toEqual(["up", "--attach"]);
      expect((await world.state()).toasts.join()).toContain(words);
      expect((await world.state()).attaches).toBe(0);
    });
  }

  it("calls the CLI by absolute paths with its own PATH", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    const args = (await world.tabs())[1]?.args ?? [];
    expect(args.slice(4, 8)).toEqual(["/usr/bin/env", "PATH=/usr/bin", "/usr/bin/node", "/opt/ascalon.mjs"]);
    expect(args[0]).toBe("/bin/sh");
  });

  it("shows the running start instead of a second one", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    await world.press();
    expect(await world.domains()).toEqual(["local", "local"]);
  });

  it("starts again when the tab of the first start was closed", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } }, windows: 2 });
    await world.press(1);
    await world.send("closeWindow", { window: 1 });
    await world.press(0);
    expect((await world.tabs())[1]?.args?.slice(-1)).toEqual(["--attach"]);
  });

  it("starts again when the tab of the first start stands there without its program", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    await world.send("endProgram");
    await world.press();
    expect(await world.domains()).toEqual(["local", "local", "local"]);
    expect((await world.tabs())[2]?.args?.slice(-1)).toEqual(["--attach"]);
    await world.press();
    expect(await world.domains()).toHaveLength(3);
  });

  it("attaches when ascalon up --attach ends with its message", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    await world.status({});
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.wait(1);
    expect(await world.isAttached()).toBe(true);
  });

  it("attaches when that message comes before the status knows of the link", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    await world.live(60);
    await world.status({ vm: { state: "starting", since: 1 } });
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.live(2);
    await world.status({ links: [] });
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "2" });
    await world.live(2);
    expect(await world.isAttached()).toBe(false);
    await world.status({});
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
  });

  it("attaches when that message comes while the link is up and the VM still starts", async (world) => {
    await world.begin({ status: { vm: { state: "starting", since: 1 } } });
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.live(5);
    await world.status({});
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
  });

  it("shows the start that runs already in whichever window it is, and says so", async (world) => {
    await world.begin({ windows: 2, status: { vm: { state: "stopped", since: 1 } } });
    await world.press(0);
    await world.send("clear");
    await world.press(1);
    const state = await world.state();
    expect(state.focused).toBeDefined();
    expect(await world.domains(1)).toEqual(["local"]);
    expect(state.toasts).toEqual(["ascalon: ascalon up has its tab already: here it is."]);
  });

  it("tells how to install when the VM is stopped and the CLI was never there, and opens no tab", async (world) => {
    await world.begin({ contract: "missing", status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    expect(await world.domains()).toEqual(["local"]);
    expect((await world.explanation())?.labels.join(" ")).toContain("ascalon wezterm install");
    expect((await world.explanation())?.labels.join(" ")).toContain("then press again");
  });

  it("opens one tab for presses in two windows when attached and every VM tab was closed", async (world) => {
    await world.begin({ windows: 2 });
    await world.press(0);
    await world.send("closeTab", { domain: "ascalon" });
    await world.send("press", { chord: "CMD|SHIFT+A", window: 0 });
    await world.send("press", { chord: "CMD|SHIFT+A", window: 1 });
    await world.wait(1);
    expect([await world.domains(0), await world.domains(1)]).toEqual([["local", "ascalon"], ["local"]]);
  });

  it("opens one tab for a press in another window while the first tab of an empty server opens", async (world) => {
    await world.begin({ windows: 2, server: { panes: 0 } });
    await world.send("press", { chord: "CMD|SHIFT+A", window: 0 });
    await world.send("advance", { ms: 120 });
    await world.send("press", { chord: "CMD|SHIFT+A", window: 1 });
    await world.wait(1);
    expect([await world.domains(0), await world.domains(1)]).toEqual([["local", "ascalon"], ["local"]]);
  });

  it("says so when the first tab of an empty server does not open", async (world) => {
    await world.begin({ server: { panes: 0 } });
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.send("advance", { ms: 120 });
    await world.send("detachByHand", { domain: "ascalon" });
    await world.wait(1);
    expect(await world.announced()).toEqual([
      "ascalon.attach",
      "ascalon.attach.start",
      "ascalon.attach.failed",
    ]);
  });

  it("leaves a person in the VM's third tab there", async (world) => {
    await world.begin({ server: { panes: 3 } });
    await world.press();
    await world.send("lua", {
      code: "require('wezterm').mux.all_windows()[1]:tabs()[4]:activate() return 1",
    });
    await world.press();
    expect((await world.tabs()).map((tab) => tab.active)).toEqual([false, false, false, true]);
  });

  it("keeps the focus and the zoom among the VM's splits", async (world) => {
    await world.begin({ windows: 2 });
    await world.press();
    await world.send("split", { zoomed: true });
    const splits = { domain: "ascalon", active: true, focus: 2, zoomed: true };
    await world.press();
    expect((await world.tabs())[1]).toMatchObject(splits);
    await world.send("activate", { domain: "local" });
    await world.press();
    expect((await world.tabs())[1]).toMatchObject(splits);
    await world.press(1);
    expect((await world.tabs())[1]).toMatchObject(splits);
  });

  it("keeps the focus among the splits of the tab in which the start runs", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    await world.send("split", { zoomed: true });
    await world.send("activate", { domain: "local" });
    await world.press();
    expect((await world.tabs())[1]).toMatchObject({ active: true, focus: 2, zoomed: true });
  });

  it("leaves the other window in the VM's tab that it shows", async (world) => {
    await world.begin({ windows: 3, server: { panes: 2 } });
    await world.press(1);
    await world.send("lua", {
      code: "require('wezterm').mux.all_windows()[2]:tabs()[3]:activate() return 1",
    });
    await world.send("split", { window: 1 });
    await world.press(2);
    const state = await world.state();
    expect(state.windows[1]?.tabs.map((tab) => tab.active)).toEqual([false, false, true]);
    expect(state.focused).toBeDefined();
  });

  it("shows the window in which the VM is in front before one that has it behind", async (world) => {
    await world.begin({ windows: 3 });
    await world.press(0);
    await world.send("activate", { domain: "local" });
    await world.emit("ascalon.new-tab", 1);
    await world.press(2);
    const { windows } = await world.state();
    expect(windows[0]?.tabs.map((tab) => tab.active)).toEqual([true, false]);
    expect(windows[1]?.tabs.map((tab) => tab.active)).toEqual([false, true]);
  });

  it("goes to the workspace that the VM is in when it is not the one on the screen", async (world) => {
    await world.begin({ windows: 2 });
    await world.press(1);
    await world.send("workspace", { window: 1, name: "deep" });
    await world.press(0);
    expect((await world.state()).workspace).toBe("deep");
  });

  it("asks and explains once for a double press", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", ms: 1000, exit: 1 });
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.wait(5);
    expect((await world.state()).children).toHaveLength(1);
    expect((await world.announced()).filter((name) => name === "ascalon.attach.failed")).toHaveLength(1);
  });

  it("explains once for a double press when the status tells why", async (world) => {
    await world.begin({ status: link("broken") });
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.send("press", { chord: "CMD|SHIFT+A" });
    await world.wait(1);
    expect((await world.announced()).filter((name) => name === "ascalon.attach.failed")).toHaveLength(1);
  });

  it("answers in another window although it failed a moment ago in the first", async (world) => {
    await world.begin({ windows: 2, server: { mode: "closes" } });
    await world.press(0);
    await world.press(1);
    expect((await world.explanation(1))?.description).toContain("does not answer behind it");
  });

  it("hears the message of ascalon up right after a press that failed", async (world) => {
    await world.begin({ server: { mode: "closes" } });
    await world.press();
    await world.send("server", { path: socketPath, panes: 1 });
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.send("advance", { ms: 400 });
    expect(await world.isAttached()).toBe(true);
  });

  it("says so when it is at work already", async (world) => {
    await world.begin({ windows: 2, server: { mode: "silent" } });
    await world.press(0);
    await world.press(1);
    expect((await world.state()).windows[1]?.rightStatus).toBe("ascalon is at it already.");
  });

  it("answers in the window's right status too, for ten seconds: not every system shows toasts", async (world) => {
    await world.begin({ windows: 2, status: { vm: { state: "stopped", since: 1 } } });
    await world.press(0);
    await world.live(2);
    expect((await world.state()).windows[0]?.rightStatus).toBe("The VM is stopped: starting it.");
    await world.press(1);
    await world.live(10);
    const shown = (await world.state()).windows.map((window) => window.rightStatus);
    expect(shown).toEqual(["", ""]);
  });

  it("says what is broken and offers up and doctor when the VM is broken", async (world) => {
    await world.begin({ status: { vm: { state: "broken", since: 1, reason: "its driver is gone" } } });
    await world.press();
    const shown = await world.explanation();
    expect(shown?.description).toBe("The VM is broken: its driver is gone.");
    expect(shown?.labels.slice(0, 3)).toEqual(["Close", "Run ascalon up", "Run ascalon doctor"]);
  });

  it("says what is broken when the link is, and touches no socket", async (world) => {
    await world.begin({ status: link("broken", "ssh was refused") });
    await world.press();
    expect((await world.explanation())?.description).toBe("The link to the VM is broken: ssh was refused.");
    expect((await world.state()).attaches).toBe(0);
  });

  it("runs doctor in a local tab when that row is chosen", async (world) => {
    await world.begin({ status: link("broken") });
    await world.press();
    await world.send("choose", { id: "doctor" });
    await world.wait(1);
    expect((await world.tabs())[1]?.args?.slice(-1)).toEqual(["doctor"]);
  });

  it("does nothing when the explanation is left with Escape", async (world) => {
    await world.begin({ status: link("broken") });
    await world.press();
    await world.send("choose", { id: "nothing" });
    await world.wait(1);
    expect(await world.domains()).toEqual(["local"]);
  });

  it("does nothing when a row of the text is chosen", async (world) => {
    await world.begin({ status: link("broken") });
    await world.press();
    await world.send("choose", { id: "Close" });
    await world.wait(1);
    expect(await world.domains()).toEqual(["local"]);
  });

  it("attaches over ssh instead when that row is chosen", async (world) => {
    await world.begin({ status: link("broken") });
    await world.send("server", { path: "proxy", panes: 1 });
    await world.press();
    await world.send("choose", { id: "proxy" });
    await world.wait(1);
    expect(await world.isAttached("ascalon-proxy")).toBe(true);
  });

  it("says why the VM's tab stands still when it shows it and the link behind it does not answer", async (world) => {
    await world.begin();
    await world.press();
    for (const [state, words] of [
      ["broken", "The link to the VM is broken: no answer."],
      ["healing", "The link to the VM is being made: no answer."],
    ] as const) {
      await world.status(link(state, "no answer"));
      await world.press();
      expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon");
      expect((await world.state()).windows[0]?.rightStatus).toBe(words);
      expect(await world.explanation()).toBeUndefined();
    }
    expect((await world.state()).attaches).toBe(1);
  });

  it("says so over the window when there is no tab bar", async (world) => {
    await world.begin({ before: "config.enable_tab_bar = false" });
    await world.press();
    await world.status(link("broken", "no answer"));
    await world.press();
    expect((await world.explanation())?.labels).toContain("Run ascalon heal");
  });

  it("says nothing of the kind of a VM that is to be started, of old news, or over ssh", async (world) => {
    await world.begin({ status: link("broken") });
    await world.send("server", { path: "proxy", panes: 1 });
    await world.press();
    await world.send("choose", { id: "proxy" });
    await world.wait(12);
    await world.status(link("broken", "no answer"));
    await world.press();
    expect((await world.state()).windows[0]?.rightStatus ?? "").toBe("");
    expect(await world.explanation()).toBeUndefined();
    await world.begin();
    await world.press();
    await world.status({ vm: { state: "stopped", since: 1 } });
    await world.press();
    await world.status(link("broken", "no answer"));
    await world.wait(60);
    await world.press();
    expect((await world.state()).windows[0]?.rightStatus ?? "").toBe("");
  });

  it("offers no ssh when there is no proxy command", async (world) => {
    await world.begin({ status: link("broken"), contract: { proxyCommand: [] } });
    await world.press();
    expect((await world.explanation())?.labels).not.toContain("Attach over ssh instead");
  });

  it("focuses the VM when it is attached over ssh", async (world) => {
    await world.begin({ status: link("broken") });
    await world.send("server", { path: "proxy", panes: 1 });
    await world.press();
    await world.send("choose", { id: "proxy" });
    await world.wait(1);
    await world.send("activate", { domain: "local" });
    await world.press();
    expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon-proxy");
  });

  it("waits for a link that is healing and attaches when it is up", async (world) => {
    await world.begin({ status: link("healing") });
    await world.press();
    expect((await world.state()).toasts.join()).toContain("The link to the VM is being made");
    await world.status({});
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
  });

  it("waits through a reload in the moment when the link is up", async (world) => {
    await world.begin({ status: link("healing") });
    await world.press();
    await world.status({});
    await world.send("advance", { ms: 1000 });
    await world.send("tick");
    await world.send("reload");
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
  });

  it("does not take what it waited for when another server took the socket meanwhile", async (world) => {
    await world.begin({ status: link("waiting") });
    await world.press();
    await world.status({ mux: { socketPath, exe: "/x", hijacked: true } });
    await world.live(2);
    expect((await world.state()).attaches).toBe(0);
  });

  it("has no wish left when a press has attached: WezTerm's own detach right after it stays", async (world) => {
    await world.begin({ status: link("waiting") });
    await world.press();
    await world.status({});
    await world.press();
    expect(await world.isAttached()).toBe(true);
    await world.send("detachByHand", { domain: "ascalon" });
    await world.live(5);
    expect(await world.isAttached()).toBe(false);
  });

  it("says after half a minute what it still waits for, once, and attaches whenever the link is up", async (world) => {
    await world.begin({ status: link("waiting", "the server is not there yet") });
    await world.press();
    await world.send("clear");
    await world.live(300);
    expect((await world.state()).toasts).toEqual([
      "ascalon: The link to the VM is being made: the server is not there yet.",
    ]);
    expect(await world.announced()).toEqual(["ascalon.attach.failed"]);
    expect(await world.explanation()).toBeUndefined();
    await world.status({});
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
    expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon");
  });

  it("says after half a minute that what it waited for broke, and waits no more", async (world) => {
    await world.begin({ status: link("healing") });
    await world.press();
    await world.status(link("broken", "ssh was refused"));
    await world.live(40);
    expect((await world.state()).toasts.join()).toContain("The link to the VM is broken: ssh was refused.");
    await world.status({});
    await world.live(5);
    expect(await world.isAttached()).toBe(false);
  });

  it("waits no more when there is no news of the link, and says the last", async (world) => {
    await world.begin({ status: link("healing", "ssh was ended") });
    await world.press();
    await world.send("clear");
    await world.wait(120);
    expect((await world.state()).toasts).toEqual([
      "ascalon: The link to the VM is being made: ssh was ended.",
    ]);
    await world.status({});
    await world.live(5);
    expect(await world.isAttached()).toBe(false);
  });

  it("shows the VM although its server is in another workspace than the window", async (world) => {
    await world.begin({ before: 'config.default_workspace = "main"' });
    await world.press();
    const state = await world.state();
    expect(state.workspace).toBe("default");
    expect(state.windows[1]?.tabs).toMatchObject([{ domain: "ascalon", active: true }]);
  });

  it("shows the VM although the option goes back to the last tab when the Connecting tab closes", async (world) => {
    await world.begin({ before: "config.switch_to_last_active_tab_when_closing_tab = true" });
    await world.press();
    expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon");
  });

  it("shows the VM to a press that waited, under the same option", async (world) => {
    await world.begin({
      before: "config.switch_to_last_active_tab_when_closing_tab = true",
      status: link("healing"),
    });
    await world.press();
    await world.status({});
    await world.live(2);
    expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon");
  });

  it("starts the VM, once, for a press of which the status knew the link's end and not yet the VM's", async (world) => {
    const stopped = { vm: { state: "stopped", since: 1 } } as const;
    const starts = async () => (await world.tabs()).filter((tab) => tab.args?.at(-1) === "--attach");
    await world.begin({ status: link("waiting", "the VM is not running") });
    await world.press();
    expect(await starts()).toEqual([]);
    await world.status(stopped);
    await world.live(2);
    expect(await starts()).toHaveLength(1);
    await world.live(40);
    expect(await starts()).toHaveLength(1);
    expect((await world.state()).windows[0]?.rightStatus).toBe("");
  });

  it("starts no VM that stops long after a press that waits", async (world) => {
    await world.begin({ status: link("healing") });
    await world.press();
    await world.live(40);
    await world.status({ vm: { state: "stopped", since: 1 } });
    await world.live(5);
    expect(await world.domains()).toEqual(["local"]);
  });

  it("attaches a press that waited in the window of the press", async (world) => {
    await world.begin({ windows: 2, status: link("healing") });
    await world.press(1);
    await world.status({});
    await world.live(2);
    expect([await world.domains(0), await world.domains(1)]).toEqual([["local"], ["local", "ascalon"]]);
  });

  it("starts anew although the tab of the start before stands there, when that led to the VM", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    await world.status({});
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.live(1);
    await world.emit("ascalon.detach");
    await world.status({ vm: { state: "stopped", since: 1 } });
    await world.press();
    const starts = (await world.tabs()).filter((tab) => tab.args?.at(-1) === "--attach");
    expect(starts).toHaveLength(2);
  });

  for (const [where, before] of [
    ["no tab bar", "config.enable_tab_bar = false"],
    ["a tab bar that one tab hides", "config.hide_tab_bar_if_only_one_tab = true"],
  ] as const) {
    it(`says over the window that it waits, with ${where}`, async (world) => {
      await world.begin({ before, status: link("healing", "ssh was ended") });
      await world.press();
      const shown = await world.explanation();
      expect(shown?.description).toBe("The link to the VM is being made: ssh was ended.");
      expect(shown?.labels.slice(0, 3)).toEqual(["Close", "Run ascalon doctor", "Run ascalon heal"]);
      await world.status({});
      await world.live(2);
      expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon");
    });

    it(`says over the window that there is nothing to detach, with ${where}`, async (world) => {
      await world.begin({ before });
      await world.emit("ascalon.detach");
      expect((await world.explanation())?.description).toBe("The VM is not attached.");
    });
  }

  it("says over the window that it is at work already, without a tab bar", async (world) => {
    await world.begin({ before: "config.enable_tab_bar = false", windows: 2, server: { mode: "silent" } });
    await world.press(0);
    await world.press(1);
    expect((await world.explanation(1))?.description).toBe("ascalon is at it already.");
  });

  it("opens nothing over the window when the tab bar shows the answer", async (world) => {
    await world.begin({ before: "config.hide_tab_bar_if_only_one_tab = true", status: link("healing") });
    await world.emit("ascalon.new-local-tab");
    await world.press();
    expect(await world.explanation()).toBeUndefined();
    expect((await world.state()).windows[0]?.rightStatus).toContain("is being made");
  });

  it("makes the link when the VM runs and no agent holds one", async (world) => {
    await world.begin({ status: { links: [] } });
    await world.press();
    expect((await world.tabs())[1]?.args?.slice(-2)).toEqual(["up", "--attach"]);
  });

  it("refuses a hijacked socket and names who answers", async (world) => {
    await world.begin({
      status: { mux: { socketPath, exe: "/Applications/WezTerm.app/wezterm-mux-server", hijacked: true } },
    });
    await world.press();
    const shown = await world.explanation();
    expect(shown?.description).toBe("Another WezTerm server has taken the VM's socket.");
    expect(shown?.labels.join(" ")).toContain("wezterm-mux-server");
    expect((await world.state()).attaches).toBe(0);
  });

  it("why #18: names both versions and the fix when the codecs differ", async (world) => {
    await world.begin({
      status: {
        gui: [{ pid: 4242, codec: 42, version: "20240203-110809-5046fc22" }],
        mux: { socketPath, codec: 44, version: "0-unstable-2025-02-23" },
      },
    });
    await world.press();
    const text = (await world.explanation())?.labels.join(" ") ?? "";
    expect(text).toContain("20240203-110809-5046fc22 (codec 42)");
    expect(text).toContain("0-unstable-2025-02-23 (codec 44)");
    expect(text).toContain("brew install --cask wezterm@nightly");
    expect((await world.state()).attaches).toBe(0);
  });

  it("tells to rebuild when the VM's WezTerm is the older one", async (world) => {
    await world.begin({ status: { mux: { socketPath, codec: 43, version: "old" } } });
    await world.press();
    expect((await world.explanation())?.labels.join(" ")).toContain("ascalon rebuild");
    await world.send("choose", { id: "shell" });
    await world.wait(1);
    expect((await world.tabs()).at(-1)?.args?.slice(-1)).toEqual(["shell"]);
  });

  it("judges by its own GUI when another GUI has another codec", async (world) => {
    await world.begin({
      status: {
        gui: [
          { pid: 4242, codec: 44, version: "new" },
          { pid: 7, codec: 42, version: "old" },
        ],
        codec: { verdict: "different", sentence: "s", fix: "f" },
      },
    });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("believes the verdict when it cannot know its own process", async (world) => {
    await world.begin({
      env: { WEZTERM_UNIX_SOCKET: "/elsewhere/sock" },
      status: { codec: { verdict: "different", sentence: "Theirs and ours.", fix: "Do it." } },
    });
    await world.press();
    expect((await world.explanation())?.labels).toContain("Theirs and ours.");
  });

  it("tries when the codecs are unknown", async (world) => {
    await world.begin({ status: { codec: { verdict: "unknown" }, mux: { socketPath }, gui: [] } });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });
});
