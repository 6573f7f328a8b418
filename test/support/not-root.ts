import { run } from "../../src/cli/app.ts";
import { createContext } from "../../src/cli/create-context.ts";

/**
 * The whole program on its real streams, for tests on the limactl of test/doubles: whoever runs them, root too, is a
 * person's own user to it, and the processor is none of its business.
 */
const context = createContext(process);
const files = { ...context.files, isReadWritable: async () => false };
void run(process.argv.slice(2), { ...context, uid: 501, files }).then((code) => {
  process.exitCode = code;
});
