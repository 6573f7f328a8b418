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

  it("attaches when ascalon up --attach ends with its message", async (world) => {
    await world.begin({ status: { vm: { state: "stopped", since: 1 } } });
    await world.press();
    await world.status({});
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.wait(1);
    expect(await world.isAttached()).toBe(true);
  });

  it("says what is broken and offers up and doctor when the VM is broken", async (world) => {
    await world.begin({ status: { vm: { state: "broken", since: 1, reason: "its driver is gone" } } });
    await world.press();
    const shown = await world.explanation();
    expect(shown?.description).toBe("The VM is broken: its driver is gone.");
    expect(shown?.labels.slice(0, 2)).toEqual(["Run ascalon up", "Run ascalon doctor"]);
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

  it("forgets the wish after half a minute", async (world) => {
    await world.begin({ status: link("waiting", "the server is not there yet") });
    await world.press();
    await world.live(40);
    await world.status({});
    await world.live(2);
    expect(await world.isAttached()).toBe(false);
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

  it("names both versions and the fix when the codecs differ", async (world) => {
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
