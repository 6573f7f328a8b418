import { describe, expect, test } from "vitest";
import {
  installService,
  observeService,
  planService,
  uninstallService,
} from "../../../src/cli/agent/install.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { fakeContext } from "../../support/fake-context.ts";

const program = ["/usr/bin/node", "/opt/ascalon.mjs"];

describe.each(["darwin", "linux"] as const)("on %s", (platform) => {
  const arrange = (fails?: string) => {
    let loaded = false;
    const context = fakeContext({
      host: { platform },
      programs: ({ file, args }) => {
        const line = [file, ...args].join(" ");
        if (fails && line.includes(fails))
          return { exitCode: 5, stderr: "Bootstrap failed: 5: Input/output error\n" };
        if (/bootstrap|restart/.test(line)) loaded = true;
        if (/bootout|disable/.test(line)) loaded = false;
        return /print|is-active/.test(line) ? { exitCode: loaded ? 0 : 3 } : {};
      },
    });
    context.files.put("/run/user/1000/systemd/private", "", { kind: "socket" });
    const paths = pathsOf(context);
    return { context, paths, plan: planService(context, paths, program) };
  };

  test("install, again, uninstall, again", async () => {
    const { context, paths, plan } = arrange();
    expect(await installService(context, paths, plan)).toEqual({ kind: "done" });
    expect(context.files.text(plan.file)).toBe(plan.text);
    expect(await observeService(context, plan)).toEqual({ installed: true, current: true, running: true });
    expect(await installService(context, paths, plan)).toEqual({ kind: "unchanged" });
    expect(await uninstallService(context, plan)).toEqual({ kind: "done" });
    expect(await observeService(context, plan)).toEqual({ installed: false, current: false, running: false });
    expect(await uninstallService(context, plan)).toEqual({ kind: "unchanged" });
  });

  test("another version's description is replaced", async () => {
    const { context, paths, plan } = arrange();
    await installService(context, paths, planService(context, paths, ["/usr/bin/node", "/old.mjs"]));
    expect(await observeService(context, plan)).toMatchObject({ installed: true, current: false });
    expect(await installService(context, paths, plan)).toEqual({ kind: "done" });
  });

  test("a manager that refuses is quoted", async () => {
    const { context, paths, plan } = arrange(platform === "darwin" ? "bootstrap" : "enable");
    const result = await installService(context, paths, plan);
    expect(result).toMatchObject({ kind: "failed", why: expect.stringContaining("Input/output error") });
  });
});

test("without a user manager nothing is written", async () => {
  const context = fakeContext();
  const paths = pathsOf(context);
  const plan = planService(context, paths, program);
  expect(await installService(context, paths, plan)).toEqual({ kind: "no-manager" });
  expect(context.files.paths()).toEqual([]);
  expect(context.processes.calls).toEqual([]);
});
