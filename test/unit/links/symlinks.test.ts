import { expect, test } from "vitest";
import type { Link } from "../../../src/cli/links/link.ts";
import { withNewestTarget } from "../../../src/cli/links/symlinks.ts";

const link = (target: string | undefined, more: Partial<Link> = {}): Link => ({
  name: "docker",
  protocol: "docker",
  direction: "host-to-guest",
  hostEnd: "/s/host-docker.sock",
  guestEnd: "/run/ascalon/docker.sock",
  target,
  probeEnd: "/s/probe-docker.sock",
  chosen: "",
  ...more,
});

test("what is about to start turns no symlink back to a target that another one has followed", () => {
  expect(withNewestTarget(link("/old"), [link("/new")]).target).toBe("/new");
  expect(withNewestTarget(link("/old"), [link(undefined)]).target).toBeUndefined();
  // Another end is another link.
  expect(withNewestTarget(link("/old"), [link("/new", { hostEnd: "/other" })]).target).toBe("/old");
});
