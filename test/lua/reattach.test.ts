import { expect } from "vitest";
import { wellStatus } from "./wezterm-double.ts";
import { scenarios, socketPath, type World } from "./world.ts";

/** A link that broke and is up again: its `since` is new. */
const healed = (since: number) => ({ links: [{ name: "mux", state: "up" as const, since }] });
const broken = { links: [{ name: "mux", state: "broken" as const, since: 2_000_000_000 }] };

const lostNotices = async (world: World): Promise<number> =>
  (await world.state()).toasts.filter((text) => text.includes("The connection to the VM was lost.")).length;

/** The link breaks for so many seconds and is up again; time for what follows. */
async function loseAndHeal(world: World, seconds = 3, mode = "ok"): Promise<void> {
  await world.send("killServer", { path: socketPath });
  await world.status(broken);
  await world.live(seconds);
  await world.send("server", { path: socketPath, panes: 1, mode });
  await world.status(healed((await world.send("time")) as number));
  await world.live(3);
  expect(await world.isAttached()).toBe(mode === "ok");
}

/** The domain of the tab that the first window shows. */
const shown = async (world: World): Promise<readonly string[]> =>
  (await world.tabs()).filter((tab) => tab.active).map((tab) => tab.domain);

scenarios("After a disconnect", (it) => {
  it("attaches again by itself when the link is up again", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.status(broken);
    await world.live(3);
    expect(await world.isAttached()).toBe(false);
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(3);
    expect(await world.isAttached()).toBe(true);
  });

  it("brings a press right after a night's sleep into the VM, once the link is healed", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("activate", { domain: "local" });
    await world.send("setClock", { seconds: 30_000 });
    await world.send("killServer", { path: socketPath });
    await world.wait(1);
    const healing = {
      links: [{ name: "mux", state: "healing" as const, since: 1, reason: "ssh was ended" }],
    };
    const stdout = JSON.stringify(wellStatus((await world.send("time")) as number, healing));
    await world.send("child", { match: "attach --json", stdout, ms: 300 });
    await world.press();
    await world.wait(1);
    expect((await world.state()).attaches).toBe(1);
    await world.status(healing);
    await world.live(3);
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(3);
    expect((await world.state()).attaches).toBe(2);
    expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon");
  });

  it("attaches again in the window that it was attached in", async (world) => {
    await world.begin({ windows: 2 });
    await world.press(1);
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(3);
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(3);
    expect([await world.domains(0), await world.domains(1)]).toEqual([["local"], ["local", "ascalon"]]);
  });

  it("brings the VM back in front when it was there", async (world) => {
    await world.begin({ before: "config.switch_to_last_active_tab_when_closing_tab = true" });
    await world.press();
    await world.live(2);
    await loseAndHeal(world);
    expect(await shown(world)).toEqual(["ascalon"]);
  });

  it("brings it back behind the tab in which somebody works", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("panes", { window: 0, count: 1 });
    await world.live(2);
    await loseAndHeal(world);
    expect(await world.domains()).toEqual(["local", "local", "ascalon"]);
    expect(await shown(world)).toEqual(["local"]);
  });

  it("brings it back behind that tab too when the VM was in front half a minute before", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await loseAndHeal(world, 40);
    expect(await shown(world)).toEqual(["local"]);
  });

  it("leaves that tab in front when it fails", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("panes", { window: 0, count: 1 });
    await world.live(2);
    await loseAndHeal(world, 3, "closes");
    expect((await world.state()).attaches).toBeGreaterThan(1);
    expect(await shown(world)).toEqual(["local"]);
  });

  it("attaches again in another window when that one is gone", async (world) => {
    await world.begin({ windows: 2 });
    await world.press(1);
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(3);
    await world.send("closeWindow", { window: 1 });
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(3);
    expect(await world.domains(0)).toEqual(["local", "ascalon"]);
  });

  it("says that the connection was lost", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    expect(await lostNotices(world)).toBe(0);
    await world.status(broken);
    await world.live(30);
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(10);
    expect(await world.isAttached()).toBe(true);
    expect(await lostNotices(world)).toBe(1);
  });

  it("says so too when the link was up again before anybody looked", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(10);
    expect(await world.isAttached()).toBe(true);
    expect(await lostNotices(world)).toBe(1);
  });

  it("says nothing of a lost connection after an act of the person's own", async (world) => {
    await world.begin({ windows: 2 });
    await world.press(1);
    await world.live(2);
    await world.send("closeWindow", { window: 1 });
    await world.live(30);
    expect(await world.isAttached()).toBe(false);
    await world.press(0);
    await world.live(2);
    await world.send("detachByHand", { domain: "ascalon" });
    await world.live(30);
    await world.status(broken);
    await world.live(5);
    expect(await lostNotices(world)).toBe(0);
  });

  it("does not try while the status says broken", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.status(broken);
    await world.live(60);
    expect((await world.state()).attaches).toBe(1);
  });

  it("does not try while the status is stale", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    for (let i = 0; i < 60; i++) {
      await world.wait(1);
      await world.send("tick");
    }
    expect((await world.state()).attaches).toBe(1);
  });

  it("gives up after five attempts, with growing pauses", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    await world.status(healed((await world.send("time")) as number));
    await world.live(120);
    expect((await world.state()).attaches).toBe(6);
  });

  it("goes through the gate: other versions in the VM by then are said once, and nothing is tried", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    await world.send("server", { path: socketPath, panes: 1, codec: 45, version: "newer" });
    await world.send("clear");
    await world.status({
      ...healed((await world.send("time")) as number),
      mux: { socketPath, codec: 45, version: "newer" },
    });
    await world.live(60);
    const state = await world.state();
    expect(state.attaches).toBe(0);
    expect(state.toasts).toEqual([
      "ascalon: The connection to the VM was lost.",
      "ascalon: WezTerm here and in the VM speak different versions.",
    ]);
    expect(await world.explanation()).toBeUndefined();
    expect(await world.announced()).toContain("ascalon.attach.failed");
  });

  it("never attaches to a server that took the socket", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status({
      ...healed((await world.send("time")) as number),
      mux: { socketPath, exe: "/Applications/x", hijacked: true },
    });
    await world.live(5);
    expect((await world.state()).attaches).toBe(1);
  });

  it("fails without a selector: nobody pressed anything, and Enter would run its first row", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    await world.status(healed((await world.send("time")) as number));
    for (let second = 0; second < 60; second++) {
      await world.live(1);
      expect(await world.explanation()).toBeUndefined();
    }
    expect((await world.state()).toasts.join()).toContain("does not answer behind it");
  });

  it("is not put off for an hour by a clock that is set back", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("setClock", { seconds: 3600 });
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    await world.send("setClock", { seconds: -3600 });
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed(2_000_000_000));
    await world.live(3);
    expect(await world.isAttached()).toBe(true);
  });

  it("leaves it alone when nothing was ever known of the link: it may have been WezTerm's own detach", async (world) => {
    await world.begin({ status: "missing" });
    const status = JSON.stringify(wellStatus((await world.send("time")) as number));
    await world.send("child", { match: "attach --json", stdout: status, ms: 10 });
    await world.press();
    expect(await world.isAttached()).toBe(true);
    const tick = async () => {
      await world.wait(1);
      await world.send("tick");
    };
    for (let second = 0; second < 3; second++) await tick();
    await world.send("detachByHand", { domain: "ascalon" });
    for (let second = 0; second < 300; second++) await tick();
    await world.status({});
    await world.live(5);
    expect(await world.isAttached()).toBe(false);
  });

  it("says nothing of a lost connection when the VM is stopped", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.status({
      vm: { state: "stopping", since: 1 },
      links: [{ name: "mux", state: "off", since: 2_000_000_000 }],
    });
    await world.send("killServer", { path: socketPath });
    await world.live(3);
    expect((await world.state()).toasts.join()).not.toContain("lost");
    // It is one all the same: the VM comes back when it is up again.
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(3);
    expect(await world.isAttached()).toBe(true);
  });

  it("leaves an asked detach alone, also when a tick comes in the middle of it", async (world) => {
    await world.begin();
    await world.press();
    await world.live(1);
    await world.send("closeTab", { domain: "local" });
    await world.send("advance", { ms: 600 });
    await world.send("emit", { name: "ascalon.detach" });
    await world.send("tick");
    await world.wait(1);
    await world.live(3);
    await world.status(healed((await world.send("time")) as number));
    await world.live(5);
    expect(await world.isAttached()).toBe(false);
  });

  it("leaves an asked detach alone", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.emit("ascalon.detach");
    await world.status(healed((await world.send("time")) as number));
    await world.live(30);
    expect(await world.isAttached()).toBe(false);
  });

  it("leaves WezTerm's own detach alone: the link never broke", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("detachByHand", { domain: "ascalon" });
    await world.live(30);
    expect((await world.state()).attaches).toBe(1);
    await world.status(healed((await world.send("time")) as number));
    await world.live(5);
    expect((await world.state()).attaches).toBe(1);
  });

  it("leaves it alone when it was never attached", async (world) => {
    await world.begin();
    await world.live(5);
    await world.status(healed((await world.send("time")) as number));
    await world.live(5);
    expect((await world.state()).attaches).toBe(0);
  });

  it("leaves it alone when the option says so", async (world) => {
    await world.begin({ opts: "{ reattach = false }" });
    await world.press();
    await world.live(2);
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(5);
    expect((await world.state()).attaches).toBe(1);
  });

  it("remembers over a reload that it was attached", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("reload");
    await world.send("killServer", { path: socketPath });
    await world.live(2);
    await world.send("server", { path: socketPath, panes: 1 });
    await world.status(healed((await world.send("time")) as number));
    await world.live(3);
    expect(await world.isAttached()).toBe(true);
  });

  it("attaches again after closing one VM window detached all of it, when the key is pressed", async (world) => {
    await world.begin({ windows: 2 });
    await world.press(1);
    await world.send("closeWindow", { window: 1 });
    await world.wait(1);
    await world.press(0);
    expect(await world.isAttached()).toBe(true);
  });

  it("keeps WezTerm alive when the server dies: there is a local tab", async (world) => {
    await world.begin();
    await world.press();
    await world.send("closeTab", { domain: "local" });
    await world.live(7);
    expect(await world.domains()).toContain("local");
    await world.send("killServer", { path: socketPath });
    await world.wait(1);
    expect((await world.state()).exited).toBe(false);
  });

  it("opens that local tab behind the current one", async (world) => {
    await world.begin();
    await world.press();
    await world.send("closeTab", { domain: "local" });
    await world.live(7);
    expect((await world.tabs()).find((tab) => tab.active)?.domain).toBe("ascalon");
  });

  it("opens that local tab although the clock was set back", async (world) => {
    await world.begin();
    await world.press();
    await world.live(6);
    await world.send("setClock", { seconds: -3600 });
    await world.live(1);
    await world.send("closeTab", { domain: "local" });
    await world.live(7);
    expect(await world.domains()).toContain("local");
  });

  it("opens only one such tab", async (world) => {
    await world.begin();
    await world.press();
    await world.send("closeTab", { domain: "local" });
    await world.live(20);
    expect((await world.domains()).filter((domain) => domain === "local")).toHaveLength(1);
  });

  it("opens none when the option says so", async (world) => {
    await world.begin({ opts: "{ keep_local_tab = false }" });
    await world.press();
    await world.send("closeTab", { domain: "local" });
    await world.live(7);
    expect(await world.domains()).toEqual(["ascalon"]);
  });

  it("opens a local tab before a detach would leave no window", async (world) => {
    await world.begin({ opts: "{ keep_local_tab = false }" });
    await world.press();
    await world.send("closeTab", { domain: "local" });
    await world.emit("ascalon.detach");
    await world.wait(1);
    expect((await world.state()).exited).toBe(false);
    expect(await world.domains()).toEqual(["local"]);
  });

  it("says so when there is nothing to detach", async (world) => {
    await world.begin();
    await world.emit("ascalon.detach");
    expect((await world.state()).toasts.join()).toContain("The VM is not attached.");
  });
});

scenarios("At start", (it) => {
  it("does not attach by itself", async (world) => {
    await world.begin();
    await world.live(5);
    expect((await world.state()).attaches).toBe(0);
  });

  it("attaches when ascalon.yaml says startup", async (world) => {
    await world.begin({ contract: { attach: "startup" } });
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
    expect((await world.state()).windows).toHaveLength(1);
  });

  it("attaches when the options say startup", async (world) => {
    await world.begin({ opts: '{ attach = "startup" }' });
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
  });

  it("does not when the options say key and ascalon.yaml startup", async (world) => {
    await world.begin({ opts: '{ attach = "key" }', contract: { attach: "startup" } });
    await world.live(2);
    expect((await world.state()).attaches).toBe(0);
  });

  it("is not ended by a VM that is down: WezTerm stays and the start is shown", async (world) => {
    await world.begin({ contract: { attach: "startup" }, status: { vm: { state: "stopped", since: 1 } } });
    await world.live(3);
    expect((await world.state()).exited).toBe(false);
    expect((await world.tabs())[1]?.args?.slice(-1)).toEqual(["--attach"]);
  });

  it("is not ended by a dead server", async (world) => {
    await world.begin({ contract: { attach: "startup" }, server: { mode: "missing" } });
    await world.live(5);
    expect((await world.state()).exited).toBe(false);
  });

  it("attaches although a reload comes right after the first tick", async (world) => {
    await world.begin({ contract: { attach: "startup" } });
    await world.send("tick");
    await world.send("reload");
    await world.live(2);
    expect(await world.isAttached()).toBe(true);
  });

  it("attaches once per process, not once per reload", async (world) => {
    await world.begin({ contract: { attach: "startup" } });
    await world.live(2);
    await world.emit("ascalon.detach");
    await world.send("reload");
    await world.live(3);
    expect((await world.state()).attaches).toBe(1);
  });
});
