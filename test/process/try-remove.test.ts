import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { emptyCache } from "../../tools/bed/cache.mjs";
import { limactl } from "../../tools/bed/limactl.mjs";
import { installPackages } from "../../tools/bed/packages.mjs";
import { isAnythingNoted, note, notePackages, readInstalled } from "../../tools/try/installed.mjs";
import { limaEntry, limaKeeps, removeFromLimaCache } from "../../tools/try/lima-cache.mjs";
import { removeBrought } from "../../tools/try/remove.mjs";

/** Packages of this host in a file, what needs what in another, and the calls in a third. */
const aptDouble = `#!/bin/bash
echo "$*" >>"$HERE/calls"
words=() verb= simulate=
for word; do
	case $word in
	--simulate) simulate=1 ;;
	DPkg*|-*) ;;
	install|remove|update) verb=$word ;;
	*) words+=("$word") ;;
	esac
done
case $verb$simulate in
install1) for name in "\${words[@]}" libslirp0; do echo "Inst $name (1 Debian)"; done; echo "Inst libc6 [1] (2 Debian)" ;;
install) [ ! -e "$HERE/no-network" ] || exit 100; printf '%s\\n' "\${words[@]}" libslirp0 >>"$HERE/installed" ;;
remove1)
	for name in "\${words[@]}"; do
		echo "Remv $name [1]"
		while read -r needed by; do [ "$needed" != "$name" ] || echo "Remv $by [1]"; done <"$HERE/needs"
	done ;;
remove) for name in "\${words[@]}"; do sed -i "/^$name\\$/d" "$HERE/installed"; done ;;
esac
`;
const dpkgDouble = `#!/bin/bash
for name; do grep -qx -- "$name" "$HERE/installed" && echo "$name installed"; done
exit 1
`;
/** A formula that another needs is refused; with \`broken\` there, everything is. */
const brewDouble = `#!/bin/bash
echo "$*" >>"$HERE/calls"
[ ! -e "$HERE/broken" ] || { echo "Error: brew is broken" >&2; exit 1; }
case $1 in
list) while read -r name; do echo "$name"; done <"$HERE/installed" ;;
install) [ ! -e "$HERE/no-network" ] || exit 1; printf '%s\\n' "$2" glib >>"$HERE/installed" ;;
uninstall)
	shift 2
	left=
	while read -r name; do case " $* " in *" $name "*) ;; *) left+="$name"$'\\n' ;; esac; done <"$HERE/installed"
	while read -r needed by; do
		case $'\\n'"$left" in *$'\\n'"$by"$'\\n'*) ;; *) continue ;; esac
		case " $* " in *" $needed "*) printf 'Error: Refusing to uninstall %s\\nbecause it is required by %s, which is currently installed.\\n' "$needed" "$by" >&2; exit 1 ;; esac
	done <"$HERE/needs"
	printf %s "$left" >"$HERE/installed" ;;
esac
`;
const sudoDouble = '#!/bin/sh\n[ "$1" != -n ] || shift\nexec "$@"\n';

let here: string;
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "try-"));
  for (const folder of ["bin", "cache", "checkout"]) mkdirSync(join(here, folder));
  for (const file of ["installed", "needs", "calls"]) writeFileSync(join(here, file), "");
  double("sudo", sudoDouble);
  vi.stubEnv("HERE", here);
  vi.stubEnv("ASCALON_CACHE", join(here, "cache"));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(here, { recursive: true, force: true });
});

function double(name: string, script: string): void {
  const file = join(here, `${name}-double`);
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  symlinkSync(file, join(here, "bin", name));
}
function haveApt(): void {
  double("apt-get", aptDouble);
  double("dpkg-query", dpkgDouble);
  vi.stubEnv("PATH", `${here}/bin:/usr/bin:/bin`);
}
function haveBrew(): void {
  double("brew", brewDouble);
  vi.stubEnv("PATH", `${here}/bin`);
}
const lines = (file: string) => readFileSync(join(here, file), "utf8").split("\n").filter(Boolean);
const options = { log: () => {}, note: notePackages };
const qemu = [{ tool: "qemu-img", apt: "qemu-utils", brew: "qemu" }];

describe("what is brought is noted before it is brought", () => {
  it("by apt with its dependencies, and without what is only upgraded", async () => {
    haveApt();
    await installPackages(qemu, options);
    expect((await readInstalled()).packages).toEqual(["qemu-utils", "libslirp0"]);
    expect(lines("installed")).toEqual(["qemu-utils", "libslirp0"]);
  });

  it("also when the installation fails", async () => {
    haveApt();
    writeFileSync(join(here, "no-network"), "");
    await expect(installPackages(qemu, options)).rejects.toThrow("apt-get install failed");
    expect((await readInstalled()).packages).toEqual(["qemu-utils", "libslirp0"]);
  });

  it("by Homebrew without what was there, lima too", async () => {
    haveBrew();
    writeFileSync(join(here, "installed"), "wget\n");
    await installPackages(qemu, options);
    expect((await readInstalled()).formulas).toEqual(["qemu", "glib"]);
    // It is installed, and still there is no limactl.
    await expect(limactl(options)).rejects.toThrow(`it is not in ${here}/bin`);
    expect((await readInstalled()).formulas).toEqual(["qemu", "glib", "lima"]);
  });

  it("and nothing where Homebrew does not tell what was there", async () => {
    haveBrew();
    writeFileSync(join(here, "broken"), "");
    await expect(installPackages(qemu, options)).rejects.toThrow("brew list failed");
    expect(isAnythingNoted()).toBe(false);
  });

  it("and what was noted before stays", async () => {
    await note({ modules: ["/a"], downloads: ["https://one.example/"] });
    await note({ packages: ["a"], modules: ["/b"] });
    await note({ packages: ["a", "b"], downloads: ["https://two.example/"] });
    expect(await readInstalled()).toEqual({
      packages: ["a", "b"],
      formulas: [],
      modules: ["/a", "/b"],
      downloads: ["https://one.example/", "https://two.example/"],
    });
  });
});

describe("--remove", () => {
  it("removes the packages that were noted and no others", async () => {
    haveApt();
    writeFileSync(join(here, "installed"), "vim\n");
    await installPackages(qemu, options);
    await removeBrought(await readInstalled(), join(here, "checkout"));
    expect(lines("installed")).toEqual(["vim"]);
    expect(lines("calls").join("\n")).not.toContain("auto-remove");
  });

  it("keeps a package that something else has come to need", async () => {
    haveApt();
    await installPackages(qemu, options);
    writeFileSync(join(here, "needs"), "libslirp0 podman\n");
    writeFileSync(join(here, "installed"), "podman\n", { flag: "a" });
    await removeBrought(await readInstalled(), join(here, "checkout"));
    expect(lines("installed")).toEqual(["libslirp0", "podman"]);
    expect(process.stdout.write).toHaveBeenCalledWith("Kept, because podman needs it: libslirp0\n");
  });

  it("removes the formulas that were noted and no others", async () => {
    haveBrew();
    writeFileSync(join(here, "installed"), "wget\n");
    await installPackages(qemu, options);
    await removeBrought(await readInstalled(), join(here, "checkout"));
    expect(lines("calls").at(-1)).toBe("uninstall --formula qemu glib");
    expect(lines("installed")).toEqual(["wget"]);
  });

  it("keeps a formula that something else has come to need, and forgets it", async () => {
    haveBrew();
    writeFileSync(join(here, "installed"), ["wget", "qemu", "glib", "pcre2"].join("\n").concat("\n"));
    // pcre2 is asked for before glib, which needs it, is gone.
    writeFileSync(join(here, "needs"), "pcre2 glib\nqemu quickemu\n");
    writeFileSync(join(here, "installed"), "quickemu\n", { flag: "a" });
    await note({ formulas: ["qemu", "pcre2", "glib"] });
    expect(await removeBrought(await readInstalled(), join(here, "checkout"))).toBeUndefined();
    expect(lines("installed")).toEqual(["wget", "qemu", "quickemu"]);
    expect(process.stdout.write).toHaveBeenCalledWith(
      "Kept qemu: Error: Refusing to uninstall qemu because it is required by quickemu, which is currently installed.\n",
    );
    expect(isAnythingNoted()).toBe(false);
  });

  it("removes packages by apt and formulas by Homebrew where there are both", async () => {
    haveApt();
    double("brew", brewDouble);
    writeFileSync(join(here, "installed"), "vim\nqemu-utils\nlima\n");
    await note({ packages: ["qemu-utils"], formulas: ["lima"] });
    expect(await removeBrought(await readInstalled(), join(here, "checkout"))).toBeUndefined();
    expect(lines("installed")).toEqual(["vim"]);
    expect(isAnythingNoted()).toBe(false);
  });

  it.each([
    ["is not in PATH, as with sudo", () => {}],
    [
      "fails",
      () => {
        double("brew", brewDouble);
        writeFileSync(join(here, "broken"), "");
      },
    ],
  ])("keeps formulas noted, and says so, where brew %s", async (_, have) => {
    haveApt();
    have();
    writeFileSync(join(here, "installed"), "qemu-utils\nlima\n");
    mkdirSync(join(here, "cache", "ascalon-go"));
    await note({ packages: ["qemu-utils"], formulas: ["lima"], modules: [join(here, "checkout")] });
    const left = await removeBrought(await readInstalled(), join(here, "checkout"));
    expect(left).toContain("Still here, because brew is not in PATH or failed: lima.");
    expect(lines("installed")).toEqual(["lima"]);
    expect(readdirSync(join(here, "cache"))).toEqual(["try-installed.json"]);
    expect(await readInstalled()).toEqual({
      packages: [],
      formulas: ["lima"],
      modules: [],
      downloads: [],
    });
  });

  it("removes node modules only where they were brought", async () => {
    haveApt();
    const [checkout, other] = [join(here, "checkout"), join(here, "other")];
    for (const folder of [
      join(checkout, "dist"),
      join(checkout, "node_modules"),
      join(other, "node_modules"),
    ])
      mkdirSync(folder, { recursive: true });
    await note({ modules: [other] });
    await removeBrought(await readInstalled(), checkout);
    expect([readdirSync(checkout), readdirSync(other)]).toEqual([["node_modules"], []]);
    await note({ modules: [checkout] });
    await removeBrought(await readInstalled(), checkout);
    expect(readdirSync(checkout)).toEqual([]);
  });

  it("removes none of which an older trial noted only that there were some", async () => {
    haveApt();
    const checkout = join(here, "checkout");
    mkdirSync(join(checkout, "node_modules"));
    await note({ packages: ["a"] });
    const file = join(here, "cache", "try-installed.json");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), modules: true }));
    await removeBrought(await readInstalled(), checkout);
    expect(readdirSync(checkout)).toEqual(["node_modules"]);
  });

  it("takes its own things from the cache's folder, which may be somebody's ~/.cache", async () => {
    const ours = [
      "guest-bookworm-x64-2e760da6936be9b4",
      "guest-bookworm-x64-2e760da6936be9b4.building-17",
      "limactl-2.2.0-9ed6bcabfbe5b3b3",
      "limactl-2.2.0-release-arm64",
      "go-1.25.7-x64",
      "ascalon-go",
    ];
    const others = ["go-build", "guest-photos", "limactl", "lima", "ascalon"];
    for (const name of [...ours, ...others]) mkdirSync(join(here, "cache", name));
    mkdirSync(join(here, "cache", "ascalon-go", "mod"), { mode: 0o555 });
    await note({});
    await emptyCache();
    expect(readdirSync(join(here, "cache")).sort()).toEqual(others.sort());
  });

  it("removes the cache's folder when nothing else is in it", async () => {
    await note({});
    await emptyCache();
    expect(existsSync(join(here, "cache"))).toBe(false);
  });

  it("takes from Lima's downloads the trial's own only", async () => {
    const user = { name: "ada", uid: 1, gid: 1, home: here, ours: false };
    vi.stubEnv("HOME", here);
    vi.stubEnv("XDG_CACHE_HOME", "");
    for (const url of ["https://one.example/", "https://two.example/"]) {
      mkdirSync(limaEntry(user, url), { recursive: true });
      writeFileSync(join(limaEntry(user, url), "data"), "");
    }
    await removeFromLimaCache(user, ["https://one.example/"]);
    expect(limaKeeps(user, "https://one.example/")).toBe(false);
    expect(limaKeeps(user, "https://two.example/")).toBe(true);
  });
});
