import { systemClock } from "../../src/cli/adapters/clock.ts";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { startLong, systemProcesses } from "../../src/cli/adapters/process.ts";
import { systemSocketFiles } from "../../src/cli/adapters/socket-files.ts";
import type { Link } from "../../src/cli/links/link.ts";
import { createLinks } from "../../src/cli/links/links.ts";
import { createLinksPort } from "../../src/cli/links/links-port.ts";

/** A process of its own that holds links, to be killed: `node BUNDLE INSTANCE_DIR SOCK_DIR LINKS_JSON`. */
const [instanceDir = "", sockDir = "", json = "[]"] = process.argv.slice(2);
const adapters = {
  converse,
  startLong,
  files: systemFiles,
  socketFiles: systemSocketFiles,
  processes: systemProcesses,
  clock: systemClock,
};
const links = createLinks(
  createLinksPort(adapters, { instanceDir, sockDir, uid: process.getuid?.() ?? -1, platform: "linux" }),
  {
    links: JSON.parse(json) as Link[],
    onChange: () => {
      if (links.reports().every((report) => report.state.kind === "up"))
        process.stdout.write(`${links.pid()}\n`);
    },
    onLine: () => {},
  },
);
process.on("SIGTERM", () => void links.stop());
