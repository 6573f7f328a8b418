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
    expect(stderr.split("\n")[0]).toBe("ascalon: it needs Node 20.19 or newer, and this is v20.18.3");
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

  it("the trial refuses root before it does anything", () => {
    const { stderr, ...rest } = start(["tools/try.mjs"], `${mac} is("getuid", () => 0);`);
    expect(stderr).toBe("try: Run this as your normal user, without sudo: Lima refuses root.\n");
    expect(rest).toEqual({ status: 1, stdout: "", touched: [] });
  });
});
