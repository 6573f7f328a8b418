import { describe, expect, test } from "vitest";
import { guestPathProblem, hostPathProblem } from "../../../src/cli/links/path-rules.ts";
import { forwardArgs, makeRoomArgs } from "../../../src/cli/links/ssh-forward.ts";
import { type LinkInputs, linksOf } from "../../../src/cli/links/table.ts";

const inputs: LinkInputs = {
  settings: { sockets: { docker: "auto", sshAgent: "auto", extra: [] } },
  sockDir: "/Users/ro/.local/state/ascalon/sock",
  platform: "darwin",
  guestUid: 1000,
  docker: { path: "/Users/ro/.colima/default/docker.sock", why: "Colima's socket" },
  sshAgent: {
    path: "/Users/ro/Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock",
    why: "1Password's agent",
  },
};
const withSockets = (sockets: Partial<LinkInputs["settings"]["sockets"]>): LinkInputs => ({
  ...inputs,
  settings: { sockets: { ...inputs.settings.sockets, ...sockets } },
});

describe("linksOf", () => {
  test("the four links of a default machine", () => {
    const { links, refused } = linksOf(inputs);
    expect(refused).toEqual([]);
    expect(
      links.map(({ name, direction, hostEnd, guestEnd }) => [name, direction, hostEnd, guestEnd]),
    ).toEqual([
      ["mux", "guest-to-host", `${inputs.sockDir}/mux.sock`, "/run/user/1000/wezterm/sock"],
      ["docker", "host-to-guest", `${inputs.sockDir}/host-docker.sock`, "/run/ascalon/docker.sock"],
      ["ssh-agent", "host-to-guest", `${inputs.sockDir}/host-ssh-agent.sock`, "/run/ascalon/ssh-agent.sock"],
      ["bridge", "host-to-guest", `${inputs.sockDir}/host-bridge.sock`, "/run/ascalon/bridge.sock"],
    ]);
    expect(links[2]?.target).toContain("Group Containers");
    expect(links[3]?.target).toBe(`${inputs.sockDir}/bridge.sock`);
  });

  test("off leaves a link out; nothing found leaves it without a target", () => {
    expect(linksOf(withSockets({ docker: "off", sshAgent: "off" })).links.map((link) => link.name)).toEqual([
      "mux",
      "bridge",
    ]);
    const found = linksOf({ ...inputs, docker: { path: undefined, why: "no Docker socket found" } });
    expect(found.links[1]).toMatchObject({
      name: "docker",
      target: undefined,
      chosen: "no Docker socket found",
    });
  });

  test("extra sockets of both directions", () => {
    const { links } = linksOf(
      withSockets({
        extra: [
          {
            name: "pg",
            host: "/tmp/pg with space.sock",
            guest: "/run/ascalon/pg.sock",
            direction: "host-to-guest",
          },
          {
            name: "nix",
            host: "/tmp/nix.sock",
            guest: "/nix/var/nix/daemon.sock",
            direction: "guest-to-host",
          },
        ],
      }),
    );
    expect(links.slice(4)).toMatchObject([
      {
        name: "pg",
        hostEnd: `${inputs.sockDir}/host-pg.sock`,
        target: "/tmp/pg with space.sock",
        protocol: "stream",
      },
      { name: "nix", hostEnd: "/tmp/nix.sock", probeEnd: "/tmp/nix.sock", target: undefined },
    ]);
  });

  test.each([
    ["a colon on the host", { host: "/tmp/a:b", guest: "/run/a", direction: "guest-to-host" }, "colon"],
    [
      "a space in the guest",
      { host: "/tmp/a", guest: "/run/a b", direction: "host-to-guest" },
      "not an absolute guest path",
    ],
    [
      "a command in the guest",
      { host: "/tmp/a", guest: "/run/$(reboot)", direction: "host-to-guest" },
      "not an absolute guest path",
    ],
    [
      "the guest path of another link",
      { host: "/tmp/a", guest: "/run/ascalon/docker.sock", direction: "host-to-guest" },
      "docker already uses",
    ],
    [
      "too long",
      { host: `/tmp/${"x".repeat(110)}`, guest: "/run/a", direction: "guest-to-host" },
      "too long",
    ],
  ] as const)("%s is refused and takes nothing else along", (_, extra, why) => {
    const table = linksOf(withSockets({ extra: [{ name: "own", ...extra }] }));
    expect(table.links).toHaveLength(4);
    expect(table.refused).toEqual([{ name: "own", why: expect.stringContaining(why) }]);
  });
});

describe("ssh arguments", () => {
  const to = { configFile: "/Users/ro/.lima/ascalon/ssh.config", host: "lima-ascalon" };

  test("each link is one forward, and one back for the proof", () => {
    const args = forwardArgs(to, linksOf(inputs).links, "cat");
    const s = inputs.sockDir;
    expect(args.slice(args.indexOf("-T"))).toEqual([
      "-T",
      ...["-L", `${s}/mux.sock:/run/user/1000/wezterm/sock`],
      ...[
        "-R",
        `/run/ascalon/docker.sock:${s}/host-docker.sock`,
        "-L",
        `${s}/probe-docker.sock:/run/ascalon/docker.sock`,
      ],
      ...[
        "-R",
        `/run/ascalon/ssh-agent.sock:${s}/host-ssh-agent.sock`,
        "-L",
        `${s}/probe-ssh-agent.sock:/run/ascalon/ssh-agent.sock`,
      ],
      ...[
        "-R",
        `/run/ascalon/bridge.sock:${s}/host-bridge.sock`,
        "-L",
        `${s}/probe-bridge.sock:/run/ascalon/bridge.sock`,
      ],
      ...["--", "lima-ascalon", "cat"],
    ]);
  });

  test("never through a shared master, never a question", () => {
    const text = forwardArgs(to, [], "none").join(" ");
    expect(text).toMatchInlineSnapshot(
      `"-F /Users/ro/.lima/ascalon/ssh.config -o ControlMaster=no -o ControlPath=none -o BatchMode=yes -o ExitOnForwardFailure=no -o StreamLocalBindUnlink=yes -o ServerAliveInterval=2 -o ServerAliveCountMax=150 -o ConnectTimeout=5 -o IdentityAgent=none -o ForwardAgent=no -o ForwardX11=no -o PermitLocalCommand=no -o RequestTTY=no -o LogLevel=INFO -T -N -- lima-ascalon"`,
    );
  });

  test("left-over sockets are removed by one command, and nothing that is no socket", () => {
    expect(makeRoomArgs(to, ["/srv/a", "/srv/b"]).at(-1)).toBe(
      `sh -c 'for p in /srv/a /srv/b; do [ -S "$p" ] && rm -f "$p"; done'`,
    );
  });

  test("ascalon's folder in the guest is made by the same; that of a path somebody chose is theirs", () => {
    expect(makeRoomArgs(to, ["/srv/a", "/run/ascalon/b"]).at(-1)).toBe(
      `sh -c 'test -d /run/ascalon || { sudo -n install -d -m 0700 -o "$(id -u)" -g "$(id -g)" /run/ascalon && echo ascalon made the folder; }; for p in /srv/a /run/ascalon/b; do [ -S "$p" ] && rm -f "$p"; done'`,
    );
  });
});

test.each([
  ["/run/ascalon/docker.sock", true],
  ["/a/b-c_d.e@f+g", true],
  ["relative", false],
  ["/a/../b", false],
  ["/a;b", false],
  ["/a\nb", false],
  [`/${"x".repeat(107)}`, false],
])("guest path %j", (path, fine) => {
  expect(guestPathProblem(path) === undefined).toBe(fine);
});

test.each([
  ["/a".padEnd(103, "x"), "darwin", true],
  ["/a".padEnd(104, "x"), "darwin", false],
  ["/a".padEnd(107, "x"), "linux", true],
  ["/a".padEnd(108, "x"), "linux", false],
  ["/ü".padEnd(103, "x"), "darwin", false],
  ["/with space", "darwin", true],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: ssh expands this, not we
  ["/${HOME}/a", "linux", false],
  ["/a\u0007", "linux", false],
] as const)("host path %j on %s", (path, platform, fine) => {
  expect(hostPathProblem(path, platform) === undefined).toBe(fine);
});
