import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PluginContract } from "../../src/shared/plugin-contract.ts";
import type { StatusFile } from "../../src/shared/status.ts";
import { type Engine, systemEngine, wasmEngine } from "./engine.ts";
import {
  bundle,
  bundlePath,
  configText,
  contract,
  type DoubleState,
  type DoubleTab,
  type Send,
  sender,
  shim,
  socketPath,
  stateDir,
  wellStatus,
} from "./wezterm-double.ts";

/** How a scenario begins; everything left out is a person with a well VM and the plugin installed. */
export interface Beginning {
  readonly opts?: string;
  readonly before?: string;
  readonly after?: string;
  readonly config?: string;
  readonly contract?: Partial<PluginContract> | "missing" | string;
  readonly server?: {
    readonly mode?: string;
    readonly panes?: number;
    readonly codec?: number;
    readonly version?: string;
  };
  /** Changes of a well status, a text, or no file at all. */
  readonly status?: Partial<StatusFile> | "missing" | string;
  readonly windows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Which WezTerm it is, and where. */
  readonly build?: {
    readonly version?: string;
    readonly target?: string;
    readonly executableDir?: string;
  };
}

export interface World {
  readonly send: Send;
  begin(beginning?: Beginning): Promise<void>;
  /** CMD+SHIFT+A in a window, and time for what follows. */
  press(window?: number): Promise<void>;
  emit(name: string, window?: number): Promise<void>;
  /** Seconds of virtual time in which nobody writes status.json. */
  wait(seconds: number): Promise<void>;
  /** Seconds in which nobody touches the machine, with a fresh status.json of the last content in each. */
  live(seconds: number): Promise<void>;
  status(changes: Partial<StatusFile> | "missing" | string): Promise<void>;
  state(): Promise<DoubleState>;
  tabs(window?: number): Promise<readonly DoubleTab[]>;
  domains(window?: number): Promise<readonly string[]>;
  isAttached(name?: string): Promise<boolean>;
  explanation(window?: number): Promise<{ description: string; labels: readonly string[] } | undefined>;
  logged(level: string): Promise<readonly string[]>;
  announced(): Promise<readonly string[]>;
}

const statusPath = contract.statusPath;

function worldOf(engine: Engine): World {
  const send = sender(engine);
  let last: Partial<StatusFile> | "missing" | string = {};
  const state = async () => (await send("state")) as DoubleState;
  const writeStatus = async (content: Partial<StatusFile> | "missing" | string): Promise<void> => {
    const now = (await send("time")) as number;
    const text = typeof content === "string" ? content : JSON.stringify(wellStatus(now, content));
    await send("file", content === "missing" ? { path: statusPath } : { path: statusPath, text });
  };
  const world: World = {
    send,
    state,
    begin: async (given = {}) => {
      const plugin = given.contract ?? {};
      const files: Record<string, string> = { [bundlePath]: bundle, ...given.files };
      if (plugin !== "missing") {
        files[`${stateDir}/wezterm/plugin.json`] =
          typeof plugin === "string" ? plugin : JSON.stringify({ ...contract, ...plugin });
      }
      const env = { HOME: "/Users/ada", WEZTERM_UNIX_SOCKET: "/run/wezterm/gui-sock-4242", ...given.env };
      await send("reset", { files, env, ...given.build });
      await send("server", { path: socketPath, panes: 1, ...given.server });
      last = given.status ?? {};
      await writeStatus(last);
      await send("start", {
        config: given.config ?? configText(given.opts, given.before, given.after),
        windows: given.windows,
      });
    },
    press: async (window = 0) => {
      await send("press", { chord: "CMD|SHIFT+A", window });
      await send("advance", { ms: 400 });
    },
    emit: async (name, window = 0) => {
      await send("emit", { name, window });
      await send("advance", { ms: 400 });
    },
    wait: async (seconds) => {
      await send("advance", { ms: seconds * 1000 });
    },
    live: async (seconds) => {
      for (let second = 0; second < seconds; second++) {
        await send("advance", { ms: 1000 });
        await writeStatus(last);
      }
      await send("advance", { ms: 400 });
    },
    status: async (changes) => {
      last = changes;
      await writeStatus(last);
    },
    tabs: async (window = 0) => (await state()).windows[window]?.tabs ?? [],
    domains: async (window = 0) => (await world.tabs(window)).map((tab) => tab.domain),
    isAttached: async (name = "ascalon") =>
      (await state()).domains.some((domain) => domain.name === name && domain.attached),
    explanation: async (window = 0) => (await state()).windows[window]?.overlay,
    logged: async (level) =>
      (await state()).log.filter((line) => line.level === level).map((line) => line.text),
    announced: async () => (await state()).announced.map((event) => event.name),
  };
  return world;
}

export type Tell = (sentence: string, scene: (world: World) => Promise<void>) => void;

/**
 * Tells scenarios in both Luas. After each, what must always hold is looked at: nothing raised, no second attach
 * in flight, no error in the log.
 */
export function scenarios(title: string, tell: (scene: Tell) => void): void {
  for (const make of [wasmEngine, systemEngine]) {
    describe(`${title} (${make === wasmEngine ? "wasmoon" : "lua5.4"})`, () => {
      let engine: Engine;
      beforeAll(async () => {
        engine = await make();
      });
      afterAll(() => engine.close());
      tell((sentence, scene) => {
        test(sentence, async () => {
          const world = worldOf(engine);
          await scene(world);
          const { violations } = await world.state();
          expect(violations).toEqual([]);
          expect(await world.logged("error")).toEqual([]);
        });
      });
    });
  }
}

export { bundle, bundlePath, configText, contract, shim, socketPath, stateDir };
