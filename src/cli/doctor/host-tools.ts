import { wayToInstall } from "../ways-to-install.ts";
import { check } from "./check.ts";

const programs = [
  ["ssh", ["-V"]],
  ["limactl", ["--version"]],
] as const;

export const hostTools = check(
  "host-tools",
  "The programs ascalon calls can be run.",
  async ({ context }) => {
    const seen = await Promise.all(
      programs.map(async ([file, args]) => {
        const result = await context.processes.run(file, args, { timeoutMs: 5_000 });
        // ssh tells its version on stderr.
        return {
          file,
          text: (result.stdout || result.stderr).trim().split("\n")[0] ?? "",
          // Lima refuses root, which the check of its version says.
          failed: result.exitCode !== 0 && !/must not run as the root/.test(result.stderr),
        };
      }),
    );
    const missing = seen.filter((one) => one.failed).map((one) => one.file);
    if (missing.length === 0) return { verdict: "ok", evidence: seen.map((one) => one.text).join(", ") };
    return {
      verdict: "problem",
      evidence: `${missing.join(" and ")} cannot be run`,
      // Lima is of no use without ssh: that first, and doctor once more.
      fix: missing.includes("ssh") ? wayToInstall.ssh : wayToInstall.lima,
    };
  },
);
