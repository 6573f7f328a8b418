import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { builtCli } from "../support/built-cli.ts";
import { describeWith, nixEval, root } from "./support/nix.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ascalon-end-to-end-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The script, run to its end with the real `ascalon init` and `config set`. All else needs Lima: a double notes what was asked, says that
 * it went well, and leaves what the real one would.
 */
function endToEnd() {
  const cli = builtCli();
  writeFileSync(
    join(folder, "ascalon"),
    `#!/bin/sh
echo "$*" >>${folder}/calls
case "$*" in
"init "*|"config set "*) exec ${process.execPath} ${cli} "$@" ;;
up) flake=$(sed -n 's/^ *flake: //p' "$ASCALON_CONFIG"); [ -z "$flake" ] || echo '{}' >"$flake/flake.lock" ;;
*"LABEL /home") echo ascalon-home ;;
*MainPID*) echo 12 ;;
esac
`,
  );
  chmodSync(join(folder, "ascalon"), 0o755);
  const ran = spawnSync("sh", [`${root}nix/tests/lima-end-to-end.sh`, join(folder, "ascalon")], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
  });
  const config = /ASCALON_CONFIG=(\S+)/.exec(ran.stderr)?.[1] ?? "";
  return { ran, config, flake: join(config, "../flake"), calls: readFileSync(join(folder, "calls"), "utf8") };
}

describeWith(["nix-instantiate", "git", "tar"], "the script for the end-to-end test in Lima", () => {
  it("runs to its end, with a flake that has this very ascalon and the settings that the command line writes", () => {
    const { ran, config, flake, calls } = endToEnd();
    expect(ran.status, ran.stderr).toBe(0);
    expect(readFileSync(config, "utf8")).toContain(`mounts: [ { host: ${root.replace(/\/$/, "")},`);
    expect(calls.match(/^(up|rebuild|rollback|destroy.*)$/gm)).toEqual([
      "up",
      "up",
      "rebuild",
      "rollback",
      "destroy --yes",
      "up",
      "destroy --yes --with-home",
    ]);

    for (const file of ["flake.nix", "nix/guest-package.nix", "src/guest/bundle.json"])
      expect(existsSync(join(flake, "ascalon", file)), file).toBe(true);
    const made = nixEval<{ url: string; settings: string; modules: readonly string[] }>(`
      let
        flake = import ${flake}/flake.nix;
        made = flake.outputs { ascalon.lib.mkSystem = arguments: arguments; };
        inherit (made.nixosConfigurations.ascalon) settings modules;
      in {
        inherit (flake.inputs.ascalon) url;
        settings = toString settings;
        modules = map (module: (import module).environment.etc.end-to-end.text) modules;
      }`);
    // `ascalon up` puts ascalon.json beside flake.nix in the guest's copy.
    expect(made).toEqual({
      url: "path:./ascalon",
      settings: join(flake, "ascalon.json"),
      modules: ["switched"],
    });
  });
});
