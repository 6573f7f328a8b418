import { mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { describe, expect, type TestContext } from "vitest";
import type { LinkStatus } from "../../src/shared/status.ts";
import { startDockerDouble } from "../doubles/docker-double.ts";
import { startMuxDouble } from "../doubles/mux-double.ts";
import { it, type openRebuildBed } from "./rebuild-bed.ts";

type Bed = ReturnType<typeof openRebuildBed>;
/** Of this test: those beside it go on when it ends. */
type Test = Pick<TestContext, "onTestFinished"> & { readonly bed: Bed };

const isLost = (bed: Bed, name: string): boolean =>
  (bed.world.read("/run/double-lost-links") ?? "").split("\n").includes(name);

/** A socket as ssh's forward: it leads to `target` for as long as the guest does its part. */
async function forward({ bed, onTestFinished }: Test, name: string, path: string, target: string) {
  const seen = { refused: 0 };
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (isLost(bed, name)) {
      seen.refused += 1;
      socket.destroy();
      return;
    }
    const there = connect(target);
    there.on("error", () => socket.destroy());
    there.on("close", () => socket.destroy());
    socket.pipe(there).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return seen;
}

/** Mux and Docker, with an agent that says that they are up. */
async function openLinks(test: Test, states: Readonly<Record<string, LinkStatus["state"]>> = {}) {
  const { bed, onTestFinished } = test;
  const stateDir = `${bed.home}/.local/state/ascalon`;
  mkdirSync(`${stateDir}/sock`, { recursive: true });
  const [mux, docker] = [`${bed.home}/mux`, `${bed.home}/docker`];
  const peers = [await startMuxDouble({ path: mux }), await startDockerDouble({ path: docker })] as const;
  onTestFinished(async () => {
    for (const peer of peers) await peer.close();
  });
  const forwards = {
    mux: await forward(test, "mux", `${stateDir}/sock/mux.sock`, mux),
    docker: await forward(test, "docker", `${stateDir}/sock/probe-docker.sock`, docker),
  };
  const now = Math.floor(Date.now() / 1000);
  const link = (name: string, more: object) => ({ name, state: states[name] ?? "up", since: now, ...more });
  const status = {
    schema: 1,
    writtenAt: now,
    nextWriteBy: now + 600,
    ascalon: "0.1.0",
    vm: { state: "running", since: now },
    links: [link("mux", {}), link("docker", { target: docker })],
    mux: { socketPath: `${stateDir}/sock/mux.sock` },
    gui: [],
    codec: { verdict: "unknown" },
    attention: [],
  };
  writeFileSync(`${stateDir}/status.json`, JSON.stringify(status));
  return { forwards, docker: peers[1] };
}

describe.concurrent("links that were up before a rebuild", () => {
  it.for([
    ["mux", "the mux server in the VM does not listen"],
    ["docker", "/run/ascalon/docker.sock in the VM leads nowhere"],
  ] as const)("%s is lost: the guest goes back", async ([name, why], { bed, onTestFinished }) => {
    await openLinks({ bed, onTestFinished });
    const before = bed.world.state();
    bed.flake(`loses-link=${name}`);
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain(`the link ${name} was up and no longer is: ${why}`);
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(bed.world.state()).toEqual(before);
  });

  it("and are so after it: it is confirmed", async ({ bed, onTestFinished }) => {
    const { forwards } = await openLinks({ bed, onTestFinished });
    expect((await bed.ascalon("rebuild")).code).toBe(0);
    expect(forwards.docker.refused).toBe(0);
  });

  it("are given time to heal", async ({ bed, onTestFinished }) => {
    const { forwards } = await openLinks({ bed, onTestFinished });
    bed.flake("loses-link=docker");
    const rebuilding = bed.ascalon("rebuild");
    await expect.poll(() => forwards.docker.refused, { timeout: 20_000 }).toBeGreaterThan(0);
    writeFileSync(`${bed.world.root}/run/double-lost-links`, "");
    expect((await rebuilding).code).toBe(0);
  });

  it("do not count where it is the host's side that went away", async ({ bed, onTestFinished }) => {
    const { docker } = await openLinks({ bed, onTestFinished });
    await docker.close();
    bed.flake("loses-link=docker");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
  });

  it("the mux does not count in a system that is built without a server", async ({ bed, onTestFinished }) => {
    await openLinks({ bed, onTestFinished });
    bed.flake("loses-link=mux", "no-mux");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
  });

  it("do not count where the settings do not want them any more", async ({ bed, onTestFinished }) => {
    await openLinks({ bed, onTestFinished });
    bed.settings("", "sockets: { docker: off }\n");
    bed.flake("loses-link=docker");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
  });
});

describe.concurrent("links that were not up before a rebuild", () => {
  it("are no reason to go back", async ({ bed, onTestFinished }) => {
    await openLinks({ bed, onTestFinished }, { mux: "waiting", docker: "broken" });
    bed.flake("loses-link=docker", "loses-link=mux");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
  });
});
