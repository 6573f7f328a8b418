import { check } from "./check.ts";

export const settingsAreValid = check(
  "settings",
  "The settings file is valid.",
  async ({ settings, paths }) => {
    if (!(settings instanceof Error))
      return { verdict: "ok", evidence: `${paths.configFile} is valid, or absent` };
    return { verdict: "problem", evidence: settings.message, fix: "ascalon config edit" };
  },
);
