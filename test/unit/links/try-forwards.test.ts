import { expect, test } from "vitest";
import type { Link } from "../../../src/cli/links/link.ts";
import { deniedBy, tryForwards } from "../../../src/cli/links/try-forwards.ts";

const to = { configFile: "/l/ssh.config", host: "lima-ascalon" };
const docker: Link = {
  name: "docker",
  protocol: "docker",
  direction: "host-to-guest",
  hostEnd: "/s/host-docker.sock",
  guestEnd: "/run/ascalon/docker.sock",
  target: "/d.sock",
  probeEnd: "/s/probe-docker.sock",
  chosen: "",
};
const app: Link = {
  ...docker,
  name: "app",
  protocol: "stream",
  direction: "guest-to-host",
  hostEnd: "/s/100% a\\b.sock",
  guestEnd: "/srv/app.sock",
  target: undefined,
  probeEnd: "/s/100% a\\b.sock",
};

test.each([
  ["guest-listen", "/run/ascalon/docker.sock", "docker"],
  ["host-listen", "/s/probe-docker.sock", "docker"],
  ["host-listen", "/s/100% a\\b.sock", "app"],
  // Of a guest-to-host link nothing listens in the guest, of the other ssh makes nothing at the host end.
  ["guest-listen", "/srv/app.sock", undefined],
  ["host-listen", "/s/host-docker.sock", undefined],
] as const)("%s %s is of %s", (kind, path, name) => {
  const denied = deniedBy([docker, app], [{ kind, path, text: "Permission denied" }]);
  expect([...denied.keys()]).toEqual(name === undefined ? [] : [name]);
});

const trial = async (
  said: { exitCode?: number; stdout?: string; stderr?: string; timedOut?: boolean },
  makesRoom = false,
  links = [docker, app],
) => {
  const runs: (readonly string[])[] = [];
  const runSsh = async (args: readonly string[]) => {
    runs.push(args);
    return {
      exitCode: said.exitCode,
      stdout: said.stdout ?? "",
      stderr: said.stderr ?? "",
      timedOut: said.timedOut ?? false,
    };
  };
  const denied = await tryForwards({ runSsh }, { to, links, makesRoom });
  return { runs, denied: denied && [...denied.keys()] };
};
const cannot = "Warning: remote port forwarding failed for listen path /run/ascalon/docker.sock\r\n";

test("asks for these forwards alone, and ends; a percent sign and a backslash are doubled for ssh", async () => {
  const { runs } = await trial({ exitCode: 0 });
  expect(runs).toHaveLength(1);
  const args = runs[0]?.join("\n") ?? "";
  expect(args).toContain("-R\n/run/ascalon/docker.sock:/s/host-docker.sock");
  expect(args).toContain("-L\n/s/100%% a\\\\b.sock:/srv/app.sock");
  expect(runs[0]?.slice(-3, -1)).toEqual(["--", "lima-ascalon"]);
});

test("a guest that keeps left-over sockets has them removed first", async () => {
  const { runs } = await trial({ exitCode: 0 }, true);
  expect(runs.map((args) => args.at(-1))).toEqual([
    expect.stringContaining("for p in /run/ascalon/docker.sock; do"),
    "true",
  ]);
});

test.each([
  ["all can be made", { exitCode: 0 }, []],
  ["one cannot", { exitCode: 0, stderr: cannot }, ["docker"]],
  ["a login shell that runs nothing says it too", { exitCode: 1, stderr: cannot }, ["docker"]],
  ["one that hangs too", { timedOut: true, stderr: cannot }, ["docker"]],
  ["no connection says nothing of the forwards", { exitCode: 255 }, undefined],
  ["too slow: neither", { timedOut: true }, undefined],
] as const)("%s", async (_, said, denied) => {
  expect((await trial(said)).denied).toEqual(denied);
});
