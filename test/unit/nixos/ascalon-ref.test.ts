import { describe, expect, it } from "vitest";
import { ascalonOrigin, flakeRefOf, originOf } from "../../../src/cli/nixos/ascalon-ref.ts";
import { fakeFiles } from "../../support/fake-files.ts";

describe("where the guest has ascalon from", () => {
  it.each([
    ["https://github.com/mia/ascalon", "github:mia/ascalon"],
    ["https://github.com/mia/ascalon.git", "github:mia/ascalon"],
    ["https://mia:secret@github.com/mia/ascalon.git", "github:mia/ascalon"],
    ["git@github.com:mia/ascalon.git", "github:mia/ascalon"],
    ["ssh://git@github.com/mia/ascalon.git", "github:mia/ascalon"],
    ["https://token@git.example.org/tools/ascalon.git", "git+https://git.example.org/tools/ascalon.git"],
    ["https://git.example.org:8443/a/b/c", "git+https://git.example.org:8443/a/b/c"],
    ["git@git.example.org:tools/ascalon", "git+https://git.example.org/tools/ascalon"],
    ["ssh://git@git.example.org/~mia/ascalon", "git+https://git.example.org/~mia/ascalon"],
    ["ssh://git@git.example.org:2222/tools/ascalon", "git+https://git.example.org/tools/ascalon"],
    ["ssh://git@ssh.github.com:443/mia/ascalon.git", "github:mia/ascalon"],
    ["ssh://git@altssh.gitlab.com:443/mia/ascalon.git", "git+https://gitlab.com/mia/ascalon.git"],
    ["git@github.com-work:mia/ascalon.git", undefined],
    ["github-work:mia/ascalon.git", undefined],
    ["ssh://git@forge/mia/ascalon.git", undefined],
    ["https://forge/mia/ascalon.git", "git+https://forge/mia/ascalon.git"],
    ["/home/mia/src/ascalon", undefined],
    ["file:///home/mia/src/ascalon", undefined],
    ["../ascalon", undefined],
    ['https://example.org/"; builtins.abort "x', undefined],
    [`https://example.org/\${x}`, undefined],
    ["", undefined],
  ])("%s is %s", (url, ref) => {
    expect(flakeRefOf(url)).toBe(ref);
  });

  it("reads origin, and no other remote", () => {
    const config = `[core]\n\tbare = false\n[remote "mine"]\n\turl = https://a.example/x\n[remote "origin"]\n\turl = git@github.com:mia/ascalon.git\n\tfetch = +refs/heads/*\n[branch "main"]\n\tremote = origin\n`;
    expect(originOf(config)).toBe("git@github.com:mia/ascalon.git");
    expect(originOf('[remote "mine"]\n\turl = https://a.example/x\n')).toBeUndefined();
  });

  it("of the checkout that the program lies in, and never of a home folder that is a repository too", async () => {
    const git = '[remote "origin"]\n\turl = https://github.com/mia/ascalon\n';
    const checkout = fakeFiles({
      "/home/mia/src/ascalon/dist/ascalon.mjs": "",
      "/home/mia/src/ascalon/flake.nix": "",
      "/home/mia/src/ascalon/.git/config": git,
    });
    expect(await ascalonOrigin({ files: checkout }, "/home/mia/src/ascalon/dist/ascalon.mjs")).toEqual({
      ref: "github:mia/ascalon",
      mayBePrivate: false,
      checkout: "/home/mia/src/ascalon",
    });
    const dotfiles = fakeFiles({
      "/home/mia/lib/ascalon/dist/ascalon.mjs": "",
      "/home/mia/lib/ascalon/flake.nix": "",
      "/home/mia/.git/config": git,
    });
    expect(
      await ascalonOrigin({ files: dotfiles }, "/home/mia/lib/ascalon/dist/ascalon.mjs"),
    ).toBeUndefined();
    expect(await ascalonOrigin({ files: fakeFiles() }, "/usr/bin/ascalon")).toBeUndefined();
  });
});
