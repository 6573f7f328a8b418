import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { LuaFactory } from "wasmoon";

/** A Lua 5.4 in which the WezTerm double runs; speaks JSON, one request and one answer. */
export interface Engine {
  readonly name: string;
  dispatch(request: string): Promise<string>;
  close(): Promise<void>;
}

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

const read = (name: string): string =>
  readFileSync(new URL(`wezterm-double/${name}.lua`, import.meta.url), "utf8");

/** One chunk: each part is a function of the double's own table H. */
function doubleSource(): string {
  const blocks = parts.map((name) => `(function(H)\n${read(name)}\nend)(H)`);
  return `local H = {}\n${blocks.join(";\n")}\nreturn H.dispatch`;
}

/**
 * Lua in WebAssembly. Everything stays in Lua: by default wasmoon hands JavaScript objects over as userdata whose
 * methods lose their self, refuses null, and returns only the first of several results.
 */
export async function wasmEngine(): Promise<Engine> {
  const factory = new LuaFactory();
  const lua = await factory.createEngine({ enableProxy: false, injectObjects: false });
  const dispatch = (await lua.doString(doubleSource())) as (request: string) => string;
  return {
    name: "wasmoon",
    dispatch: async (request) => dispatch(request),
    close: async () => lua.global.close(),
  };
}

/** The system's lua5.4 as a server on its standard input, one JSON document a line. */
export async function systemEngine(): Promise<Engine> {
  const loop = `local dispatch = (function() ${doubleSource()} end)()
for line in io.lines() do io.write((dispatch(line):gsub("\\n", " ")), "\\n") io.flush() end`;
  const child = spawn("lua5.4", ["-e", loop], { stdio: ["pipe", "pipe", "inherit"] });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once("error", (cause) =>
      reject(new Error("lua5.4 is not installed: apt-get install lua5.4", { cause })),
    );
    child.once("exit", (code) => reject(new Error(`lua5.4 ended with ${code}`)));
  });
  failed.catch(() => {});
  const answers: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => answers.shift()?.(line));
  return {
    name: "lua5.4",
    dispatch: (request) => {
      const answer = new Promise<string>((resolve) => answers.push(resolve));
      child.stdin.write(`${request}\n`);
      return Promise.race([answer, failed]);
    },
    close: async () => {
      child.removeAllListeners("exit");
      child.stdin.end();
    },
  };
}
