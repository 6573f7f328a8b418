import { expect, test } from "vitest";
import { type Engine, systemEngine, wasmEngine } from "./engine.ts";
import { bundle, bundlePath, configText, contract, sender, stateDir } from "./wezterm-double.ts";

/**
 * Presses, ticks, reloads, dying servers, hostile messages, clocks that jump, in any order. After each sequence:
 * never two attaches in flight, nothing raised, no error in the log, no handler left hanging, the user's key there.
 */
async function run(engine: Engine, from: number, count: number, options: string): Promise<unknown> {
  const send = sender(engine);
  const own = 'config.keys = { { key = "u", mods = "CMD", action = wezterm.action.EmitEvent("user") } }';
  try {
    return await send("random", {
      files: { [bundlePath]: bundle, [`${stateDir}/wezterm/plugin.json`]: JSON.stringify(contract) },
      config: configText("{ palette = true, status = true }", own + options),
      seed: 20260101,
      from,
      count,
      length: 18,
    });
  } finally {
    await engine.close();
  }
}

/** Of those that change where an attach lands and where an answer is seen. */
const others = `
config.default_workspace = "main"
config.switch_to_last_active_tab_when_closing_tab = true
config.hide_tab_bar_if_only_one_tab = true`;

test("10,000 random sequences keep the invariants (lua5.4)", async () => {
  expect(await run(await systemEngine(), 1, 10_000, "")).toEqual({ number: 0 });
}, 120_000);

test("500 others keep them in the other Lua (wasmoon)", async () => {
  expect(await run(await wasmEngine(), 10_001, 500, others)).toEqual({ number: 0 });
}, 120_000);
