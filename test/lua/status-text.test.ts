import { expect } from "vitest";
import { bundlePath, scenarios, socketPath, type World } from "./world.ts";

const shown = async (world: World): Promise<string | undefined> => {
  await world.live(1);
  return (await world.state()).windows[0]?.rightStatus;
};

scenarios("The status text", (it) => {
  it("is not written when nobody asked", async (world) => {
    await world.begin({ status: { vm: { state: "broken", since: 1 } } });
    expect(await shown(world)).toBeUndefined();
  });

  it("is empty when all is well", async (world) => {
    await world.begin({ opts: "{ status = true }" });
    expect(await shown(world)).toBe("");
  });

  it("says more when asked always", async (world) => {
    await world.begin({ opts: '{ status = "always" }', status: { generation: 12 } });
    expect(await shown(world)).toBe("ascalon: generation 12");
  });

  it("names broken and healing links", async (world) => {
    await world.begin({
      opts: "{ status = true }",
      status: {
        links: [
          { name: "mux", state: "up", since: 1 },
          { name: "docker", state: "broken", since: 1 },
          { name: "ssh-agent", state: "healing", since: 1 },
          { name: "bridge", state: "waiting", since: 1 },
        ],
      },
    });
    expect(await shown(world)).toBe("ascalon: docker broken, ssh-agent healing");
  });

  it("counts the seconds of a start", async (world) => {
    await world.begin({ opts: "{ status = true }" });
    await world.status({ vm: { state: "starting", since: (await world.send("time")) as number } });
    await world.live(41);
    expect((await world.state()).windows[0]?.rightStatus).toBe("ascalon: starting 41 s");
  });

  it("says why the VM is broken", async (world) => {
    await world.begin({
      opts: "{ status = true }",
      status: { vm: { state: "broken", since: 1, reason: "no driver" } },
    });
    expect(await shown(world)).toBe("ascalon: broken (no driver)");
  });

  it("says that a plan is pending, the heaviest step first", async (world) => {
    await world.begin({
      opts: "{ status = true }",
      status: { pendingPlan: { restart: 1, rebuild: 3, recreate: 0 } },
    });
    expect(await shown(world)).toBe("ascalon: restart pending");
  });

  it("says that the versions differ before anybody presses", async (world) => {
    await world.begin({ opts: "{ status = true }", status: { codec: { verdict: "different" } } });
    expect(await shown(world)).toBe("ascalon: WezTerm versions differ");
  });

  it("says hijacked", async (world) => {
    await world.begin({ opts: "{ status = true }", status: { mux: { socketPath, hijacked: true } } });
    expect(await shown(world)).toBe("ascalon: mux hijacked");
  });

  it("says that it has no news, and since when", async (world) => {
    await world.begin({ opts: "{ status = true }" });
    await world.wait(200);
    await world.send("tick");
    await world.wait(1);
    expect((await world.state()).windows[0]?.rightStatus).toBe("ascalon: no news for 3 min");
  });

  it("says nothing when there never was a status", async (world) => {
    await world.begin({ opts: "{ status = true }", status: "missing" });
    expect(await shown(world)).toBe("");
  });

  it("shows the last notice for ten seconds", async (world) => {
    await world.begin({ opts: "{ status = true }" });
    await world.press();
    await world.send("userVar", { domain: "ascalon", name: "ascalon.notify", value: "built" });
    expect(await shown(world)).toBe("VM: built");
    await world.live(10);
    expect((await world.state()).windows[0]?.rightStatus).toBe("");
  });

  it("shows it no longer than that when the clock is set back", async (world) => {
    await world.begin();
    await world.emit("ascalon.detach");
    expect(await shown(world)).toBe("The VM is not attached.");
    await world.send("setClock", { seconds: -7200 });
    await world.live(3);
    expect((await world.state()).windows[0]?.rightStatus).toBe("");
  });

  it("gives way to a notice for ten seconds where a handler of the user's own sets it, and not longer", async (world) => {
    await world.begin({
      windows: 2,
      before: 'wezterm.on("update-status", function(window) window:set_right_status("mine") end)',
    });
    await world.live(2);
    await world.emit("ascalon.detach");
    const samples: (string | undefined)[] = [];
    for (let i = 0; i < 130; i++) {
      await world.send("advance", { ms: 100 });
      const { windows } = await world.state();
      samples.push(windows[0]?.rightStatus);
      expect(windows[1]?.rightStatus).toBe("mine");
    }
    const ends = samples.indexOf("mine");
    expect(ends).toBeGreaterThan(85);
    expect(ends).toBeLessThan(115);
    expect(new Set(samples.slice(0, ends))).toEqual(new Set(["The VM is not attached."]));
    expect(new Set(samples.slice(ends))).toEqual(new Set(["mine"]));
  });

  it("shows a notice in the window alone that it is for", async (world) => {
    await world.begin({ windows: 2 });
    await world.emit("ascalon.detach");
    for (let second = 0; second < 12; second++) {
      await world.send("tick");
      await world.live(1);
      expect((await world.state()).windows[1]?.rightStatus).toBeUndefined();
    }
    expect((await world.state()).windows[0]?.rightStatus).toBe("");
  });

  it("can be had by a status bar of the user's own", async (world) => {
    await world.begin({ status: { vm: { state: "broken", since: 1, reason: "x" } } });
    const code = `return dofile("${bundlePath}").status_text()`;
    expect(await world.send("lua", { code })).toBe("ascalon: broken (x)");
  });

  it("is written in every window", async (world) => {
    await world.begin({ opts: '{ status = "always" }', windows: 3 });
    await world.live(1);
    expect((await world.state()).windows.map((window) => window.rightStatus)).toEqual(
      Array(3).fill("ascalon: up"),
    );
  });

  it("registers no timer but the clock's while there is nothing to do: each one stays with WezTerm", async (world) => {
    await world.begin({ opts: "{ status = true }" });
    await world.press();
    await world.live(100);
    expect((await world.state()).timers).toBe(1);
  });

  it("starts no child process in a hundred ticks", async (world) => {
    await world.begin({ opts: "{ status = true }" });
    await world.live(100);
    expect((await world.state()).children).toEqual([]);
  });
});

scenarios("Events for others", (it) => {
  it("tell when the VM's state changes, with both states", async (world) => {
    await world.begin();
    await world.live(2);
    await world.status({ vm: { state: "stopped", since: 1 } });
    await world.live(2);
    const change = (await world.state()).announced.find((event) => event.name === "ascalon.vm.changed");
    expect(change?.details).toEqual({ from: "running", to: "stopped" });
  });

  it("tell it once, with several windows", async (world) => {
    await world.begin({ windows: 3 });
    await world.live(2);
    await world.status({ vm: { state: "stopped", since: 1 } });
    await world.live(3);
    expect((await world.announced()).filter((name) => name === "ascalon.vm.changed")).toHaveLength(1);
  });

  it("tell nothing at the first look", async (world) => {
    await world.begin();
    await world.live(3);
    expect(await world.announced()).not.toContain("ascalon.vm.changed");
  });

  it("reach a handler of the user's with window, pane and details", async (world) => {
    await world.begin({
      after: `wezterm.on("ascalon.attach.finished", function(window, pane, details)
        window:set_right_status(details.domain .. pane:get_domain_name()) end)`,
    });
    await world.press();
    expect((await world.state()).windows[0]?.rightStatus).toBe("ascalonlocal");
  });

  it("do not stop the user's own update-status", async (world) => {
    await world.begin({
      after: 'wezterm.on("update-status", function(window) window:set_right_status("mine") end)',
    });
    await world.status("not json at all");
    await world.live(1);
    await world.send("tick");
    await world.wait(1);
    expect((await world.state()).windows[0]?.rightStatus).toBe("mine");
  });
});
