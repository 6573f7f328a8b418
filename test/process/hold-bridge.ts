/** A process that serves the bridge and nothing else, to be measured and killed: SOCKET PROGRAM-FOR-OP. */
import { systemClock } from "../../src/cli/adapters/clock.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { listenAt } from "../../src/cli/adapters/listen.ts";
import { startPiped, systemProcesses } from "../../src/cli/adapters/process.ts";
import { createBridgeLog } from "../../src/cli/bridge/log.ts";
import { createBridgeServer } from "../../src/cli/bridge/server.ts";

const [socket = "", program = "/bin/true"] = process.argv.slice(2);
const host = { platform: "linux", arch: "x64", cpus: 2, memoryBytes: 1, home: "/tmp" } as const;
const server = createBridgeServer({
  context: { env: process.env, host, files: systemFiles, clock: systemClock, processes: systemProcesses },
  startPiped,
  readSettings: async () => ({
    bridge: {
      allow: ["op", "pbcopy"],
      rules: ["op", "pbcopy"].map((command) => ({ command, program, confirm: false })),
    },
    mounts: [],
  }),
  log: createBridgeLog(systemFiles, systemClock, `${socket}.log`),
});
await listenAt(socket, server.serve);
process.stdout.write("ready\n");
