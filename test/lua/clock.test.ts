import { expect } from "vitest";
import { configText, scenarios, stateDir, type World } from "./world.ts";

/** How often a tick has looked at status.json. */
const looks = async (world: World): Promise<number> =>
  (await world.state()).reads.filter((path) => path === `${stateDir}/status.json`).length;

const countedLooks = async (world: World, seconds: number): Promise<number> => {
  await world.send("clear");
  await world.wait(seconds);
  return looks(world);
};

scenarios("The plugin's clock", (it) => {
  it("goes on when nobody touches the machine, where WezTerm gives no event", async (world) => {
    await world.begin();
    await world.wait(100);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("goes on while all its windows are in another workspace, and does nothing then", async (world) => {
    await world.begin();
    await world.wait(2);
    await world.send("hide");
    expect(await countedLooks(world, 10)).toBe(0);
    await world.send("hide", { undo: true });
    await world.wait(2);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("is one after ten reloads", async (world) => {
    await world.begin();
    for (let i = 0; i < 10; i++) {
      await world.send("reload");
      await world.wait(1);
    }
    expect(await countedLooks(world, 10)).toBe(10);
    expect((await world.state()).tasks).toBe(1);
  });

  it("ends when the configuration loads the plugin no more", async (world) => {
    await world.begin();
    await world.press();
    await world.live(2);
    await world.send("reload", { config: "return {}" });
    await world.live(20);
    await world.send("closeTab", { domain: "local" });
    await world.live(60);
    expect(await world.domains()).toEqual(["ascalon"]);
    expect((await world.state()).tasks).toBe(0);
  });

  it("ends so without any window too", async (world) => {
    await world.begin();
    await world.wait(2);
    await world.send("hide");
    await world.send("reload", { config: "return {}" });
    await world.wait(70);
    expect((await world.state()).tasks).toBe(0);
  });

  it("does nothing more when WezTerm answers no longer: its timers would run those of another", async (world) => {
    await world.begin();
    await world.live(2);
    await world.send("reload", { config: "return {}" });
    await world.live(9);
    await world.send("clear");
    await world.status({ vm: { state: "stopped", since: 1 } });
    await world.live(20);
    expect((await world.state()).timers).toBe(1);
    expect(await looks(world)).toBe(0);
  });

  it("begins anew with a window after a long time without one", async (world) => {
    await world.begin();
    await world.wait(2);
    await world.send("hide");
    await world.wait(100);
    expect((await world.state()).tasks).toBe(0);
    await world.send("hide", { undo: true });
    await world.send("openWindow");
    await world.wait(2);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("is one although a timer of an older Lua state has the number of its own", async (world) => {
    const slow = `local wezterm = require("wezterm") wezterm.on("slow", function() wezterm.sleep_ms(5000)
      for _ = 1, 9 do wezterm.time.call_after(0.01, function() end) end end) return {}`;
    await world.begin({ config: slow });
    await world.emit("slow");
    await world.send("reload", { config: configText() });
    await world.wait(10);
    expect(await countedLooks(world, 10)).toBe(10);
    expect((await world.state()).tasks).toBe(1);
  });

  it("goes on after copy mode waited for the character of a jump", async (world) => {
    await world.begin();
    await world.wait(2);
    await world.send("jump");
    await world.wait(45);
    await world.send("jump", { undo: true });
    await world.wait(2);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("comes back with the next event after a longer wait, however soon that comes", async (world) => {
    await world.begin();
    await world.wait(2);
    await world.send("jump");
    while ((await world.state()).tasks > 0) await world.wait(1);
    await world.send("jump", { undo: true });
    await world.send("tick");
    await world.wait(2);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("goes on for an hour, although tabs come and go", async (world) => {
    await world.begin();
    for (let i = 0; i < 100; i++) {
      await world.wait(35);
      await world.emit("ascalon.new-local-tab");
      await world.send("closeTab", { domain: "local" });
    }
    expect(await countedLooks(world, 10)).toBe(10);
    expect((await world.state()).timers).toBe(1);
  });

  it("begins although a reload drops its first timer", async (world) => {
    await world.begin();
    await world.send("advance", { ms: 25 });
    await world.send("reload");
    await world.wait(2);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("begins with the first window, also when that comes late", async (world) => {
    await world.begin({ windows: 0 });
    await world.wait(10);
    expect((await world.state()).timers).toBe(0);
    await world.send("openWindow");
    await world.wait(2);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("goes on when a tick raises, and says so", async (world) => {
    await world.begin();
    await world.wait(2);
    const gui = "local gui = require('wezterm').gui";
    await world.send("lua", {
      code: `${gui} gui.kept = gui.gui_windows gui.gui_windows = function() error("no windows") end return 1`,
    });
    await world.wait(3);
    expect((await world.logged("error")).join()).toContain("ascalon: tick: ");
    await world.send("lua", { code: `${gui} gui.gui_windows = gui.kept return 1` });
    await world.send("clear");
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("goes on when somebody's handler of a change never comes back", async (world) => {
    await world.begin({
      after: 'wezterm.on("ascalon.vm.changed", function() wezterm.run_child_process({ "for-ever" }) end)',
    });
    await world.send("child", { match: "for-ever", never: true });
    await world.live(2);
    await world.status({ vm: { state: "stopped", since: 1 } });
    await world.live(2);
    expect((await world.state()).children).toEqual(["for-ever"]);
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("goes on after a night's sleep", async (world) => {
    await world.begin();
    await world.live(2);
    await world.send("setClock", { seconds: 30_000 });
    expect(await countedLooks(world, 10)).toBe(10);
  });

  it("goes on after the clock was set back", async (world) => {
    await world.begin();
    await world.live(2);
    await world.send("setClock", { seconds: -30_000 });
    expect(await countedLooks(world, 10)).toBe(10);
    expect((await world.state()).tasks).toBe(1);
  });
});
