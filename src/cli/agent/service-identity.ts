import type { Context } from "../context.ts";
import { type Paths, pathsOf } from "../paths.ts";
import type { DescribedService } from "../projections/described-service.ts";
import { quote } from "../quote.ts";

/** What an agent is, whatever shell it was installed from. */
export interface ServiceIdentity {
  /** The script; which Node runs it does not matter as long as that one is there. */
  readonly script: string | undefined;
  readonly configFile: string;
  readonly stateDir: string;
  readonly limaHome: string;
}

export type Whose = Pick<Paths, "configFile" | "stateDir">;

/** The folders and the file that a described agent works with: the same rules as in a shell, with its own variables. */
export function identityOf(service: DescribedService, host: Context["host"]): ServiceIdentity {
  const { argv, environment } = service;
  const flag = argv.indexOf("--config");
  const words = flag < 0 ? argv.slice(0, -2) : argv.slice(0, flag);
  const { configFile, stateDir, limaHome } = pathsOf({
    env: environment,
    cwd: host.home,
    host,
    configFlag: flag < 0 ? undefined : argv[flag + 1],
  });
  return { script: words.at(-1), configFile, stateDir, limaHome };
}

/** A login has one agent: the one of another settings file or state folder is another's. */
export const isSameOwner = (a: Whose, b: Whose): boolean =>
  a.configFile === b.configFile && a.stateDir === b.stateDir;

/**
 * The command that removes the described agent from the shell that asks: its variables are not the agent's, and where
 * `--config` was given every command that is told gets it, unless it names a file itself.
 */
export function removalOf(
  described: DescribedService,
  { env, host, configFlag }: Pick<Context, "env" | "host" | "configFlag">,
): string {
  const { argv, environment } = described;
  const names = ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "ASCALON_CONFIG"];
  const unset = names.flatMap((name) => (environment[name] === undefined && env[name] ? [`-u ${name}`] : []));
  const set = names.flatMap((name) =>
    environment[name] === undefined ? [] : [`${name}=${quote(environment[name])}`],
  );
  const named = argv.includes("--config") || configFlag !== undefined;
  const config = named ? ["--config", quote(identityOf(described, host).configFile)] : [];
  const command = ["ascalon", ...config, "agent", "uninstall"].join(" ");
  const variables = [...unset, ...set];
  return variables.length === 0 ? command : `env ${variables.join(" ")} ${command}`;
}
