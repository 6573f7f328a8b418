import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * What the plugin costs WezTerm, measured in the system's Lua 5.4 under the double: no WezTerm is needed, and the
 * figures are those of the plugin's own code.
 */
const root = new URL("../../", import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, root), "utf8");

const parts = [
  "json",
  "scheduler",
  "mux",
  "objects",
  "module",
  "state",
  "process",
  "random",
  "bench",
  "protocol",
];
const statePath = "/Users/ada/.local/state/ascalon";
const panes = 500;

function program() {
  const blocks = parts.map((name) => `(function(H)\n${read(`test/lua/wezterm-double/${name}.lua`)}\nend)(H)`);
  return `local H = {}\n${blocks.join(";\n")}\nfor line in io.lines() do print(H.dispatch(line)) end`;
}

/** @param {string} bundle */
function requests(bundle) {
  const bundlePath = `${statePath}/wezterm/ascalon.lua`;
  const socket = `${statePath}/sock/mux.sock`;
  const link = { name: "mux", state: "up", since: 1 };
  const status = {
    schema: 1,
    writtenAt: 1_800_000_000,
    nextWriteBy: 1_900_000_000,
    vm: { state: "running", since: 1 },
    links: [link],
  };
  const config = `local config = {} dofile("${bundlePath}").apply_to_config(config, { palette = true, status = true }) return config`;
  return [
    { op: "reset", files: { [bundlePath]: bundle, [`${statePath}/status.json`]: JSON.stringify(status) } },
    { op: "server", path: socket, panes: 1 },
    { op: "start", config },
    { op: "panes", count: panes },
    { op: "press", chord: "CMD|SHIFT+A" },
    { op: "advance", ms: 1000 },
    { op: "bench", bundle: bundlePath },
  ];
}

/** @returns {Promise<{ name: string, value: number, unit: string, bound?: number }[]>} */
export async function measure() {
  const bundle = read("lua-out/ascalon.lua");
  const input = requests(bundle).map((request) => `${JSON.stringify(request)}\n`);
  const lua = spawnSync("lua5.4", ["-e", program()], { input: input.join(""), encoding: "utf8" });
  if (lua.status !== 0) throw new Error(`lua5.4: ${lua.error?.message ?? lua.stderr}`);
  const { value, problem } = JSON.parse(lua.stdout.trim().split("\n").at(-1) ?? "{}");
  if (problem !== undefined) throw new Error(problem);
  /** @param {number} us */
  const whole = (us) => Math.round(us * 10) / 10;
  return [
    { name: "plugin: size", value: Buffer.byteLength(bundle), unit: "bytes", bound: 32 * 1024 },
    { name: "plugin: load", value: whole(value.load), unit: "µs", bound: 1000 },
    { name: "plugin: status text", value: whole(value.text), unit: "µs", bound: 50 },
    {
      name: `plugin: tick with ${panes} panes`,
      value: whole(value.tick),
      unit: "µs",
      bound: 50,
    },
    { name: `plugin: palette with ${panes} panes`, value: whole(value.palette), unit: "µs" },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measure());
