import { expect } from "vitest";
import { scenarios, type World } from "./world.ts";

const attached = async (world: World, opts = ""): Promise<void> => {
  await world.begin({ opts });
  await world.press();
  await world.send("clear");
};

const say = async (world: World, domain: string, name: string, value: string): Promise<void> => {
  await world.send("userVar", { domain, name, value });
  await world.send("advance", { ms: 200 });
};

scenarios("Messages by user variable", (it) => {
  it("open a web address of the VM in the browser", async (world) => {
    await attached(world);
    await say(world, "ascalon", "ascalon.open", "https://example.org/?q=1#x");
    expect((await world.state()).opened).toEqual(["https://example.org/?q=1#x"]);
  });

  for (const [what, value] of [
    ["a file of the host", "file:///etc/passwd"],
    ["a program", "/Applications/Calculator.app"],
    ["another scheme", "ssh://host"],
    ["a script", "javascript:alert(1)"],
    ["an address with a space", "https://example.org/ -a Calculator"],
    ["an address with a quote", 'https://example.org/"'],
    ["an address with a newline", "https://example.org/\n/bin/sh"],
    ["an address with an escape", "https://example.org/\u001b]0;x"],
    ["an address of three thousand bytes", `https://example.org/${"a".repeat(3000)}`],
    ["nothing", ""],
  ] as const) {
    it(`do not open ${what}`, async (world) => {
      await attached(world);
      await say(world, "ascalon", "ascalon.open", value);
      expect((await world.state()).opened).toEqual([]);
    });
  }

  it("do not open for a local pane: whoever prints there has the browser already", async (world) => {
    await attached(world);
    await say(world, "local", "ascalon.open", "https://example.org/");
    expect((await world.state()).opened).toEqual([]);
    expect((await world.logged("warn")).join()).toContain("not from that pane");
  });

  it("open five addresses in ten seconds and no more", async (world) => {
    await attached(world);
    for (let i = 0; i < 20; i++) await say(world, "ascalon", "ascalon.open", `https://example.org/${i}`);
    expect((await world.state()).opened).toHaveLength(5);
    await world.wait(10);
    await say(world, "ascalon", "ascalon.open", "https://example.org/later");
    expect((await world.state()).opened).toHaveLength(6);
  });

  it("open addresses again when the clock was set back after five", async (world) => {
    await attached(world);
    for (let i = 0; i < 9; i++) await say(world, "ascalon", "ascalon.open", `https://example.org/${i}`);
    await world.send("setClock", { seconds: -7200 });
    await say(world, "ascalon", "ascalon.open", "https://example.org/later");
    expect((await world.state()).opened).toHaveLength(6);
  });

  it("show a notice of the VM, marked as the VM's", async (world) => {
    await attached(world);
    await say(world, "ascalon", "ascalon.notify", "The build is done");
    expect((await world.state()).toasts).toEqual(["ascalon: VM: The build is done"]);
  });

  for (const [what, value] of [
    ["with control characters", "a\u0007b"],
    ["with a control character of two bytes", "a\u009b31mb"],
    ["of a thousand bytes", "a".repeat(1000)],
    ["without text", ""],
  ] as const) {
    it(`show no notice ${what}`, async (world) => {
      await attached(world);
      await say(world, "ascalon", "ascalon.notify", value);
      expect((await world.state()).toasts).toEqual([]);
    });
  }

  it("show no toast when notifications are off, and keep the log", async (world) => {
    await attached(world, "{ notifications = false }");
    await say(world, "ascalon", "ascalon.notify", "The build is done");
    expect((await world.state()).toasts).toEqual([]);
    expect((await world.logged("info")).join()).toContain("The build is done");
  });

  const nixpkgs = { version: "0-unstable-2025-02-23", executableDir: "/nix/store/x-wezterm/bin" };

  it("show no toast in an unsigned build for macOS, which would end with it", async (world) => {
    await world.begin({ build: nixpkgs });
    await world.press();
    await say(world, "ascalon", "ascalon.notify", "The build is done");
    expect((await world.state()).toasts).toEqual([]);
    expect((await world.state()).windows[0]?.rightStatus).toBe("VM: The build is done");
  });

  for (const [what, build] of [
    ["of that version", { version: "0-unstable-2025-02-23" }],
    ["in the Nix store", { executableDir: nixpkgs.executableDir }],
  ] as const) {
    it(`show no toast in a build ${what}`, async (world) => {
      await world.begin({ build });
      await world.emit("ascalon.detach");
      expect((await world.state()).toasts).toEqual([]);
    });
  }

  it("show a toast there when the person has asked for it in so many words", async (world) => {
    await world.begin({
      build: { executableDir: nixpkgs.executableDir },
      opts: "{ notifications = true }",
    });
    await world.emit("ascalon.detach");
    expect((await world.state()).toasts).toHaveLength(1);
  });

  it("show a toast in such a build for Linux", async (world) => {
    await world.begin({ build: { ...nixpkgs, target: "x86_64-unknown-linux-gnu" } });
    await world.emit("ascalon.detach");
    expect((await world.state()).toasts).toHaveLength(1);
  });

  it("attach from a local pane", async (world) => {
    await world.begin();
    await say(world, "local", "ascalon.attach", "1");
    await world.wait(1);
    expect(await world.isAttached()).toBe(true);
  });

  it("do not attach from a pane of the VM", async (world) => {
    await attached(world);
    await say(world, "ascalon", "ascalon.attach", "1");
    expect((await world.logged("warn")).join()).toContain("ascalon.attach refused");
  });

  it("write five refusals of each message into the log and no more", async (world) => {
    await attached(world);
    for (let i = 0; i < 20; i++) await say(world, "ascalon", "ascalon.open", `file:${i}`);
    const refused = (await world.logged("warn")).filter((line) => line.includes("refused"));
    expect(refused).toHaveLength(5);
  });

  it("attach once for a flood of messages", async (world) => {
    await world.begin();
    for (let i = 0; i < 50; i++)
      await world.send("userVar", { domain: "local", name: "ascalon.attach", value: `${i}` });
    await world.wait(2);
    expect((await world.state()).attaches).toBe(1);
  });

  for (const name of ["ascalon.exec", "ascalon.", "ascalon.open.x", "PATH", "WEZTERM_PROG"]) {
    it(`do nothing for the name ${name}`, async (world) => {
      await attached(world);
      await say(world, "ascalon", name, "https://example.org/");
      const state = await world.state();
      expect([state.opened, state.toasts, state.children]).toEqual([[], [], []]);
    });
  }

  for (const kind of ["open", "notify", "attach"]) {
    it(`can be switched off: ${kind}`, async (world) => {
      await world.begin({ opts: `{ messages = { ${kind} = false } }` });
      if (kind !== "attach") await world.press();
      await world.send("clear");
      await say(world, kind === "attach" ? "local" : "ascalon", `ascalon.${kind}`, "https://example.org/");
      const state = await world.state();
      expect([state.opened, state.toasts, state.attaches]).toEqual([[], [], 0]);
    });
  }

  it("can be switched off altogether", async (world) => {
    await attached(world, "{ messages = false }");
    await say(world, "ascalon", "ascalon.open", "https://example.org/");
    expect((await world.state()).opened).toEqual([]);
  });

  it("leave the user variables of others to their handlers", async (world) => {
    await world.begin({
      after: 'wezterm.on("user-var-changed", function(window, pane, name) window:set_right_status(name) end)',
    });
    await say(world, "local", "theirs", "x");
    expect((await world.state()).windows[0]?.rightStatus).toBe("theirs");
  });
});
