import { expect, test } from "vitest";
import type { LongOptions } from "../../../src/cli/adapters/process.ts";
import { startGeneration } from "../../../src/cli/links/generation.ts";

test("of what a guest's sshd has ssh say without end, a little is read", async () => {
  let said: LongOptions | undefined;
  const complaints: unknown[] = [];
  const generation = startGeneration({
    to: { configFile: "/l/ssh.config", host: "lima-ascalon" },
    links: [],
    hold: "cat",
    start: (_, options) => {
      said = options;
      return { pid: 1, write: () => {}, closeInput: () => {}, leave: () => {}, kill: () => {} };
    },
    onComplaint: (complaint) => complaints.push(complaint),
  });
  for (let line = 0; line < 50_000; line += 1)
    said?.onStderrLine("Warning: remote port forwarding failed for listen path /run/ascalon/docker.sock");
  // As many as a second has; a machine with other work takes more than one for it.
  expect(complaints.length).toBeGreaterThan(900);
  expect(complaints.length).toBeLessThan(20_000);
  said?.onExit({ exitCode: 255, signal: undefined, startError: undefined });
  expect(await generation.ended).toMatchObject({ kind: "guest-listen" });
});
