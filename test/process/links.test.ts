import { once } from "node:events";
import { chmod, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemProcesses } from "../../src/cli/adapters/process.ts";
import type { Link } from "../../src/cli/links/link.ts";
import { prove } from "../../src/cli/links/probes/prove.ts";
import { type LinkBed, openLinkBed } from "./link-bed.ts";

let bed: LinkBed;

describe.each([
  ["a guest with StreamLocalBindUnlink", true],
  ["a guest without it", false],
])("%s", (_, unlink) => {
  beforeEach(async () => {
    bed = await openLinkBed({ unlink });
  });
  afterEach(() => bed.close());

  test("why #3: bytes are carried both ways, each proved by its protocol", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    const facts = Object.fromEntries(
      bed
        .running()
        .reports()
        .map((one) => [one.link.name, one.facts]),
    );
    expect(facts).toMatchObject({
      mux: { codec: 44, exe: "/usr/local/bin/wezterm-mux-server" },
      docker: { apiVersion: "1.50" },
    });
    expect(bed.state("ssh-agent").kind).toBe("up");
    // From inside the guest, with the program a person uses there.
    const env = { SSH_AUTH_SOCK: `${bed.guestDir}/ssh-agent.sock` };
    expect((await systemProcesses.run("ssh-add", ["-l"], { env })).stdout).toContain("ED25519");
  });

  test("ssh killed -9: healed", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    const since = bed.state("mux").since;
    process.kill(bed.running().pid() ?? -1, "SIGKILL");
    await bed.until(() => bed.state("mux").kind !== "up");
    expect(await bed.untilUp()).toBeLessThan(3_000);
    // A reader can tell that connections were lost.
    expect(bed.state("mux").since).toBeGreaterThan(since);
  });
});

describe("links", () => {
  beforeEach(async () => {
    bed = await openLinkBed({ unlink: true });
  });
  afterEach(() => bed.close());

  test("targets may come later: waiting, then up, with the same ssh", async () => {
    bed.startLinks();
    await bed.until(() => bed.links.every((link) => bed.state(link.name).kind === "waiting"));
    await bed.until(() => bed.running().pid() !== undefined);
    const pid = bed.running().pid();
    await bed.until(() => JSON.stringify(bed.state("docker")).includes("Docker is not there"));
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    expect(await bed.untilUp()).toBeLessThan(3_000);
    expect(bed.running().pid()).toBe(pid);
  });

  test("a target that ends is waited for, and the others go on", async () => {
    await Promise.all([bed.startMux(), bed.startAgent()]);
    const docker = await bed.startDocker();
    bed.startLinks();
    await bed.untilUp();
    await docker.close();
    bed.running().hurry();
    await bed.until(() => bed.state("docker").kind === "waiting");
    expect(bed.state("mux").kind).toBe("up");
    await bed.startDocker();
    expect(await bed.untilUp()).toBeLessThan(3_000);
  });

  test("no sshd, then one: waiting without a process, then up", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    await bed.sshd.stop();
    bed.startLinks();
    await bed.until(() => JSON.stringify(bed.state("mux")).includes("ssh does not answer"));
    expect(bed.running().pid()).toBeUndefined();
    await bed.sshd.start();
    expect(await bed.untilUp()).toBeLessThan(3_000);
  });

  test("a VM that does not live: whoever has its port now gets no login", async () => {
    await bed.startMux();
    const pidFile = `${bed.sshd.instanceDir}/ha.pid`;
    const pid = await readFile(pidFile, "utf8");
    await writeFile(pidFile, "4194304\n");
    bed.startLinks();
    await bed.until(() => JSON.stringify(bed.state("mux")).includes("the VM is not running"));
    await wait(1_200);
    expect(bed.state("mux").kind).toBe("waiting");
    expect(await bed.sshd.sessions()).toEqual([]);
    await writeFile(pidFile, pid);
    expect(await bed.untilUp(["mux"])).toBeLessThan(3_000);
  });

  test("sshd restarted with its sessions: healed", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    await bed.sshd.stop({ signal: "SIGKILL" });
    await bed.until(() => bed.state("mux").kind !== "up");
    await bed.sshd.start();
    expect(await bed.untilUp()).toBeLessThan(3_000);
  });

  test("the socket folder removed under us: made anew", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    await rm(bed.sockDir, { recursive: true });
    bed.running().hurry();
    await bed.until(() => bed.state("mux").kind !== "up");
    expect(await bed.untilUp()).toBeLessThan(3_000);
  });

  test("the guest's sockets removed under us: made anew", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    for (const name of ["docker", "ssh-agent"]) await rm(`${bed.guestDir}/${name}.sock`);
    bed.running().hurry();
    await bed.until(() => bed.state("docker").kind !== "up");
    expect(await bed.untilUp()).toBeLessThan(3_000);
  });

  test("a guest folder that is missing breaks its links and no other", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    await rm(bed.guestDir, { recursive: true });
    bed.startLinks();
    await bed.untilUp(["mux"]);
    await bed.until(() => bed.state("docker").kind === "broken");
    expect(bed.state("mux").kind).toBe("up");
  });

  test("a socket folder that others may enter is refused", async () => {
    await bed.startMux();
    const { mkdir } = await import("node:fs/promises");
    await mkdir(bed.sockDir);
    await chmod(bed.sockDir, 0o755);
    bed.startLinks();
    await bed.until(() => JSON.stringify(bed.state("mux")).includes("0755"));
    await rm(bed.sockDir, { recursive: true });
    await symlink(bed.guestDir, bed.sockDir);
    await bed.until(() => JSON.stringify(bed.state("mux")).includes("is a symlink"));
    await rm(bed.sockDir);
    expect(await bed.untilUp(["mux"])).toBeLessThan(5_000);
  });

  test("another program that binds our socket is named and driven out", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    const { startMuxDouble } = await import("../doubles/mux-double.ts");
    const exe = "/Applications/WezTerm.app/Contents/MacOS/wezterm-mux-server";
    const thief = await startMuxDouble({ path: `${bed.sockDir}/mux.sock`, exe });
    bed.running().hurry();
    await bed.until(() => JSON.stringify(bed.state("mux")).includes(`${exe} on this machine took over`));
    await bed.untilUp();
    const now = await prove(converse, "mux", `${bed.sockDir}/mux.sock`);
    expect(now).toMatchObject({ facts: { exe: "/usr/local/bin/wezterm-mux-server" } });
    await thief.close();
  });

  test("another target turns a symlink; another link starts a second ssh and cuts nobody", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    const pid = bed.running().pid();
    const { connect } = await import("node:net");
    const attached = connect({ path: `${bed.sockDir}/mux.sock` });
    await once(attached, "connect");
    const ping = async (): Promise<string> => {
      attached.write(Uint8Array.from([2, 1, 1]));
      return Buffer.from((await once(attached, "data"))[0] as Buffer).toString("hex");
    };
    expect(await ping()).toBe("020102");
    const moved = bed.links.map((link) =>
      link.name === "docker" ? { ...link, target: `${bed.root}/ssh-agent-target.sock` } : link,
    );
    await bed.running().setLinks(moved);
    await bed.until(() => JSON.stringify(bed.state("docker")).includes("Docker"));
    expect(bed.running().pid()).toBe(pid);
    await bed.running().setLinks(bed.links.filter((link) => link.name !== "docker"));
    await bed.until(() => bed.running().pid() !== pid);
    expect(await ping()).toBe("020102");
    expect(bed.state("mux").kind).toBe("up");
    attached.destroy();
    // The first ssh ends by itself once nobody needs it.
    await bed.until(() => !systemProcesses.exists(pid ?? -1));
    await bed.untilUp(["mux", "ssh-agent"]);
  });

  test("a person's file where a link is to be is kept; its link is broken until it is gone", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    const [onHost, inGuest] = [`${bed.root}/notes`, `${bed.guestDir}/notes`];
    await Promise.all([writeFile(onHost, "mine"), writeFile(inGuest, "mine too")]);
    const base = { protocol: "stream", chosen: "the test's" } as const;
    const extras: Link[] = [
      {
        ...base,
        name: "up",
        direction: "guest-to-host",
        hostEnd: onHost,
        guestEnd: `${bed.guestDir}/docker.sock`,
        target: undefined,
        probeEnd: onHost,
      },
      {
        ...base,
        name: "down",
        direction: "host-to-guest",
        hostEnd: `${bed.sockDir}/host-down.sock`,
        guestEnd: inGuest,
        target: bed.links[1]?.target,
        probeEnd: `${bed.sockDir}/probe-down.sock`,
      },
    ];
    bed.startLinks([...bed.links, ...extras]);
    await bed.untilUp();
    expect(bed.state("up")).toMatchObject({
      kind: "broken",
      reason: expect.stringContaining("notes is not a socket"),
    });
    expect(bed.state("down")).toMatchObject({
      kind: "broken",
      reason: expect.stringContaining("notes in the VM is not a socket"),
    });
    expect(await readFile(onHost, "utf8")).toBe("mine");
    expect(await readFile(inGuest, "utf8")).toBe("mine too");
    await Promise.all([rm(onHost), rm(inGuest)]);
    bed.running().hurry();
    await bed.untilUp(["mux", "docker", "up", "down"]);
  });

  test("links that end in order leave no dead socket; a window keeps the one that it came through", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    bed.startLinks();
    await bed.untilUp();
    const sockets = async (): Promise<string[]> =>
      (await readdir(bed.sockDir)).filter((name) => !name.startsWith("host-")).sort();
    expect(await sockets()).toEqual(["mux.sock", "probe-docker.sock", "probe-ssh-agent.sock"]);
    await bed.running().stop();
    expect(await sockets()).toEqual([]);
    bed.startLinks();
    await bed.untilUp();
    const { connect } = await import("node:net");
    const attached = connect({ path: `${bed.sockDir}/mux.sock` });
    attached.write(Uint8Array.from([2, 1, 1]));
    await once(attached, "data");
    await bed.running().stop();
    expect(await sockets()).toContain("mux.sock");
    attached.destroy();
  });

  test("100 extra links beside the others", async () => {
    await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
    const { createServer } = await import("node:net");
    const target = `${bed.root}/extra.sock`;
    const server = createServer((socket) => socket.on("error", () => {}));
    await new Promise<void>((resolve) => server.listen(target, resolve));
    const extra = Array.from({ length: 100 }, (_, i): Link => {
      const name = `extra-${i}`;
      return {
        name,
        protocol: "stream",
        direction: "host-to-guest",
        hostEnd: `${bed.sockDir}/host-${name}.sock`,
        guestEnd: `${bed.guestDir}/${name}.sock`,
        target,
        probeEnd: `${bed.sockDir}/probe-${name}.sock`,
        chosen: "the test's",
      };
    });
    bed.startLinks([...bed.links, ...extra]);
    const names = [...bed.links, ...extra].map((link) => link.name);
    expect(await bed.untilUp(names)).toBeLessThan(5_000);
    process.kill(bed.running().pid() ?? -1, "SIGKILL");
    await bed.until(() => bed.state("mux").kind !== "up");
    expect(await bed.untilUp(names)).toBeLessThan(5_000);
    server.close();
  });
});
