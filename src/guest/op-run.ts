import { readFileSync } from "node:fs";
import { expandVariables, parseEnvFile } from "./env-file.ts";
import { complain, finishCall, finishTold, noCallCode } from "./finish.ts";
import { runHostCommand } from "./host-command.ts";
import { bytesInput } from "./inputs.ts";
import { readRunLine, runUsage } from "./op-run-line.ts";
import { collectingOutput } from "./outputs.ts";
import { isReference, referenceTemplate } from "./references.ts";
import { type ProgramEnd, runWithSecrets } from "./run-with-secrets.ts";

/** Where the commands that start this client keep NODE_OPTIONS, which Node would heed at once (nix/modules/links.nix). */
const keptNodeOptions = "ASCALON_NODE_OPTIONS";

/** The environment as it is for the program. */
function givenEnv(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  const { [keptNodeOptions]: options, ...others } = env;
  if (options === undefined) return env;
  if (options === "") delete others.NODE_OPTIONS;
  else others.NODE_OPTIONS = options;
  return others;
}

/** The environment with the files' variables over it, references with their own variables filled in. */
function collectEnv(files: readonly string[]): Record<string, string> {
  const env = givenEnv();
  for (const file of files) {
    for (const [name, value] of parseEnvFile(readFileSync(file, "utf8"), env)) env[name] = value;
  }
  for (const [name, value] of Object.entries(env)) {
    if (value.startsWith("op://")) env[name] = expandVariables(value, (variable) => env[variable]);
  }
  return env;
}

/** What a person's references may come to, all together. */
const maxSecretBytes = 16 * 1024 * 1024;

/**
 * Resolves the references on the host, with one `op inject` whose template and result are streams, and runs the
 * program here. Secrets are in memory and in the program's environment, nowhere else.
 */
export async function opRun(args: readonly string[]): Promise<void> {
  const line = readRunLine(args, process.env);
  const fail = (text: string): void => {
    complain("op", text);
    process.exit(1);
  };
  if ("mistake" in line) return fail(line.mistake);
  if ("help" in line) {
    process.stdout.write(runUsage);
    process.exit(0);
  }
  let env: Record<string, string>;
  try {
    env = collectEnv(line.envFiles);
  } catch (error) {
    return fail(`an --env-file cannot be read: ${(error as Error).message}`);
  }
  const references = [...new Set(Object.values(env).filter(isReference))];
  const secrets = new Map<string, string>();
  if (references.length > 0) {
    const template = referenceTemplate(references);
    let isTooMuch = false;
    const result = collectingOutput(maxSecretBytes, () => {
      isTooMuch = true;
    });
    const outcome = await runHostCommand({
      command: "op",
      args: ["inject", ...line.opFlags],
      terminal: true,
      stdin: bytesInput(Buffer.from(template.text)),
      stdout: result,
    });
    if (outcome.kind !== "exit" || outcome.end.code !== 0) return finishCall("op", outcome);
    const values = isTooMuch ? undefined : template.read(result.bytes().toString("utf8"));
    if (!values) return fail("the host's op did not resolve the references as expected");
    for (const [index, reference] of references.entries()) secrets.set(reference, values[index] ?? "");
  }
  for (const [name, value] of Object.entries(env)) env[name] = secrets.get(value) ?? value;
  const cut = Object.keys(env).find((name) => env[name]?.includes("\0"));
  if (cut !== undefined) return fail(`the value of ${cut} has a NUL in it, which no environment can hold`);
  // Words of an error are told to nobody any more: there are secrets that could be in them.
  const end = await runWithSecrets(line.argv, env, line.masks ? [...secrets.values()] : undefined).catch(
    (): ProgramEnd => ({ startError: "unknown" }),
  );
  if (end.startError === undefined) return finishTold("op", end, end.unwritten);
  complain("op", `${line.argv[0]} cannot be run: ${end.startError}`);
  process.exit(end.startError === "ENOENT" ? 127 : end.startError === "EACCES" ? 126 : noCallCode);
}
