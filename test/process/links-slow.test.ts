import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type LinkBed, openLinkBed } from "./link-bed.ts";

let bed: LinkBed;
let folder: string;
afterEach(async () => {
  await bed.close();
  await rm(folder, { recursive: true });
});

/** sshd asks it twice at each login for keys that no file has, before anything is forwarded. */
const slowKeys = (folder: string): readonly string[] => [
  `AuthorizedKeysCommand /bin/sh ${folder}/keys`,
  `AuthorizedKeysCommandUser ${userInfo().username}`,
];

test.each([
  ["", false],
  [", with an ssh that runs nothing in the guest", true],
] as const)(
  "a connection that a slow guest leaves silent for long keeps its windows%s",
  {
    timeout: 120_000,
  },
  async (_, runsNothing) => {
    folder = await mkdtemp(`${tmpdir()}/asc-keys-`);
    await writeFile(`${folder}/keys`, `sleep 2; cat ${folder}/slow\n`);
    const command = runsNothing ? "/bin/false" : "cat";
    bed = await openLinkBed({ unlink: true, extra: [...slowKeys(folder), `ForceCommand ${command}`] });
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    const window = connect({ path: `${bed.sockDir}/mux.sock` });
    await once(window, "connect");
    let lost = false;
    window
      .on("error", () => {})
      .on("close", () => {
        lost = true;
      });
    await rename(`${bed.sshd.instanceDir}/authorized_keys`, `${folder}/slow`);
    const frozen = await bed.sshd.sessions();
    for (const pid of frozen) process.kill(pid, "SIGSTOP");
    bed.running().hurry();
    // Both silent proofs, and four seconds without any sign of life.
    await bed.until(() => bed.lines.join("\n").includes("seems dead"), 30_000);
    await wait(1_000);
    for (const pid of frozen) process.kill(pid, "SIGCONT");
    await bed.until(() => bed.lines.filter((line) => line.includes("carries 3 links")).length === 2, 30_000);
    await wait(500);
    expect(lost).toBe(false);
    await bed.untilUp();
    window.destroy();
  },
);
