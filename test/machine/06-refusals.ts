import { mkdir, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ascalon, bed, run } from "./bed.ts";

describe("what ascalon refuses, with the real limactl", () => {
  it("an instance of that name which it did not make is never touched", async () => {
    const limaHome = `${bed.home}/f`;
    const env = { LIMA_HOME: limaHome };
    const yaml = `${bed.home}/foreign.yaml`;
    await writeFile(
      yaml,
      `vmType: qemu\nimages: [{location: ${bed.imageFile}}]\ncontainerd: {system: false, user: false}\n`,
    );
    const made = await run("limactl", ["--tty=false", "create", "--name=ascalon", yaml], { env });
    expect(made.code).toBe(0);
    for (const verb of ["up", "start", "stop", "restart", "destroy"]) {
      const { code, stderr } = await ascalon(
        [verb, ...(verb === "destroy" ? ["--yes", "--with-home"] : [])],
        { env },
      );
      expect({ verb, code }).toEqual({ verb, code: 1 });
      expect(stderr).toContain("E_FOREIGN_INSTANCE");
    }
    const list = await run("limactl", ["--tty=false", "list", "--quiet"], { env });
    expect(list.stdout.trim()).toBe("ascalon");
    await run("limactl", ["--tty=false", "delete", "--force", "ascalon"], { env });
    await rm(limaHome, { recursive: true, force: true });
  });

  it("a LIMA_HOME too long for a socket is refused before anything is made", async () => {
    const limaHome = `${bed.home}/${"x".repeat(90)}`;
    const { code, stderr } = await ascalon(["up"], { env: { LIMA_HOME: limaHome } });
    expect(code).toBe(6);
    expect(stderr).toContain("E_PATH_TOO_LONG");
    expect(stderr).toContain("LIMA_HOME");
  });

  it("root is refused", async () => {
    if (process.getuid?.() !== 0) return;
    const { execFileSync } = await import("node:child_process");
    try {
      execFileSync(bed.node, [bed.cli, "up"], {
        env: { ...process.env, HOME: bed.home },
        encoding: "utf8",
        stdio: "pipe",
      });
      expect.unreachable("root was let through");
    } catch (error) {
      expect(error).toMatchObject({ status: 6 });
      expect((error as { stderr: string }).stderr).toContain("E_ROOT");
    }
  });

  it("a missing image is named, and the half-made instance is put right by the next up", async () => {
    const home = `${bed.home}/i`;
    await mkdir(`${home}/.config/ascalon`, { recursive: true });
    const image = `${home}/image.yaml`;
    await writeFile(image, "images:\n  - location: /nonexistent/disk.raw\n    arch: x86_64\n");
    await writeFile(
      `${home}/.config/ascalon/ascalon.yaml`,
      `vm: { cpus: 1, memory: 1GiB, image: ${image} }\n`,
    );
    const { chownSync } = await import("node:fs");
    for (const path of [home, `${home}/.config`, `${home}/.config/ascalon`])
      chownSync(path, bed.user.uid, bed.user.gid);
    const env = { HOME: home, LIMA_HOME: `${home}/l` };
    const first = await ascalon(["up"], { env });
    expect(first.code).toBe(1);
    expect(first.stderr).toContain("/nonexistent/disk.raw");
    const second = await ascalon(["plan", "--json"], { env });
    expect(
      (JSON.parse(second.stdout) as { steps: { kind: string }[] }).steps.map(({ kind }) => kind),
    ).toContain("create");
    expect((await ascalon(["destroy", "--yes", "--with-home"], { env })).code).toBe(0);
    expect((await run("limactl", ["--tty=false", "list", "--quiet"], { env })).stdout).toBe("");
    await rm(home, { recursive: true, force: true });
  });
});
