import nodeModule from "node:module";
import { run } from "./app.ts";
import { createContext } from "./create-context.ts";

// Node >= 22.8: what is loaded later (execa, yaml, zod) is compiled once and read from a cache afterwards.
(nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
const context = createContext(process);
process.exitCode = await run(process.argv.slice(2), context);
