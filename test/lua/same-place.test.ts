import { expect } from "vitest";
import { scenarios, type World } from "./world.ts";

const attachedIn = async (world: World, path: string, opts = "", host?: string): Promise<void> => {
  await world.begin({ opts });
  await world.press();
  await world.send("activate", { domain: "local" });
  await world.send("folder", { domain: "local", path, host });
};

scenarios("A new tab in the same place", (it) => {
  it("opens in the VM where the local pane is, when a mount shows it", async (world) => {
    await attachedIn(world, "/Users/ada/Projects/site");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)).toMatchObject({ domain: "ascalon", cwd: "/Users/ada/Projects/site" });
  });

  it("opens in the VM's default folder when no mount shows it", async (world) => {
    await attachedIn(world, "/Users/ada/Music");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)).toMatchObject({ domain: "ascalon" });
    expect((await world.tabs()).at(-1)?.cwd).toBeUndefined();
  });

  // A shell that tells nothing: WezTerm asks the system (mux/src/localpane.rs, divine_current_working_dir).
  it("opens there when WezTerm 20240203 has found the folder by itself", async (world) => {
    await attachedIn(world, "/Users/ada/Projects/site", "", "localhost");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)?.cwd).toBe("/Users/ada/Projects/site");
  });

  it("opens there when a later WezTerm has, which ends it with a slash", async (world) => {
    await attachedIn(world, "/Users/ada/Projects/site/");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)?.cwd).toBe("/Users/ada/Projects/site");
  });

  it("does not take a neighbour for a mount", async (world) => {
    await attachedIn(world, "/Users/ada/Projects-old/site");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)?.cwd).toBeUndefined();
  });

  it("does not take the folder of another host for its own", async (world) => {
    await attachedIn(world, "/Users/ada/Projects/site", "", "build-server");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)?.cwd).toBeUndefined();
  });

  it("takes no folder from a pane of another domain, which may be another machine", async (world) => {
    await world.begin();
    await world.press();
    await world.send("panes", { window: 0, count: 1, domain: "unix", cwd: "/Users/ada/Projects/x" });
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)).toMatchObject({ domain: "ascalon" });
    expect((await world.tabs()).at(-1)?.cwd).toBeUndefined();
  });

  it("opens in the same folder of the VM from a VM pane", async (world) => {
    await world.begin();
    await world.press();
    await world.send("folder", { domain: "ascalon", path: "/home/dev/notes", host: "ascalon" });
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)).toMatchObject({ domain: "ascalon", cwd: "/home/dev/notes" });
  });

  it("opens a local tab where the VM pane is, by the mount", async (world) => {
    await world.begin();
    await world.press();
    await world.send("folder", { domain: "ascalon", path: "/home/dev/Projects/site", host: "ascalon" });
    await world.emit("ascalon.new-local-tab");
    expect((await world.tabs()).at(-1)).toMatchObject({ domain: "local", cwd: "/Users/ada/Projects/site" });
  });

  it("opens a local tab in the default folder for a place on the VM's own disk", async (world) => {
    await world.begin();
    await world.press();
    await world.send("folder", { domain: "ascalon", path: "/home/dev/notes", host: "ascalon" });
    await world.emit("ascalon.new-local-tab");
    expect((await world.tabs()).at(-1)?.domain).toBe("local");
    expect((await world.tabs()).at(-1)?.cwd).toBeUndefined();
  });

  it("opens without a folder when the pane tells none", async (world) => {
    await world.begin();
    await world.press();
    await world.send("folder", { domain: "ascalon" });
    await world.emit("ascalon.new-local-tab");
    expect((await world.tabs()).at(-1)?.domain).toBe("local");
  });

  it("passes the guest no environment of the host: no args, ever", async (world) => {
    await attachedIn(world, "/Users/ada/Projects");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)?.args).toBeUndefined();
  });

  it("attaches first when the VM is not attached", async (world) => {
    await world.begin();
    await world.send("folder", { domain: "local", path: "/Users/ada/Projects/site" });
    await world.emit("ascalon.new-tab");
    expect(await world.domains()).toEqual(["local", "ascalon", "ascalon"]);
    expect((await world.tabs()).at(-1)?.cwd).toBe("/Users/ada/Projects/site");
  });

  it("opens one tab, not two, in a server without panes", async (world) => {
    await world.begin({ server: { panes: 0 } });
    await world.emit("ascalon.new-tab");
    expect(await world.domains()).toEqual(["local", "ascalon"]);
  });

  it("leaves places alone when the option says so", async (world) => {
    await attachedIn(world, "/Users/ada/Projects/site", "{ same_place = false }");
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)?.cwd).toBeUndefined();
  });
});
