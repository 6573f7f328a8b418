import { posix } from "node:path";
import { argv } from "node:process";
import { describe, expect, it } from "vitest";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const folder = "/home/mia/.config/ascalon";

describe("init", () => {
  it("writes the starter flake beside the settings, and says what is next", async () => {
    const context = hostContext();
    const { code, err } = await runApp(["init"], context);
    expect(code).toBe(0);
    expect(context.files.text(`${folder}/flake.nix`)).toContain('nixosConfigurations."ascalon" = ');
    expect(context.files.text(`${folder}/guest.nix`)).toContain("environment.systemPackages");
    expect(err).toContain(`Next: ascalon config set system.flake ${folder}`);
  });

  it("never writes over a file", async () => {
    const context = hostContext({ files: { [`${folder}/guest.nix`]: "mine" } });
    const { err } = await runApp(["init"], context);
    expect(context.files.text(`${folder}/guest.nix`)).toBe("mine");
    expect(err).toContain(`Kept as it is: ${folder}/guest.nix`);
    expect(err).toContain(`Wrote ${folder}/flake.nix`);
    const again = await runApp(["init", "--json"], hostContext({ files: { [`${folder}/flake.nix`]: "x" } }));
    expect(JSON.parse(again.out)).toMatchObject({ kept: [`${folder}/flake.nix`] });
  });

  it("names the entry as the settings do, in the folder that was given", async () => {
    // A name that Nix takes in quotes only.
    const text = "system: { host: 9box, flake: ~/sysinit }\n";
    const context = hostContext({ files: { [`${folder}/ascalon.yaml`]: text } });
    const { err } = await runApp(["init", "~/sysinit"], context);
    expect(context.files.text("/home/mia/sysinit/flake.nix")).toContain('nixosConfigurations."9box" = ');
    expect(err).toContain("Next: ascalon up\n");
  });
});

describe("init's next step", () => {
  it.each([
    ["~/my flake", "ascalon config set system.flake '/home/mia/my flake'"],
    ["~/it's: #1", `ascalon config set system.flake '"/home/mia/it'"'"'s: #1"'`],
  ])("can be pasted, whatever the folder %s is called", async (folder, next) => {
    const { err } = await runApp(["init", folder], hostContext());
    expect(err).toContain(`Next: ${next}\n`);
  });
});

describe("init where Nix made the settings", () => {
  const store = "/nix/store/0000-ascalon.yaml";
  const context = (configFile: string) => {
    const made = hostContext({
      files: { [store]: "vm: { cpus: 2 }\n" },
      env: { ASCALON_CONFIG: configFile },
    });
    made.files.put(configFile, store, { kind: "symlink" });
    const { readText, linkExclusive } = made.files;
    made.files.readText = (path) => readText(path === configFile ? store : path);
    made.files.linkExclusive = async (path, text) => {
      if (!path.startsWith("/etc/")) return await linkExclusive(path, text);
      const code = { code: "EACCES", path, syscall: "open" };
      throw Object.assign(new Error("permission denied"), code);
    };
    return made;
  };
  const darwin = "/etc/ascalon/ascalon.yaml";

  it("names a folder of one's own where theirs is the system's", async () => {
    const { code, err } = await runApp(["init"], context(darwin));
    expect(code).toBe(1);
    expect(err).toContain(
      "the flake cannot be written beside the settings: /etc/ascalon/flake.nix cannot be",
    );
    expect(err).toContain("run: ascalon init ~/ascalon-guest");
    expect(err).not.toContain("chown");
  });

  it("names the option to set instead of a command that could not write", async () => {
    const { code, err } = await runApp(["init", `~/a \${b}`], context(darwin));
    expect(code).toBe(0);
    expect(err).toContain(
      `Next: set programs.ascalon.settings.system.flake = "/home/mia/a \\\${b}"; in your nix-darwin configuration, switch`,
    );
    const home = await runApp(["init"], context(`${folder}/ascalon.yaml`));
    expect(home.err).toContain(`settings.system.flake = "${folder}"; in your home-manager configuration,`);
  });

  it("is the same for config set, which leaves the store alone, and for config edit before it opens an editor", async () => {
    const set = context(darwin);
    const { code, err } = await runApp(["config", "set", "system.flake", "~/sysinit"], set);
    expect(code).toBe(5);
    expect(err).toContain(`${darwin} was made by Nix (nix-darwin), and must be changed there`);
    expect(err).toContain(`why: it leads to ${store}`);
    expect(err).toContain("run: programs.ascalon.settings.system.flake in your nix-darwin configuration");
    expect(set.files.text(store)).toBe("vm: { cpus: 2 }\n");
    const edit = await runApp(["config", "edit"], context(`${folder}/ascalon.yaml`));
    expect([edit.code, edit.err]).toEqual([5, expect.stringContaining("was made by Nix (home-manager)")]);
  });
});

describe("where the starter flake takes ascalon from", () => {
  // The checkout that the program which runs now seems to lie in.
  const checkout = posix.dirname(argv[1] ?? "");
  const initIn = (url?: string) => {
    const files: Record<string, string> = url === undefined ? {} : { [`${checkout}/flake.nix`]: "" };
    if (url !== undefined) files[`${checkout}/.git/config`] = `[remote "origin"]\n\turl = ${url}\n`;
    return runApp(["init", "~/my flake"], hostContext({ files }));
  };

  it("is said, and a public address is enough", async () => {
    const { err, context } = await initIn("https://github.com/mia/ascalon");
    expect(context.files.text("/home/mia/my flake/flake.nix")).toContain('"github:mia/ascalon"');
    expect(err).toContain(
      "flake.nix takes ascalon from github:mia/ascalon, where this one came from.\nNext: ",
    );
  });

  it("may be closed to the guest where a password was needed", async () => {
    const { err } = await initIn("https://mia:secret@github.com/mia/ascalon.git");
    expect(err).toContain("the repository must be public");
    expect(err).not.toContain("secret");
  });

  it("is the public address of an ssh one, with the way out when there is none", async () => {
    const { err, context } = await initIn("git@git.example.org:mia/ascalon");
    const flake = context.files.text("/home/mia/my flake/flake.nix");
    expect(flake).toContain('"git+https://git.example.org/mia/ascalon"');
    expect(flake).not.toContain("ssh");
    expect(err).toContain(
      "You fetched it with a key and the guest has none, so the repository must be public",
    );
    expect(err).toContain(
      `git -C ${checkout} archive --prefix=ascalon/ HEAD | tar -xC '/home/mia/my flake'\n`,
    );
  });

  it("has to be named where it cannot be told", async () => {
    const { err } = await initIn();
    expect(err).toContain("a public repository, or path:./ascalon for a copy in this folder");
  });
});

describe("parity", () => {
  const manifest = (...packages: readonly [string, string | null][]): string =>
    JSON.stringify({
      schema: 1,
      packages: packages.map(([name, version]) => ({ category: "cli-tools", name, version })),
    });
  const guestWith = (code: number, stdout: string): GuestPort => ({
    run: async () => ({ kind: "ended", code, stdout, stderr: "" }),
    follow: async () => {},
  });
  const machine = () =>
    fakeMachine({ exists: "ours", process: "running", applied: settingsOf(), homeBytes: 1 });
  const host = { [`${folder}/packages.json`]: manifest(["ripgrep", "14"], ["fd", "10"], ["jq", null]) };

  it("shows what differs, and counts what is the same", async () => {
    const guest = guestWith(0, manifest(["ripgrep", "14"], ["fd", "9"], ["bat", "1"]));
    const { out, code } = await runApp(["parity"], hostContext({ files: host, machine: machine(), guest }));
    expect(code).toBe(8);
    expect(out).toBe(`package        here  guest
cli-tools/bat  -     1      only in the guest
cli-tools/fd   10    9      differs
cli-tools/jq   -     -      on neither side
1 of 4 packages are the same on both sides.
`);
  });

  it("looks whether the programs of the lists are in the profile and in the guest's system", async () => {
    const store = (name: string): string => `/nix/store/00000000000000000000000000000000-${name}`;
    const list = (profile: string) =>
      JSON.stringify({
        schema: 1,
        profile,
        packages: [
          ["ripgrep", "14", "rg"],
          ["neovim", "0.10", "nvim"],
          ["fd", "10", "fd"],
        ].map(([name, version, program]) => ({
          category: "cli-tools",
          name,
          version,
          program,
          path: store(`${name}-${version}`),
        })),
      });
    const profile = "/home/mia/.nix-profile";
    const context = hostContext({
      files: {
        [`${folder}/packages.json`]: list(profile),
        [`${store("ripgrep-14")}/bin/rg`]: "",
        [`${store("neovim-0.10")}/bin/nvim`]: "",
        [`${store("neovim-0.11")}/bin/nvim`]: "",
        [`${store("fd-10")}/bin/fd`]: "",
      },
      machine: machine(),
      guest: {
        run: async (argv) => {
          const meant = [store("ripgrep-14/bin/rg"), store("neovim-0.10/bin/nvim"), store("fd-10/bin/fd")];
          const stdout = argv[0] === "cat" ? list("/sys") : meant.map((file) => `${file} ${file}\n`).join("");
          return { kind: "ended", code: 0, stdout, stderr: "" };
        },
        follow: async () => {},
      },
    });
    const link = (path: string, to: string): void => context.files.put(path, to, { kind: "symlink" });
    link(profile, "/nix/profile");
    link("/nix/profile/bin/rg", `${store("ripgrep-14")}/bin/rg`);
    link("/nix/profile/bin/nvim", `${store("neovim-0.11")}/bin/nvim`);
    const { out, code } = await runApp(["parity", "--all"], context);
    expect(code).toBe(8);
    expect(out).toBe(`package            here  guest
cli-tools/fd       -     10     only in the guest; here: listed, and not in the profile
cli-tools/neovim   0.11  0.10   differs; here: from another package than the list's
cli-tools/ripgrep  14    14     same
1 of 3 packages are the same on both sides.
`);
  });

  it("says when the guest does not say which programs it has", async () => {
    const entry = {
      category: "cli-tools",
      name: "fd",
      version: "10",
      program: "fd",
      path: "/nix/store/0-fd",
    };
    const text = JSON.stringify({ schema: 1, profile: "/p", packages: [entry] });
    // The list comes back for the second question too.
    const context = hostContext({
      files: { [`${folder}/packages.json`]: text },
      machine: machine(),
      guest: guestWith(0, text),
    });
    const { err, code } = await runApp(["parity"], context);
    expect([code, err]).toEqual([1, expect.stringContaining("the guest did not say which programs it has")]);
  });

  it("is one document for programs, and ends with 0 when nothing differs", async () => {
    const guest = guestWith(0, host[`${folder}/packages.json`] ?? "");
    const ran = await runApp(["parity", "--json"], hostContext({ files: host, machine: machine(), guest }));
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ schema: 1, rows: [{ verdict: "same" }, {}, {}] });
  });

  it("says which side has no list, and a VM that is not there", async () => {
    const none = await runApp(["parity"], hostContext({ machine: machine(), guest: guestWith(0, "{}") }));
    expect([none.code, none.err]).toEqual([1, expect.stringContaining("this host has no list")]);
    expect(none.err).toContain("programs.ascalon.packages.enable");
    const context = hostContext({ files: host, machine: machine(), guest: guestWith(1, "") });
    const { err } = await runApp(["parity"], context);
    expect(err).toContain("the guest has no list of its packages");
    expect(err).toContain("or with ascalon.packages.enable = false");
    expect((await runApp(["parity"], hostContext({ machine: fakeMachine() }))).code).toBe(3);
  });
});
