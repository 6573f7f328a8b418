import { readdirSync, statSync } from "node:fs";
import { it } from "vitest";
import { commandAs, environmentOf } from "../../tools/bed/user.mjs";
import { ascalon, bed, run, up } from "../machine/bed.ts";
import { type Command, measure, type Row, table } from "./paired.ts";

const env = { ...environmentOf(bed.user), HOME: bed.home, LIMA_HOME: bed.limaHome, PATH: bed.path } as Record<
  string,
  string
>;

function command(name: string, program: string, ...words: readonly string[]): Command {
  const [file, args] = commandAs(bed.user, program, words);
  return { name, file, args, env };
}
const ours = (...words: readonly string[]) =>
  command(`ascalon ${words.join(" ")}`, bed.node, bed.cli, ...words);
const limactl = (...words: readonly string[]) =>
  command(`limactl ${words.join(" ")}`, "limactl", "--tty=false", ...words);

const runs = Number(process.env.BENCH_RUNS ?? 21);

it("what a command costs, against the program a user would otherwise run", {
  timeout: 3_600_000,
}, async () => {
  const rows: Row[] = [];
  const pair = (what: string, goal: number, one: Command, other: Command, times = runs): void => {
    const row = measure({ what, goal, ours: one, theirs: other, runs: times });
    rows.push(row);
    process.stderr.write(`${table([row]).split("\n").at(-1)}\n`);
  };
  await up();
  pair(
    "`ascalon --version` / `node -e 0`",
    1.5,
    ours("--version"),
    command("node -e 0", bed.node, "-e", "0"),
  );
  pair(
    "`ascalon status --json` / `limactl list --format json`",
    1.3,
    ours("status", "--json"),
    limactl("list", "--format", "json"),
  );
  pair(
    "`ascalon shell -- true` / `limactl shell NAME true`",
    0.5,
    ours("shell", "--no-cwd", "--", "true"),
    limactl("shell", "--workdir", "/", "ascalon", "true"),
  );
  pair("`ascalon up` with nothing to do / `ascalon status`", 2, ours("up"), ours("status"));
  rows.push(await coldStart());
  process.stdout.write(`\n${table(rows)}\n\nBundle: ${(bundleBytes() / 1000).toFixed(0)} KB (goal: 600)\n`);
});

/** Start of the same stopped VM, in turn by ascalon and by bare limactl. */
async function coldStart(): Promise<Row> {
  const ourTimes: number[] = [];
  const theirTimes: number[] = [];
  for (let round = 0; round < Number(process.env.BENCH_BOOTS ?? 3); round += 1) {
    await ascalon(["stop"]);
    ourTimes.push((await ascalon(["up"])).ms);
    await ascalon(["stop"]);
    const bare = {
      QEMU_SYSTEM_X86_64:
        "qemu-system-x86_64 -machine q35,vmport=off -accel tcg,thread=multi,tb-size=512 -cpu max",
    };
    theirTimes.push((await run("limactl", ["--tty=false", "start", "ascalon"], { env: bare })).ms);
  }
  const { median } = await import("./paired.ts");
  const ratios = ourTimes.map((value, index) => value / (theirTimes[index] ?? Number.NaN));
  return {
    what: "cold `ascalon up` / bare `limactl start`",
    oursMs: median(ourTimes),
    theirsMs: median(theirTimes),
    ratio: median(ratios),
    goal: 1.05,
  };
}

function bundleBytes(): number {
  const folder = new URL("../../dist/", import.meta.url).pathname;
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[cm]js$/.test(name) && !name.includes("guest"))
    .reduce((sum, name) => sum + statSync(`${folder}${name}`).size, 0);
}
