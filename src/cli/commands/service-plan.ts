import { agentSearchPath } from "../agent/search-path.ts";
import { planService, type ServicePlan, serviceFile } from "../agent/service-plan.ts";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import { readDescription } from "../projections/described-service.ts";
import { ownWords } from "./own-words.ts";

interface PlanOptions {
  /** What one shell may say otherwise than another (DOCKER_HOST, …) stays as it was when the agent was installed. */
  readonly keeps: boolean;
  /** To compare only: PATH is no part of that, and to find it takes a hundred looks into folders. */
  readonly toCompare?: boolean;
}

/** The agent as this ascalon would describe it. */
export async function servicePlanOf(
  context: Context,
  { keeps, toCompare = false }: PlanOptions = { keeps: true },
): Promise<ServicePlan> {
  const there = keeps || toCompare ? await context.files.readText(serviceFile(context)) : undefined;
  const kept = there === undefined ? undefined : readDescription(there).environment;
  const searchPath = (toCompare ? kept?.PATH : undefined) ?? (await agentSearchPath(context));
  return planService(context, pathsOf(context), {
    program: await ownWords({ ...context, env: { ...context.env, PATH: searchPath } }),
    searchPath,
    kept: keeps ? kept : undefined,
  });
}
