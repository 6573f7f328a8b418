import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { agentSearchPath } from "../../src/cli/agent/search-path.ts";
import { planService } from "../../src/cli/agent/service-plan.ts";
import { agentLogFiles, pathsOf } from "../../src/cli/paths.ts";
import { readDescription } from "../../src/cli/projections/described-service.ts";
import { fakeContext } from "../support/fake-context.ts";
import { type HomeUnit, homeUnitText, host } from "./support/host.ts";
import { describeWith } from "./support/nix.ts";
import { verifyUserUnit } from "./support/verify-user-unit.ts";

const enabled = "changes.programs.ascalon.enable = true;";
const home = "/Users/dev";

/** The command line's own service of a person whose shell says nothing special, with no program in a special place. */
async function ownService(platform: "darwin" | "linux", env: Readonly<Record<string, string>> = {}) {
  const context = fakeContext({ env: { USER: "dev", ...env }, host: { home, platform } });
  const paths = pathsOf(context);
  const searchPath = await agentSearchPath(context);
  const plan = planService(context, paths, { program: ["/usr/bin/node", "/opt/ascalon.mjs"], searchPath });
  return { text: plan.text, searchPath, logs: agentLogFiles(paths, context.host) };
}

type Fields = Readonly<Record<string, unknown>>;

/** Members of sets one by one, so that each difference has a name. */
const flat = (fields: Fields, prefix = ""): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(flat(value as Fields, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value]],
    ),
  );

function differences(one: Fields, other: Fields): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])).toSorted();
}

function plistFields(text: string): Fields {
  const read = "import json, plistlib, sys; json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout)";
  const result = spawnSync("python3", ["-c", read], { input: text, encoding: "utf8" });
  if (result.status !== 0) throw new Error(result.stderr);
  return flat(JSON.parse(result.stdout) as Fields);
}

/** Keys of a unit file by section; its environment by the reader that the command line has for it. */
function unitFields(text: string): Fields {
  const fields: Record<string, string[]> = {};
  let section = "";
  for (const line of text.split("\n")) {
    const [, named] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, key = "", value = ""] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (named !== undefined) section = named;
    if (key !== "" && key !== "Environment")
      fields[`${section}.${key}`] = [...(fields[`${section}.${key}`] ?? []), value];
  }
  return { ...fields, ...flat({ Environment: readDescription(text).environment }) };
}

const homeUnits = (changes = ""): Readonly<Record<string, HomeUnit>> =>
  host(`kind = "home"; system = "x86_64-linux"; changes = { programs.ascalon.enable = true; ${changes} };`)
    .config.systemd?.user.services ?? {};

describeWith(["nix-instantiate", "python3"], "the agent of the Nix modules on a Mac", () => {
  /** What may differ from the command line's own job, each for its reason. */
  const allowed = [
    // Always said, as the shell's is not known.
    "EnvironmentVariables.LIMA_HOME",
    // home-manager and nix-darwin name their jobs themselves.
    "Label",
    // The program of the store instead of Node and a script.
    "ProgramArguments",
    // A folder that is always there: neither of the two can make one before launchd opens the file.
    "StandardErrorPath",
    "StandardOutPath",
  ];

  it.each([
    ["home-manager", "home"],
    ["nix-darwin", "darwin"],
  ])("is by %s the job that the command line installs, but for what it has to be", async (_by, kind) => {
    const own = await ownService("darwin");
    const { launchd } = host(`kind = "${kind}"; ${enabled}`).config;
    const config = launchd?.agents?.ascalon?.config ?? launchd?.user?.agents.ascalon?.serviceConfig ?? {};
    expect(differences(flat(config), plistFields(own.text))).toEqual(allowed);
    expect(own.logs).toContain(config.StandardErrorPath);
    expect(config.StandardOutPath).toBe(config.StandardErrorPath);
  });

  it("is given the folders of home-manager where they are not the usual ones, as a shell is", async () => {
    const xdg = {
      configHome: "/Users/dev/etc",
      stateHome: "/Users/dev/state",
      cacheHome: "/Users/dev/.cache",
    };
    const set = Object.entries(xdg).map(([name, folder]) => `${name} = "${folder}";`);
    const { launchd } = host(
      `kind = "home"; changes = { programs.ascalon.enable = true; xdg = { ${set.join(" ")} }; };`,
    ).config;
    const own = await ownService("darwin", {
      XDG_CONFIG_HOME: xdg.configHome,
      XDG_STATE_HOME: xdg.stateHome,
    });
    expect(differences(flat(launchd?.agents?.ascalon?.config ?? {}), plistFields(own.text))).toEqual(allowed);
  });
});

describeWith(["nix-instantiate"], "the agent of the Nix modules on Linux", () => {
  /** As above. */
  const allowed = [
    // What makes the folder of the log, which for its own unit the command line does at the installation.
    "Unit.After",
    "Unit.Requires",
    // home-manager would restart it.
    "Unit.X-SwitchMethod",
  ];

  it("is the unit that the command line installs, but for what it has to be", async () => {
    const own = await ownService("linux");
    const ours = unitFields(homeUnitText(homeUnits().ascalon ?? {}));
    expect(differences(ours, unitFields(own.text))).toEqual(["Service.ExecStart", ...allowed]);
    expect(ours["Service.StandardOutput"]).toEqual([`append:${own.logs[0]}`]);
  });

  it("uses the folders of home-manager where they are not the usual ones, its log's too", async () => {
    const own = await ownService("linux", { XDG_STATE_HOME: "/Users/dev/my state 100%" });
    const units = homeUnits('xdg.stateHome = "/Users/dev/my state 100%";');
    expect(differences(unitFields(homeUnitText(units.ascalon ?? {})), unitFields(own.text))).toEqual([
      "Service.ExecStart",
      ...allowed,
    ]);
    expect(units["ascalon-log-folder"]?.Service?.ExecStart).toMatch(
      /\/mkdir -p "\/Users\/dev\/my state 100%%\/ascalon\/log"$/,
    );
  });
});

describeWith(["nix-instantiate"], "PATH of the agent of the Nix modules", () => {
  it("has the profile of home-manager before the command line's own folders, each once", async () => {
    const { searchPath } = await ownService("linux");
    const profile = "/etc/profiles/per-user/dev";
    const text = homeUnitText(homeUnits(`home.profileDirectory = "${profile}";`).ascalon ?? {});
    const folders = readDescription(text).environment.PATH?.split(":") ?? [];
    expect(folders[0]).toBe(`${profile}/bin`);
    expect(folders.slice(1)).toEqual(searchPath.split(":").filter((folder) => folder !== `${profile}/bin`));
  });
});

describeWith(["nix-instantiate", "systemd-analyze"], "units of home-manager", () => {
  it.each(Object.entries(homeUnits()))("%s is understood by systemd, to the last key", (name, unit) => {
    const folder = mkdtempSync(join(tmpdir(), "ascalon-nix-"));
    try {
      for (const [other, its] of Object.entries({ ...homeUnits(), [name]: unit })) {
        const text = homeUnitText(its).replaceAll(/\/nix\/store\/[\w./-]+/g, "/bin/true");
        writeFileSync(join(folder, `${other}.service`), text);
      }
      expect(verifyUserUnit(join(folder, `${name}.service`))).toEqual({ code: 0, talk: "" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
