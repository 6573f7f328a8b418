import { expect, test } from "vitest";
import { AscalonError } from "../../src/cli/errors.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const sshConfig = `Host lima-ascalon
  IdentityFile "/l/key"
  User dev
  ControlPath "/l/ssh.sock"
  Hostname 127.0.0.1
  Port 40022
`;

/** A start that is not ready in time, of a guest whose login ends so. */
async function start(answer: object, code: "E_NOT_READY" | "E_LIMA" = "E_NOT_READY") {
  const machine = fakeMachine({
    exists: "ours",
    process: "stopped",
    applied: settingsOf(),
    homeBytes: 50 * 1024 ** 3,
  });
  machine.instead.start = () => {
    throw new AscalonError(code, { what: "it did not become ready", why: "said limactl", run: "ascalon up" });
  };
  let asked = 0;
  const context = hostContext({
    machine,
    files: { "/home/mia/.lima/ascalon/ssh.config": sshConfig },
    programs: ({ file }) => {
      if (file === "ssh") asked += 1;
      return file === "ssh" ? answer : { exitCode: 0 };
    },
  });
  return { ...(await runApp(["start"], context)), asked };
}

test.each([
  [
    { exitCode: 3, stdout: "hello\n" },
    "the login shell ends with 3 before it runs anything",
    "ascalon restart",
  ],
  [{ exitCode: 0, stdout: "hello\n" }, "the login shell does not run what ssh brings", "ascalon restart"],
])("a guest that is not ready in time is asked why: %o", async (answer, why, run) => {
  const { code, err } = await start(answer);
  expect(code).toBe(7);
  expect(err).toContain("it did not become ready [E_NOT_READY]\n");
  expect(err).toContain(why);
  expect(err).toContain(`run: ${run}\n`);
  expect(err).not.toContain("said limactl");
});

test.each([
  ["in which nothing is wrong with that", { exitCode: 0, stdout: "hello\nheard\n" }],
  ["that lets nobody in", { exitCode: 255, stderr: "Connection refused" }],
  ["that does not answer", { exitCode: undefined, timedOut: true }],
])("of one %s limactl's words stand", async (_which, answer) => {
  const { code, err } = await start(answer);
  expect(code).toBe(7);
  expect(err).toContain("why: said limactl\n  run: ascalon up\n");
});

test("it is not asked about another failure", async () => {
  const { asked, err } = await start({ exitCode: 3 }, "E_LIMA");
  expect(asked).toBe(0);
  expect(err).toContain("why: said limactl");
});
