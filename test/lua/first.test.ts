import { expect, test } from "vitest";
import { wasmEngine, systemEngine } from "./engine.ts";
import { bundle, bundlePath, configText, contract, sender, socketPath, stateDir, wellStatus } from "./wezterm-double.ts";

for (const make of [systemEngine, wasmEngine]) test(`random ${make.name}`, async () => {
  const engine = await make();
  const send = sender(engine);
  const t=Date.now();
  const r = await send("random", { files: { [bundlePath]: bundle, [`${stateDir}/wezterm/plugin.json`]: JSON.stringify(contract) }, config: configText('{palette = true, status = true}', 'config.keys = { { key = "u", mods = "CMD", action = wezterm.action.EmitEvent("user") } }'), seed: 7, from: 1, count: 1000, length: 20 });
  console.log(r, Date.now()-t);
  await engine.close();
}, 100000);
