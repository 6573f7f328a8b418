// @ts-check
// The first import of what `npm run` starts, and in words that every Node with modules reads: an older one ends here with
// a sentence, and not in a stack trace after much was installed.

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  const name = process.env.npm_lifecycle_event;
  process.stderr.write(
    [
      `ascalon: needs Node 20.19 or newer, but this is ${process.version}`,
      `  why: nothing was done; ${process.execPath} is the node that came first in PATH`,
      `  run: ${name ? `npm run ${name}` : "it again"}    (with a newer node first in PATH: https://nodejs.org/en/download)\n`,
    ].join("\n"),
  );
  process.exit(6);
}
