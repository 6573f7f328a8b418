import { expect } from "vitest";
import { wellStatus } from "./wezterm-double.ts";
import { bundlePath, configText, contract, scenarios, socketPath, stateDir } from "./world.ts";

const pluginJson = `${stateDir}/wezterm/plugin.json`;

const fresh = async (world: { send: (op: string) => Promise<unknown> }) =>
  JSON.stringify(wellStatus((await world.send("time")) as number));

scenarios("When an attach cannot succeed", (it) => {
  it("says that nothing listens, in place of WezTerm's wait", async (world) => {
    await world.begin({ server: { mode: "missing" } });
    await world.press();
    await world.wait(3);
    expect((await world.explanation())?.description).toBe("Nothing listens at the VM's socket.");
  });

  it("says that the server behind the link is gone, in place of WezTerm's advice about versions", async (world) => {
    await world.begin({ server: { mode: "closes" } });
    await world.press();
    expect((await world.explanation())?.description).toContain("does not answer behind it");
  });

  it("reads both codecs out of WezTerm's text when the status did not know them", async (world) => {
    await world.begin({
      server: { codec: 42, version: "20240203" },
      status: { gui: [], codec: { verdict: "unknown" } },
    });
    await world.press();
    const text = (await world.explanation())?.labels.join(" ");
    expect(text).toContain("20250223-062404-4ff581a8 (codec 44)");
    expect(text).toContain("20240203 (codec 42)");
    expect(text).toContain("then run ascalon rebuild");
  });

  it("ends a silent server after WezTerm's minute, and one press holds all that time", async (world) => {
    await world.begin({ server: { mode: "silent" } });
    await world.press();
    await world.live(30);
    await world.press();
    await world.live(35);
    expect((await world.state()).attaches).toBe(1);
    expect((await world.explanation())?.description).toContain("does not answer");
  });

  it("leaves the person in the tab of the press, with the explanation over it", async (world) => {
    await world.begin({ server: { mode: "missing" } });
    await world.press();
    await world.wait(3);
    expect((await world.tabs()).map(({ domain, active }) => [domain, active])).toEqual([
      ["local", true],
      ["TermWizTerminalDomain", false],
    ]);
    expect((await world.explanation())?.description).toBe("Nothing listens at the VM's socket.");
  });

  it("leaves a person alone who went to another tab meanwhile", async (world) => {
    await world.begin({ server: { mode: "silent" } });
    await world.press();
    await world.send("panes", { window: 0, count: 1 });
    await world.live(65);
    expect((await world.tabs()).map(({ domain, active }) => [domain, active])).toEqual([
      ["local", false],
      ["TermWizTerminalDomain", false],
      ["local", true],
    ]);
  });

  it("explains although the tab of the press was closed meanwhile", async (world) => {
    await world.begin({ server: { mode: "missing" } });
    await world.press();
    await world.send("closeTab", { domain: "local" });
    await world.wait(3);
    expect((await world.explanation())?.description).toBe("Nothing listens at the VM's socket.");
  });

  it("says what a tab failed with, which WezTerm tells as a record of several lines", async (world) => {
    await world.begin();
    await world.press();
    await world.send("server", { path: socketPath, panes: 1, mode: "full" });
    await world.emit("ascalon.new-tab");
    expect((await world.explanation())?.labels.join(" ")).toContain('source: "No more ptys"');
  });

  it("shows the whole of a headline that is longer than its line, and of every other", async (world) => {
    const reason = `${"the server of the guest does not take the connection ".repeat(3)}at all`;
    await world.begin({ status: { links: [{ name: "mux", state: "broken", since: 1, reason }] } });
    await world.press();
    const shown = await world.explanation();
    expect(shown?.description).toHaveLength(74);
    expect(shown?.labels.join(" ")).toContain(`The link to the VM is broken: ${reason}.`);
  });

  it("shows no traceback", async (world) => {
    await world.begin({ server: { mode: "missing" } });
    await world.press();
    await world.wait(3);
    expect(JSON.stringify(await world.explanation())).not.toContain("traceback");
  });

  it("announces the failure with its sentence", async (world) => {
    await world.begin({ server: { mode: "closes" } });
    await world.press();
    expect(await world.announced()).toContain("ascalon.attach.failed");
  });

  it("tells to restart WezTerm when the domain is unknown to it", async (world) => {
    await world.begin({ config: "return {}" });
    await world.send("reload", { config: configText() });
    await world.press();
    expect((await world.explanation())?.description).toBe("WezTerm does not know the VM yet.");
    expect((await world.explanation())?.labels.join(" ")).toContain("quit it and start it again");
  });

  it("stays quiet when the window closes during the attach", async (world) => {
    await world.begin({ windows: 2 });
    await world.send("press", { chord: "CMD|SHIFT+A", window: 1 });
    await world.send("closeWindow", { window: 1 });
    await world.wait(1);
    // The clock's alone.
    expect((await world.state()).tasks).toBe(1);
  });
});

scenarios("When status.json is no help", (it) => {
  it("asks the CLI when the file is stale, and attaches on its answer", async (world) => {
    await world.begin();
    await world.wait(60);
    await world.send("child", { match: "attach --json", stdout: await fresh(world), ms: 300 });
    await world.press();
    await world.wait(1);
    expect((await world.state()).children).toEqual([
      "/usr/bin/env PATH=/usr/bin /usr/bin/node /opt/ascalon.mjs attach --json",
    ]);
    expect(await world.isAttached()).toBe(true);
  });

  it("asks the CLI when there is no file", async (world) => {
    await world.begin({ status: "missing" });
    await world.press();
    expect((await world.state()).children).toHaveLength(1);
  });

  it("asks the CLI when the file is damaged", async (world) => {
    await world.begin({ status: '{"schema": 1, "writtenAt": ' });
    await world.press();
    expect((await world.state()).children).toHaveLength(1);
  });

  it("asks once for presses while the answer is awaited", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", ms: 5000 });
    await world.press();
    await world.press();
    await world.press();
    expect((await world.state()).children).toHaveLength(1);
  });

  it("asks again when the first question never came back", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", never: true });
    await world.press();
    for (let i = 0; i < 5; i++) {
      await world.wait(5);
      await world.send("tick");
    }
    await world.press();
    expect((await world.state()).children).toHaveLength(2);
  });

  it("asks again after its time too when the clock was set back meanwhile", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", never: true });
    await world.press();
    await world.send("setClock", { seconds: -7200 });
    await world.wait(25);
    await world.press();
    expect((await world.state()).children).toHaveLength(2);
  });

  it("keeps the key alive in a window whose question never came back", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", never: true });
    await world.press();
    await world.status({});
    await world.live(30);
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("ends the mark of such a question although the title changes each quarter of a minute only", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", never: true });
    await world.press();
    for (let i = 0; i < 10; i++) {
      await world.wait(15);
      await world.send("tick");
    }
    await world.status({});
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("explains although the pane of the press was closed meanwhile", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", exit: 1, ms: 3000 });
    await world.emit("ascalon.new-local-tab");
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.wait(1);
    await world.send("closeTab", { domain: "local" });
    await world.wait(4);
    expect((await world.explanation())?.description).toBe("ascalon gives no answer about the VM.");
  });

  it("explains a failed attach although the pane of the message was closed meanwhile", async (world) => {
    await world.begin({ server: { mode: "missing" } });
    await world.emit("ascalon.new-local-tab");
    await world.send("userVar", { domain: "local", name: "ascalon.attach", value: "1" });
    await world.wait(2);
    await world.send("closeTab", { domain: "local" });
    await world.wait(2);
    expect((await world.explanation())?.description).toBe("Nothing listens at the VM's socket.");
    expect(await world.announced()).toContain("ascalon.attach.failed");
  });

  it("does not act on an answer that comes after its time", async (world) => {
    await world.begin({ status: "missing", windows: 2 });
    await world.send("child", { match: "attach --json", stdout: await fresh(world), ms: 60000 });
    await world.press(0);
    for (let i = 0; i < 5; i++) {
      await world.wait(5);
      await world.send("tick");
    }
    await world.send("child", { match: "attach --json", never: true });
    await world.press(1);
    await world.wait(60);
    expect((await world.state()).attaches).toBe(0);
  });

  it("says so when the CLI fails", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", exit: 1, stderr: "no" });
    await world.press();
    expect((await world.explanation())?.description).toBe("ascalon gives no answer about the VM.");
  });

  it("tells why the CLI cannot answer: nothing is to be installed for settings with a typo", async (world) => {
    await world.begin({ status: "missing" });
    const error = {
      code: "E_SETTINGS_INVALID",
      exit: 5,
      what: "/Users/ada/.config/ascalon/ascalon.yaml has a problem; nothing was changed",
      run: "ascalon config edit",
      details: ['/Users/ada/ascalon.yaml:2:9 vm.cpus: expected a whole number, got "six"'],
    };
    const stderr = `${JSON.stringify({ schema: 1, error })}\n`;
    await world.send("child", { match: "attach --json", exit: 5, stderr });
    await world.press();
    const explanation = await world.explanation();
    expect(explanation?.description).toBe(error.what);
    expect(explanation?.labels.join(" ")).toContain(error.details[0]);
    expect(explanation?.labels).toContain("Run ascalon doctor");
    expect(explanation?.labels.join(" ")).not.toContain("wezterm install");
  });

  it("says so when the CLI's program is missing", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", missing: true });
    await world.press();
    expect((await world.explanation())?.description).toBe("ascalon gives no answer about the VM.");
    // doctor, which is offered too, is the same program.
    expect(JSON.stringify(await world.explanation())).toContain("ascalon wezterm install");
  });

  it("says so when the CLI prints no JSON", async (world) => {
    await world.begin({ status: "missing" });
    await world.send("child", { match: "attach --json", stdout: "hello" });
    await world.press();
    expect((await world.explanation())?.description).toBe("ascalon gives no answer about the VM.");
  });

  it("tells how to install when the CLI was never there", async (world) => {
    await world.begin({ status: "missing", contract: "missing" });
    await world.press();
    expect((await world.explanation())?.labels.join(" ")).toContain("ascalon wezterm install");
    expect((await world.state()).children).toEqual([]);
  });

  it("takes the CLI that the options name", async (world) => {
    await world.begin({ status: "missing", contract: "missing", opts: '{ cli = "/usr/local/bin/ascalon" }' });
    await world.press();
    expect((await world.state()).children).toEqual(["/usr/local/bin/ascalon attach --json"]);
  });

  it("trusts a status of a newer schema as far as it reads it", async (world) => {
    await world.begin({ status: { schema: 9 } });
    await world.press();
    expect(await world.isAttached()).toBe(true);
  });

  it("finds a plugin.json that came after WezTerm's start, which nothing watches", async (world) => {
    await world.begin({ contract: "missing", status: { vm: { state: "stopped", since: 1 } } });
    await world.send("file", { path: pluginJson, text: JSON.stringify(contract) });
    await world.press();
    expect((await world.tabs())[1]?.args?.slice(-2)).toEqual(["up", "--attach"]);
    expect(await world.explanation()).toBeUndefined();
  });

  it("asks the CLI of such a plugin.json, and offers its commands once each", async (world) => {
    await world.begin({ contract: "missing", status: "missing" });
    await world.press();
    expect((await world.state()).children).toEqual([]);
    await world.send("choose", { id: "Close" });
    await world.send("file", { path: pluginJson, text: JSON.stringify(contract) });
    await world.wait(3);
    await world.press();
    expect((await world.state()).children).toHaveLength(1);
    await world.send("choose", { id: "doctor" });
    await world.wait(1);
    await world.emit("ascalon.menu");
    await world.send("choose", { id: "ascalon.cli.doctor" });
    await world.wait(1);
    const tabs = (await world.tabs()).filter((tab) => tab.args?.at(-1) === "doctor");
    expect(tabs).toHaveLength(2);
  });

  it("takes folders and commands of such a plugin.json also when the options name the CLI", async (world) => {
    const opts = '{ cli = "/usr/local/bin/ascalon" }';
    await world.begin({ contract: "missing", opts });
    await world.send("file", { path: pluginJson, text: JSON.stringify(contract) });
    await world.press();
    await world.send("activate", { domain: "local" });
    await world.send("folder", { domain: "local", path: "/Users/ada/Projects/x" });
    await world.emit("ascalon.new-tab");
    expect((await world.tabs()).at(-1)?.cwd).toBe("/Users/ada/Projects/x");
    await world.emit("ascalon.cli.doctor");
    const tabs = (await world.tabs()).filter((tab) => tab.args?.at(-1) === "doctor");
    expect(tabs.map((tab) => tab.args?.slice(4))).toEqual([["/usr/local/bin/ascalon", "doctor"]]);
  });

  it("offers no attach over ssh that WezTerm does not know yet", async (world) => {
    const broken = { links: [{ name: "mux", state: "broken" as const, since: 1 }] };
    await world.begin({ contract: "missing", status: broken });
    await world.send("file", { path: pluginJson, text: JSON.stringify(contract) });
    await world.press();
    expect((await world.explanation())?.labels).toContain("Run ascalon doctor");
    expect((await world.explanation())?.labels).not.toContain("Attach over ssh instead");
  });

  it("finds the state folder by XDG_STATE_HOME", async (world) => {
    await world.begin({ contract: "missing", env: { XDG_STATE_HOME: "/x" } });
    expect((await world.state()).reads).toContain("/x/ascalon/wezterm/plugin.json");
  });

  it("reads nothing but its two small files", async (world) => {
    await world.begin();
    await world.press();
    await world.live(3);
    const { reads } = await world.state();
    expect([...new Set(reads)].sort()).toEqual([
      `${stateDir}/status.json`,
      `${stateDir}/wezterm/plugin.json`,
    ]);
    expect(reads).not.toContain(bundlePath);
  });
});
