import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type LinkBed, openLinkBed } from "./link-bed.ts";

let bed: LinkBed;
afterEach(() => bed.close());

test("a connection that a slow guest leaves silent for long keeps its windows", {
  timeout: 60_000,
}, async () => {
  const login = `ForceCommand [ ! -e "$HOME/slow" ] || sleep 4; exec cat`;
  bed = await openLinkBed({ unlink: true, extra: [login] });
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
  await writeFile(`${bed.sshd.instanceDir}/guest-home/slow`, "");
  const frozen = await bed.sshd.sessions();
  for (const pid of frozen) process.kill(pid, "SIGSTOP");
  bed.running().hurry();
  // Both silent proofs, and four seconds without any sign of life.
  await bed.until(() => bed.lines.join("\n").includes("seems dead"), 15_000);
  await wait(1_000);
  for (const pid of frozen) process.kill(pid, "SIGCONT");
  await bed.until(() => bed.lines.filter((line) => line.includes("carries 3 links")).length === 2, 15_000);
  await wait(500);
  expect(lost).toBe(false);
  await bed.untilUp();
  window.destroy();
});
