import { minimumLima } from "../lifecycle/preflight.ts";
import { quoteAll } from "../quote.ts";
import { wayToInstall } from "../ways-to-install.ts";
import { check } from "./check.ts";

const parts = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10) || 0);

function isOlder(version: string, than: string): boolean {
  const [a, b] = [parts(version), parts(than)];
  const at = b.findIndex((part, i) => part !== (a[i] ?? 0));
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

export const limaVersion = check(
  "lima-version",
  `Lima is ${minimumLima} or newer.`,
  async ({ limaVersion: ask }) => {
    const version = await ask();
    if (version === undefined) return { verdict: "warning", evidence: "limactl does not report its version" };
    if (!isOlder(version, minimumLima)) return { verdict: "ok", evidence: `Lima ${version}` };
    return {
      verdict: "problem",
      evidence: `Lima ${version} is older than ${minimumLima}`,
      fix: wayToInstall.newerLima,
    };
  },
);

/** Lima merges these into every instance, ascalon's too (lima pkg/limayaml, `_config`). */
export const limaOverrides = check(
  "lima-overrides",
  "No global file of Lima changes the VM's description.",
  async (port) => {
    const folder = `${port.paths.limaHome}/_config`;
    const there: string[] = [];
    for (const name of ["override.yaml", "default.yaml"]) {
      if (await port.context.files.info(`${folder}/${name}`)) there.push(`${folder}/${name}`);
    }
    if (there.length === 0)
      return { verdict: "ok", evidence: `${folder} has neither override.yaml nor default.yaml` };
    return {
      verdict: "warning",
      evidence: `${there.join(" and ")} applies to every Lima instance, ascalon's too`,
      fix: `cat ${quoteAll(there)}`,
    };
  },
);
