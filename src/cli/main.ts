import { run } from "./app.ts";
import { createContext } from "./create-context.ts";

void run(process.argv.slice(2), createContext(process)).then((code) => {
  process.exitCode = code;
});
