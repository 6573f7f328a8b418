import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/cli/adapters/clock.ts";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { type RunResult, startLong, systemProcesses } from "../../src/cli/adapters/process.ts";
import { systemSocketFiles } from "../../src/cli/adapters/socket-files.ts";
import { createLinksPort } from "../../src/cli/links/links-port.ts";
import { isOwnPort, ownersOfPort } from "../../src/cli/ssh/port-owner.ts";
import { fakeProcesses } from "../support/fake-processes.ts";

const uid = process.getuid?.() ?? -1;
const owner = { files: systemFiles, processes: systemProcesses, platform: "linux" } as const;
const isLinux = process.platform === "linux";

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** Greets as an ssh server does, at the address. */
async function greeting(address: string): Promise<number> {
  const made = createServer((socket) => void socket.on("error", () => {}).end("SSH-2.0-anybody\r\n"));
  server = made;
  await new Promise<void>((resolve) => void made.listen(0, address, resolve));
  return (made.address() as AddressInfo).port;
}

const port = (links: { readonly instanceDir: string; readonly uid: number }, owns = systemProcesses.owns) =>
  createLinksPort(
    {
      converse,
      startLong,
      files: systemFiles,
      socketFiles: systemSocketFiles,
      processes: { ...systemProcesses, owns },
      clock: systemClock,
    },
    { ...links, sockDir: "/nonexistent", platform: "linux" },
  );

describe("the VM's ssh port", () => {
  test.each(["127.0.0.1", "0.0.0.0"])("is this user's who listens at it, at %s", async (address) => {
    const number = await greeting(address);
    expect(await isOwnPort(owner, number, uid)).toBe(true);
    const { greets } = port({ instanceDir: "/nonexistent", uid });
    // Its second for a greeting may be over before a busy machine has greeted.
    await expect.poll(() => greets(number), { timeout: 15_000 }).toBe(true);
  });

  test.skipIf(!isLinux)("is given no link while another user listens at it, or nobody", async () => {
    const number = await greeting("127.0.0.1");
    // To the user of the next number, we are another one.
    expect(await port({ instanceDir: "/nonexistent", uid: uid + 1 }).greets(number)).toBe(false);
    server?.close();
    expect(await isOwnPort(owner, number, uid)).toBe(false);
  });

  test("is suspected of nothing where the system has no table of ports", async () => {
    expect(await isOwnPort({ ...owner, files: { readText: async () => undefined } }, 22, uid)).toBe(true);
  });

  test("has the owners that the system's table says", () => {
    const rows = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:EA60 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0 100 0 0 10 0",
      "   1: 0100007F:EA60 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1001        0 1 1 0 20 4 30 10 -1",
      "   2: 00000000:EA61 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 1 1 0 100 0 0 10 0",
      "   0: 00000000000000000000000000000000:EA60 00000000000000000000000000000000:0000 0A 0:0 00:0 0  1003        0 1 1",
    ].join("\n");
    // Who listens at every address but the VM's own does not keep the links away.
    expect(ownersOfPort(rows, 60_000)).toEqual([1000]);
    expect(ownersOfPort(rows, 60_001)).toEqual([1002]);
    expect(ownersOfPort(rows, 60_002)).toEqual([]);
  });
});

describe("the VM's ssh port on a Mac, where only one's own listeners are told", () => {
  const onMac = (answer: Partial<RunResult> | undefined) => {
    const processes = fakeProcesses(({ file }) => (file === "/usr/sbin/lsof" ? answer : undefined));
    return { processes, isOwn: isOwnPort({ ...owner, processes, platform: "darwin" }, 60_022, 501) };
  };

  test.each([
    ["the VM's own", { stdout: "p712\nf9\nn127.0.0.1:60022\np650\nf4\nn*:7000\n" }, true],
    ["one of all addresses", { stdout: "p712\nf9\nn*:60022\n" }, true],
    ["another user's", { stdout: "p650\nf4\nn*:7000\nf5\nn[::1]:60022\n" }, false],
    ["nobody's of ours at all, which an lsof that sees nothing says too", { exitCode: 1 }, true],
    ["an lsof that does not end", { stdout: "p650\nf4\nn*:7000\n", timedOut: true }, true],
    ["no lsof", undefined, true],
  ])("%s", async (_name, answer, isOwn) => {
    const asked = onMac(answer);
    expect(await asked.isOwn).toBe(isOwn);
    expect(asked.processes.calls.map(({ args }) => args.join(" "))).toEqual([
      "-w -nP -a -u 501 -iTCP -sTCP:LISTEN -F n",
    ]);
  });
});

describe("the processes of a start", () => {
  test("are none of another user's, to which the number went after a crash", async () => {
    const instanceDir = mkdtempSync(`${tmpdir()}/asc-owner-`);
    try {
      writeFileSync(`${instanceDir}/ha.pid`, `${process.pid}\n`);
      const file = [
        "Host lima-ascalon",
        '  IdentityFile "/nonexistent/user"',
        "  User mia",
        '  ControlPath "/nonexistent/ssh.sock"',
        "  Port 60000",
      ];
      writeFileSync(`${instanceDir}/ssh.config`, `${file.join("\n")}\n`);
      expect(await port({ instanceDir, uid }).target()).toMatchObject({ port: 60_000 });
      expect(await port({ instanceDir, uid }, () => false).target()).toBeUndefined();
    } finally {
      rmSync(instanceDir, { recursive: true, force: true });
    }
  });

  test("are this user's when signals may be sent to them; root's are every user's", () => {
    expect([systemProcesses.exists(1), systemProcesses.owns(1)]).toEqual([true, uid === 0]);
  });

  test("are known by whether signals may be sent to them", () => {
    expect([process.pid, 2 ** 30].map((pid) => systemProcesses.owns(pid))).toEqual([true, false]);
  });
});
