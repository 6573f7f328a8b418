import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type DiscoveryHost,
  type DiscoveryPort,
  discoverDocker,
  discoverSshAgent,
  type Seen,
} from "../../../src/cli/links/discovery.ts";

const mac: DiscoveryHost = { env: {}, home: "/Users/ro", platform: "darwin", uid: 501 };
const linux: DiscoveryHost = { env: {}, home: "/home/ro", platform: "linux", uid: 1000 };

const port = (
  sockets: Readonly<Record<string, Seen>>,
  texts: Readonly<Record<string, string>> = {},
): DiscoveryPort => ({
  look: async (path) => sockets[path] ?? "other",
  readText: async (path) => texts[path],
});

describe("docker", () => {
  test.each<[string, DiscoveryHost, Record<string, "listens" | "stale">, string | undefined, string]>([
    [
      "Colima",
      mac,
      { "/Users/ro/.colima/default/docker.sock": "listens" },
      "/Users/ro/.colima/default/docker.sock",
      "Colima's socket",
    ],
    [
      "Colima, a home and a profile of its own",
      { ...mac, env: { ...mac.env, COLIMA_HOME: "/Users/ro/colima", COLIMA_PROFILE: "work" } },
      {
        "/Users/ro/colima/default/docker.sock": "listens",
        "/Users/ro/colima/work/docker.sock": "listens",
      },
      "/Users/ro/colima/work/docker.sock",
      "Colima's socket (COLIMA_HOME)",
    ],
    [
      "Colima, old place",
      mac,
      { "/Users/ro/.colima/docker.sock": "listens" },
      "/Users/ro/.colima/docker.sock",
      "Colima's socket (old place)",
    ],
    [
      "Colima, XDG",
      mac,
      { "/Users/ro/.config/colima/default/docker.sock": "listens" },
      "/Users/ro/.config/colima/default/docker.sock",
      "Colima's socket (XDG home)",
    ],
    [
      "Docker Desktop",
      mac,
      { "/Users/ro/.docker/run/docker.sock": "listens" },
      "/Users/ro/.docker/run/docker.sock",
      "Docker Desktop's socket",
    ],
    [
      "OrbStack",
      mac,
      { "/Users/ro/.orbstack/run/docker.sock": "listens" },
      "/Users/ro/.orbstack/run/docker.sock",
      "OrbStack's socket",
    ],
    [
      "Rancher Desktop",
      mac,
      { "/Users/ro/.rd/docker.sock": "listens" },
      "/Users/ro/.rd/docker.sock",
      "Rancher Desktop's socket",
    ],
    [
      "Podman on Linux",
      linux,
      { "/run/user/1000/podman/podman.sock": "listens" },
      "/run/user/1000/podman/podman.sock",
      "Podman's socket",
    ],
    [
      "Podman's machine, where macOS has the user's temporary files",
      { ...mac, env: { TMPDIR: "/var/folders/ab/cd/T/" } },
      { "/var/folders/ab/cd/T/podman/podman-machine-default-api.sock": "listens" },
      "/var/folders/ab/cd/T/podman/podman-machine-default-api.sock",
      "Podman's socket",
    ],
    [
      "the system's before that of Podman's machine",
      { ...mac, env: { TMPDIR: "/var/folders/ab/cd/T/" } },
      {
        "/var/folders/ab/cd/T/podman/podman-machine-default-api.sock": "listens",
        "/var/run/docker.sock": "listens",
      },
      "/var/run/docker.sock",
      "the system's Docker socket",
    ],
    [
      "the system's",
      linux,
      { "/var/run/docker.sock": "listens" },
      "/var/run/docker.sock",
      "the system's Docker socket",
    ],
    [
      "a living one wins over a dead one before it",
      mac,
      { "/Users/ro/.colima/default/docker.sock": "stale", "/Users/ro/.orbstack/run/docker.sock": "listens" },
      "/Users/ro/.orbstack/run/docker.sock",
      "OrbStack's socket",
    ],
    [
      "a dead one is better than none",
      mac,
      { "/Users/ro/.colima/default/docker.sock": "stale" },
      "/Users/ro/.colima/default/docker.sock",
      "Colima's socket, which nobody listens on",
    ],
    ["nothing", mac, {}, undefined, "no Docker socket found in 9 usual places"],
    [
      "DOCKER_HOST first",
      { ...mac, env: { DOCKER_HOST: "unix:///tmp/d.sock" } },
      { "/tmp/d.sock": "listens", "/Users/ro/.colima/default/docker.sock": "listens" },
      "/tmp/d.sock",
      "DOCKER_HOST",
    ],
    [
      "DOCKER_HOST that is no unix socket is passed over",
      { ...mac, env: { DOCKER_HOST: "ssh://build" } },
      { "/Users/ro/.colima/default/docker.sock": "listens" },
      "/Users/ro/.colima/default/docker.sock",
      "Colima's socket",
    ],
  ])("%s", async (_, host, sockets, path, why) => {
    expect(await discoverDocker(port(sockets), host, "auto")).toEqual({ path, why });
  });

  const id = createHash("sha256").update("colima-work").digest("hex");
  const meta = JSON.stringify({
    Name: "colima-work",
    Endpoints: { docker: { Host: "unix:///Users/ro/.colima/work/docker.sock" } },
  });

  test.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
    [
      "currentContext",
      {
        "/Users/ro/.docker/config.json": '{"currentContext":"colima-work"}',
        [`/Users/ro/.docker/contexts/meta/${id}/meta.json`]: meta,
      },
      {},
      "/Users/ro/.colima/work/docker.sock",
    ],
    [
      "DOCKER_CONTEXT",
      { [`/Users/ro/.docker/contexts/meta/${id}/meta.json`]: meta },
      { DOCKER_CONTEXT: "colima-work" },
      "/Users/ro/.colima/work/docker.sock",
    ],
    [
      "DOCKER_CONFIG",
      { "/d/config.json": '{"currentContext":"colima-work"}', [`/d/contexts/meta/${id}/meta.json`]: meta },
      { DOCKER_CONFIG: "/d" },
      "/Users/ro/.colima/work/docker.sock",
    ],
    [
      "a context whose file is missing",
      { "/Users/ro/.docker/config.json": '{"currentContext":"gone"}' },
      {},
      undefined,
    ],
    ["a broken config.json", { "/Users/ro/.docker/config.json": "{" }, {}, undefined],
    ["a config.json that is no object", { "/Users/ro/.docker/config.json": "[1]" }, {}, undefined],
  ])("docker context: %s", async (_, texts, env, path) => {
    const found = await discoverDocker(
      port({ "/Users/ro/.colima/work/docker.sock": "listens" }, texts),
      { ...mac, env },
      "auto",
    );
    expect(found.path).toBe(path);
    if (path) expect(found.why).toBe('docker context "colima-work"');
  });

  test("one that may not be used is named with what to do, unless another listens", async () => {
    const sockets: Record<string, Seen> = {
      "/home/ro/.colima/default/docker.sock": "stale",
      "/var/run/docker.sock": { forbidden: "EACCES" },
    };
    expect(await discoverDocker(port(sockets), linux, "auto")).toEqual({
      path: "/var/run/docker.sock",
      why: 'the system\'s Docker socket, which may not be used (EACCES): its mode forbids it (on Linux: sudo usermod -aG docker "$USER", then log in again)',
    });
    const podman = "/run/user/1000/podman/podman.sock";
    expect(await discoverDocker(port({ ...sockets, [podman]: "listens" }), linux, "auto")).toMatchObject({
      path: podman,
    });
  });

  test("a choice in the settings is taken as it is", async () => {
    expect(await discoverDocker(port({}), mac, "/x.sock")).toEqual({
      path: "/x.sock",
      why: "the settings name it",
    });
    expect(await discoverDocker(port({}), mac, "off")).toMatchObject({ path: undefined });
  });
});

describe("ssh agent", () => {
  const group = "/Users/ro/Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock";
  const launchd = "/private/tmp/com.apple.launchd.aBc/Listeners";
  test.each<[string, Record<string, "listens">, Record<string, string>, string | undefined, string]>([
    [
      "1Password's group container",
      { [group]: "listens", [launchd]: "listens" },
      { SSH_AUTH_SOCK: launchd },
      group,
      "1Password's agent",
    ],
    [
      "1Password's alias",
      { "/Users/ro/.1password/agent.sock": "listens" },
      {},
      "/Users/ro/.1password/agent.sock",
      "1Password's agent (~/.1password)",
    ],
    ["launchd's", { [launchd]: "listens" }, { SSH_AUTH_SOCK: launchd }, launchd, "launchd's agent"],
    ["another", { "/tmp/a": "listens" }, { SSH_AUTH_SOCK: "/tmp/a" }, "/tmp/a", "the agent in SSH_AUTH_SOCK"],
    ["none", {}, {}, undefined, "no ssh agent found in 2 usual places"],
  ])("%s", async (_, sockets, env, path, why) => {
    expect(await discoverSshAgent(port(sockets), { ...mac, env }, "auto")).toEqual({ path, why });
  });

  test("counts no places where there is one", async () => {
    const linux = { ...mac, platform: "linux", env: {} } as const;
    expect(await discoverSshAgent(port({}), linux, "auto")).toEqual({
      path: undefined,
      why: "no ssh agent found in the usual place",
    });
  });
});
