import { describe, expect, test } from "vitest";
import { parseSshConfig } from "../../../src/cli/ssh/config-file.ts";
import { observeMaster } from "../../../src/cli/ssh/master.ts";
import { argsViaMaster, argsWithoutMaster, readSshTarget } from "../../../src/cli/ssh/target.ts";
import { fakeContext } from "../../support/fake-context.ts";

/** As Lima 2.2 writes it. */
const limaFile = `# This SSH config file can be passed to 'ssh -F'.
# This file is created by Lima, but not used by Lima itself currently.
Host lima-ascalon
  IdentityFile "/home/mia/my lima/_config/user"
  StrictHostKeyChecking no
  IdentitiesOnly yes
  Ciphers "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"
  User dev
  ControlMaster auto
  ControlPath "/home/mia/my lima/ascalon/ssh.sock"
  ControlPersist yes
  Hostname 127.0.0.1
  Port 39423
`;
const target = {
  configFile: "/l/ascalon/ssh.config",
  host: "lima-ascalon",
  port: 39_423,
  user: "dev",
  controlPath: "/home/mia/my lima/ascalon/ssh.sock",
  identityFile: "/home/mia/my lima/_config/user",
};

describe("Lima's ssh.config", () => {
  const read = (text: string) =>
    readSshTarget(fakeContext({ files: { "/l/ascalon/ssh.config": text } }), "/l/ascalon");

  test("tells how to reach the guest, paths with spaces included", async () => {
    expect(await read(limaFile)).toEqual(target);
  });

  test("tells nothing while it is missing or half written", async () => {
    expect(await readSshTarget(fakeContext(), "/l/ascalon")).toBeUndefined();
    for (const cut of ["", limaFile.slice(0, 200), limaFile.replace(/ {2}Port.*\n/, "")]) {
      expect(await read(cut)).toBeUndefined();
    }
    expect(await read(limaFile.replace("39423", "0"))).toBeUndefined();
    expect(await read(limaFile.replace("39423", "none"))).toBeUndefined();
  });

  test("is read as ssh reads it: first value wins, any case, equals signs, one Host block", () => {
    expect(parseSshConfig("port 1\nHOST a\n\tPORT=2\n  Port 3\nHost b\n Port 4\n")).toEqual({
      host: "a",
      options: { port: "2" },
    });
  });
});

describe("ssh's arguments", () => {
  test("leave the master to Lima's file", () => {
    expect(argsViaMaster(target, { options: ["-t"], command: "exec true" })).toEqual([
      ...["-F", target.configFile, "-o", "IdentityAgent=none", "-t", "--", "lima-ascalon", "exec true"],
    ]);
  });

  test("keep ssh off the master", () => {
    const args = argsWithoutMaster(target, {});
    expect(args).toEqual(
      expect.arrayContaining(["ControlMaster=no", "ControlPath=none", "IdentityAgent=none"]),
    );
    expect(args.slice(-2)).toEqual(["--", "lima-ascalon"]);
  });
});

describe("the master", () => {
  const hello = Buffer.from([0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 4]);
  test.each([
    ["answers", { kind: "data", bytes: hello, ended: false }],
    ["absent", { kind: "absent" }],
    ["refused", { kind: "refused", code: "ECONNREFUSED" }],
    ["hung", { kind: "silent" }],
    ["hung", { kind: "closed" }],
    ["hung", { kind: "data", bytes: hello.subarray(0, 5), ended: true }],
    ["hung", { kind: "data", bytes: Buffer.from("HTTP/1.1 200"), ended: false }],
  ] as const)("is `%s` when its socket brings %o", async (state, reply) => {
    const context = fakeContext({ sockets: { exchange: async () => reply } });
    expect(await observeMaster(context, "/x")).toBe(state);
  });
});
