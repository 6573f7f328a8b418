import { mountObstacles } from "../lifecycle/mount-folders.ts";
import { check } from "./check.ts";

export const mounts = check(
  "mounts",
  "Every folder of `mounts` is there, or Lima can make it.",
  async ({ context, settings, startSettings }) => {
    if (settings instanceof Error)
      return { verdict: "skipped", evidence: "the settings file is not valid, so its mounts are not known" };
    const obstacles = await mountObstacles(context, startSettings);
    const count = startSettings.mounts.length;
    if (obstacles.length === 0)
      return { verdict: "ok", evidence: count === 0 ? "there are none" : `${count} can be mounted` };
    return { verdict: "problem", evidence: obstacles.join("; "), fix: "ascalon config edit" };
  },
);
