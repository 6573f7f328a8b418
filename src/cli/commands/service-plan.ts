import { agentSearchPath } from "../agent/search-path.ts";
import { planService, type ServicePlan, serviceFile } from "../agent/service-plan.ts";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import { readDescription } from "../projections/described-service.ts";
import { ownWords } from "./own-words.ts";

/**
 * The agent as this ascalon would describe it. `keeps`: what one shell may say otherwise than another (DOCKER_HOST, …)
 * stays as it was when the agent was installed; else it is taken from this shell.
 */
export async function servicePlanOf(
  context: Context,
  { keeps }: { readonly keeps: boolean } = { keeps: true },
): Promise<ServicePlan> {
  const searchPath = await agentSearchPath(context);
  const there = keeps ? await context.files.readText(serviceFile(context)) : undefined;
  return planService(context, pathsOf(context), {
    program: await ownWords({ ...context, env: { ...context.env, PATH: searchPath } }),
    searchPath,
    kept: there === undefined ? undefined : readDescription(there).environment,
  });
}
