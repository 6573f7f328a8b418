import { posix } from "node:path";
import { deadSockets } from "../links/dead-sockets.ts";
import { prepareSocketFolder } from "../links/socket-folder.ts";
import { quote } from "../quote.ts";
import { check } from "./check.ts";
import { isOnDemand, onDemandCommand } from "./on-demand.ts";

export const sockets = check(
  "sockets",
  "The folder of sockets is safe and holds nothing that is left over.",
  async (port) => {
    const { context, converse, paths } = port;
    const { files, processes, uid } = context;
    const { platform } = context.host;
    if ((await files.list(paths.sockDir)) === undefined)
      return { verdict: "ok", evidence: `${paths.sockDir} was never created` };
    const problem = await prepareSocketFolder(files, paths.sockDir, uid);
    if (problem !== undefined) {
      const folder = quote(paths.sockDir);
      // Others could have put something into it, so a person looks first.
      const fix = problem.startsWith(`${paths.sockDir} has mode `)
        ? `ls -la ${folder}    (if everything in it is yours: chmod 700 ${folder})`
        : `ls -ld ${folder}`;
      return { verdict: "problem", evidence: problem, fix };
    }
    const left = (await deadSockets({ files, converse, processes, platform }, paths.sockDir)).map((path) =>
      posix.basename(path),
    );
    if (left.length === 0)
      return { verdict: "ok", evidence: `${paths.sockDir} is 0700 and every socket in it is served` };
    const evidence = `nothing serves ${left.join(", ")} in ${paths.sockDir}`;
    if (await isOnDemand(port))
      return { verdict: "ok", evidence: `${evidence}, until ${onDemandCommand} makes the links` };
    return { verdict: "warning", evidence, fix: "ascalon heal" };
  },
);
