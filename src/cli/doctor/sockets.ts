import { prepareSocketFolder } from "../links/socket-folder.ts";
import { check } from "./check.ts";

export const sockets = check(
  "sockets",
  "The folder of sockets is safe and holds nothing that is left over.",
  async (port) => {
    const { context, converse, paths } = port;
    const { files, uid } = context;
    const names = await files.list(paths.sockDir);
    if (names === undefined) return { verdict: "ok", evidence: `${paths.sockDir} was never made` };
    const problem = await prepareSocketFolder(files, paths.sockDir, uid);
    if (problem !== undefined)
      return { verdict: "problem", evidence: problem, fix: `ls -ld ${paths.sockDir}` };
    const left: string[] = [];
    for (const name of names) {
      const path = `${paths.sockDir}/${name}`;
      if ((await files.info(path))?.kind !== "socket") continue;
      const said = await converse({ to: path, request: new Uint8Array(), timeoutMs: 100 }, () => true);
      if (said.kind === "refused") left.push(name);
    }
    if (left.length === 0)
      return { verdict: "ok", evidence: `${paths.sockDir} is 0700 and every socket in it is served` };
    return {
      verdict: "warning",
      evidence: `nobody serves ${left.join(", ")} in ${paths.sockDir}`,
      fix: "ascalon heal",
    };
  },
);
