import { expect, test } from "vitest";
import { findGuest } from "../../../src/cli/shell/find-guest.ts";
import { fakeContext } from "../../support/fake-context.ts";

const sshConfig = `Host lima-ascalon
  IdentityFile "/l/_config/user"
  User mia
  ControlPath "/l/ascalon/ssh.sock"
  Port 60000
`;

function afterACrash() {
  const context = fakeContext({});
  context.files.put("/l/ascalon/ssh.config", sshConfig);
  context.files.put("/l/ascalon/ascalon-applied.yaml", '{"mounts":[]}');
  context.files.put("/l/ascalon/ha.pid", "671\n");
  return context;
}

test("the guest is there while a process of this user's is what the pid file names", async () => {
  const context = afterACrash();
  expect(await findGuest(context, "/l/ascalon")).toBeUndefined();
  context.processes.living.add(671);
  expect(await findGuest(context, "/l/ascalon")).toMatchObject({ target: { port: 60_000 }, mounts: [] });
});

test("and not when the number went to another user, whose ssh server may listen at the port", async () => {
  const context = afterACrash();
  context.processes.living.add(671);
  const processes = { ...context.processes, owns: () => false };
  expect(await findGuest({ ...context, processes }, "/l/ascalon")).toBeUndefined();
});
