import { accessSync, constants } from "node:fs";

/**
 * A folder that was removed under the shell makes process.cwd() throw; $PWD still names it. In such a one, and in one
 * that may not be entered, no program can be started: then it is done in /.
 */
export function currentFolder(process: NodeJS.Process): string {
  let folder = process.env.PWD ?? "/";
  try {
    folder = process.cwd();
    accessSync(folder, constants.X_OK);
  } catch {
    process.chdir("/");
  }
  return folder;
}
