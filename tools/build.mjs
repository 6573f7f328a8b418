// Bundles the CLI, minified, into dist/. Run by `npm run build`, and by the other tools before they need it.
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version, dependencies } = JSON.parse(await readFile(`${root}/package.json`, "utf8"));

/** @type {import("esbuild").BuildOptions} */
const options = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  legalComments: "none",
  logLevel: "warning",
};

/** Packages stay outside the bundle, each bundled by itself, so that only the calls that use one read it. */
function packagesOutside() {
  const names = new Map();
  return {
    names,
    plugin: {
      name: "packages-outside",
      /** @param {import("esbuild").PluginBuild} builder */
      setup(builder) {
        builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
          const name = Object.keys(dependencies).find(
            (known) => path === known || path.startsWith(`${known}/`),
          );
          if (kind === "entry-point" || name === undefined) return undefined;
          const file = `./packages/${path.replace(/\.js$/, "").replaceAll("/", "-")}.cjs`;
          names.set(path, file);
          return { path: file, external: true };
        });
      },
    },
  };
}

/** What the sources use of zod: all of it is 460 KB, its names in forty languages among them; this is a fifth. */
async function namesOfZod() {
  const files = await readdir(`${root}/src/cli`, { recursive: true });
  const texts = await Promise.all(
    files.filter((file) => file.endsWith(".ts")).map((file) => readFile(`${root}/src/cli/${file}`, "utf8")),
  );
  const used = texts
    .filter((text) => text.includes('from "zod"'))
    .flatMap((text) => [...text.matchAll(/\bz\.([A-Za-z]\w*)(?![\w]|\.\$)/g)]);
  const values = Object.keys(await import("zod"));
  return [...new Set(used.map(([, name]) => name))]
    .filter((name) => name && values.includes(name))
    .join(", ");
}

/**
 * A module whose whole export is a function has no names that `export *` could pass on.
 * @param {string} path
 */
async function sourceOf(path) {
  if (path === "zod") return `export { ${await namesOfZod()} } from "zod";`;
  const whole = createRequire(import.meta.url)(path);
  return typeof whole === "function" ? `module.exports = require("${path}");` : `export * from "${path}";`;
}

/**
 * esbuild's flags as its API wants them: `--legal-comments=none` is legalComments, `--banner:js=x` is banner.js.
 * @param {readonly string[]} flags
 */
function optionsOf(flags) {
  /** @type {Record<string, unknown>} */
  const made = {};
  for (const flag of flags) {
    const [, name = "", key, value = true] = /^--([a-z-]+)(?::(\w+))?(?:=(.*))?$/.exec(flag) ?? [];
    const option = name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
    made[option] = key === undefined ? value : { .../** @type {object} */ (made[option]), [key]: value };
  }
  return /** @type {import("esbuild").BuildOptions} */ (made);
}

/**
 * The guest's side of the bridge: one file for whatever Node the guest has, 18 or newer. nix/guest-package.nix makes it
 * with the same flags. The banner ends in dashes, without which Node 20 takes `--env-file` for itself, wherever it stands.
 */
export async function buildGuest(/** @type {string} */ outdir) {
  const { entry, file, flags } = JSON.parse(await readFile(`${root}/src/guest/bundle.json`, "utf8"));
  await build({
    ...optionsOf(flags),
    entryPoints: [`${root}/${entry}`],
    outfile: `${outdir}/${file}`,
  });
  await chmod(`${outdir}/${file}`, 0o755);
}

/** Stands for the name of the build until all that the name is made of is there. */
const nameless = "@ascalon-build@";

/**
 * Names the build by what is in it, so that a program that runs can be told from the one that took its place.
 * @param {string} outdir
 * @param {readonly string[]} files
 */
async function nameBuild(outdir, files) {
  const texts = await Promise.all(files.map((file) => readFile(`${outdir}/${file}`, "utf8")));
  const name = createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 12);
  for (const [index, text] of texts.entries())
    if (text.includes(nameless))
      await writeFile(`${outdir}/${files[index]}`, text.replaceAll(nameless, name));
}

export async function buildCli(outdir = `${root}/dist`) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const { names, plugin } = packagesOutside();
  for (const [entry, file] of [
    ["main", "cli"],
    ["main-status", "status"],
  ]) {
    await build({
      ...options,
      entryPoints: [`${root}/src/cli/${entry}.ts`],
      outfile: `${outdir}/${file}.cjs`,
      plugins: [plugin],
      // import() becomes require(): code from V8's cache has no loader for the other.
      supported: { "dynamic-import": false },
      define: {
        __ASCALON_VERSION__: JSON.stringify(version),
        __ASCALON_BUILD__: JSON.stringify(nameless),
      },
    });
  }
  for (const [path, file] of names) {
    const contents = await sourceOf(path);
    await build({ ...options, stdin: { contents, resolveDir: root }, outfile: `${outdir}/${file}` });
  }
  await nameBuild(outdir, ["cli.cjs", "status.cjs", ...[...names.values()].sort()]);
  await buildGuest(outdir);
  await build({
    ...options,
    entryPoints: [`${root}/src/cli/launcher.ts`],
    outfile: `${outdir}/launcher.cjs`,
    banner: { js: "#!/usr/bin/env node" },
    define: { __ASCALON_VERSION__: JSON.stringify(version) },
  });
  await chmod(`${outdir}/launcher.cjs`, 0o755);
  // Node goes by the name at the end of the link. A program that is a module itself starts 4 ms later, each time.
  await symlink("launcher.cjs", `${outdir}/ascalon.mjs`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCli();
