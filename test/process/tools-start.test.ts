import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** What `npm run` starts, where it can only refuse: on an old Node, on a Mac, as root on a Mac. */
const root = fileURLToPath(new URL("../../", import.meta.url));

let here: string;
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "tools-"));
  mkdirSync(join(here, "bin"));
  // Whatever is begun all the same does nothing, and is noted.
  for (const name of ["npm", "npx", "node", "brew", "apt-get", "sudo"])
    writeFileSync(join(here, "bin", name), `#!/bin/sh\necho "${name} $*" >>'${here}/calls'\n`, {
      mode: 0o755,
    });
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

/** Node with other facts about itself, which stand before the first import. */
function start(words: readonly string[], facts: string) {
  writeFileSync(
    join(here, "facts.cjs"),
    `const is = (name, value) => Object.defineProperty(process, name, { value });\n${facts}`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", join(here, "facts.cjs"), ...words],
    {
      cwd: root,
      encoding: "utf8",
      env: { PATH: join(here, "bin"), HOME: here, ASCALON_CACHE: join(here, "cache") },
    },
  );
  const touched = ["calls", "cache"].filter((name) => existsSync(join(here, name)));
  return { status, stdout, stderr, touched };
}

const mac = 'is("platform", "darwin");';

describe("on a Node that is too old", () => {
  it.each(["try", "test", "check", "bench"])("tools/%s.mjs says so and does nothing", (name) => {
    const old = 'is("version", "v20.18.3"); is("versions", { ...process.versions, node: "20.18.3" });';
    const { stderr, ...rest } = start([`tools/${name}.mjs`], old);
    expect(stderr.split("\n")[0]).toBe("ascalon: needs Node 20.19 or newer, but this is v20.18.3");
    expect(stderr).toMatch(/\n {2}why: .*\n {2}run: .*\n$/);
    expect(rest).toEqual({ status: 6, stdout: "", touched: [] });
  });
});

describe("on a Mac", () => {
  it.each([[[]], [["--fast"]]])("the tests say that they need Linux, and do nothing %j", (words) => {
    const { stderr, ...rest } = start(["tools/test.mjs", ...words], mac);
    expect(stderr.split("\n")[0]).toBe("npm test: it needs Linux, and this is darwin");
    expect(stderr).toContain("  run: npm ci && npx vitest run --project fast ");
    expect(rest).toEqual({ status: 6, stdout: "", touched: [] });
  });

  describe("with an Apple chip and a Node for Intel", () => {
    const rosetta = `${mac} is("arch", "x64"); is("getuid", () => 501); require("node:os").cpus = () => [{ model: "VirtualApple @ 2.50GHz" }];`;
    const ask = (script: string): unknown => {
      writeFileSync(join(here, "ask.mjs"), script.replaceAll("TOOLS", join(root, "tools")));
      const { stdout, stderr } = start([join(here, "ask.mjs")], rosetta);
      expect(stderr).toBe("");
      return JSON.parse(stdout);
    };
    /** The first words of a Mach-O program. */
    const program = (folder: string, cpu: number): string => {
      const head = Buffer.alloc(32);
      head.writeUInt32LE(0xfeedfacf, 0);
      head.writeUInt32LE(cpu, 4);
      mkdirSync(join(here, folder), { recursive: true });
      writeFileSync(join(here, folder, "limactl"), head, { mode: 0o755 });
      return join(here, folder, "limactl");
    };

    it("takes the image and the release of Lima for Apple chips", () => {
      const names = ask(`import { nixosImageUrl } from "TOOLS/try/image.mjs";
        import { releasedName } from "TOOLS/bed/limactl-release.mjs";
        console.log(JSON.stringify([await nixosImageUrl(), releasedName("2.2.0")]));`);
      expect(names).toEqual([expect.stringMatching(/-aarch64\.qcow2$/), "limactl-2.2.0-release-arm64"]);
    });

    it("looks past a limactl for Intel to the one for Apple chips", () => {
      const intel = program("intel", 0x01000007);
      const own = program("own", 0x0100000c);
      const said = ask(`import { findLimactl } from "TOOLS/bed/limactl.mjs";
        process.env.PATH = ${JSON.stringify(`${here}/intel:${here}/own`)};
        const said = [];
        await findLimactl({ log: (line) => said.push(line) });
        console.log(JSON.stringify(said));`);
      expect(said).toEqual([
        `${intel} is not used: it is made for x64, this machine is arm64.`,
        // Here, where no Mac's program runs.
        expect.stringContaining(`${own} is not used: it does not tell its version`),
      ]);
    });

    it("Homebrew runs as what the machine is, and that of Intel is left alone", () => {
      writeFileSync(join(here, "bin/brew"), '#!/bin/sh\necho "$1 $HOMEBREW_CHANGE_ARCH_TO_ARM"\n', {
        mode: 0o755,
      });
      const [list, env, intel] = ask(`import { installedFormulas } from "TOOLS/bed/packages.mjs";
        import { brewEnvironment, forMachine } from "TOOLS/bed/brew.mjs";
        console.log(JSON.stringify([await installedFormulas("${here}/bin/brew"),
          brewEnvironment().HOMEBREW_CHANGE_ARCH_TO_ARM,
          ["/usr/local/bin/brew", "/opt/homebrew/bin/brew"].filter(forMachine)]));`) as unknown[];
      expect([list, env, intel]).toEqual([["list 1"], "1", ["/opt/homebrew/bin/brew"]]);
    });
  });

  it("the trial refuses root before it does anything", () => {
    const { stderr, ...rest } = start(["tools/try.mjs"], `${mac} is("getuid", () => 0);`);
    expect(stderr).toBe("try: Run this as your normal user, without sudo: Lima refuses root.\n");
    expect(rest).toEqual({ status: 1, stdout: "", touched: [] });
  });
});
