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

/**
 * The folder for a program that is started later: undefined, so the one of this process, while it is there. Node keeps the
 * name of that, and a program that is sent to a name that is gone cannot be started.
 */
export function folderForPrograms(): string | undefined {
  try {
    accessSync(process.cwd(), constants.X_OK);
    return undefined;
  } catch {
    return "/";
  }
}
