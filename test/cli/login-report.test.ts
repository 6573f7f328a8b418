import { expect, test } from "vitest";
import { renamedIn } from "../../src/cli/ssh/login-report.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import type { Call } from "../support/fake-processes.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const sshConfig = `Host lima-ascalon
  IdentityFile "/l/key"
  User dev
  ControlPath "/l/ssh.sock"
  Hostname 127.0.0.1
  Port 40022
`;

/** Starts a stopped VM in whose guest the question about the login ends so; with the calls of ssh. */
async function start(answer: object, argv = ["start"]) {
  const asked: Call[] = [];
  const machine = fakeMachine({
    exists: "ours",
    process: "stopped",
    applied: settingsOf(),
    homeBytes: 50 * 1024 ** 3,
  });
  const context = hostContext({
    machine,
    files: { "/home/mia/.lima/ascalon/ssh.config": sshConfig },
    programs: (call: Call) => {
      if (call.file === "ssh") asked.push(call);
      return call.file === "ssh" ? answer : { exitCode: 0 };
    },
  });
  return { ...(await runApp(argv, context)), asked };
}

const renamed = "login renamed 1 /home/dev/.bashrc /home/dev/.bashrc.aside-1\n";

test("a startup file that the boot renamed is told with the way back", async () => {
  const { code, err } = await start({ exitCode: 0, stdout: `hello\nheard\n${renamed}` });
  expect(code).toBe(0);
  expect(err).toContain(
    "With /home/dev/.bashrc every login ended with 1 before it ran anything, so the guest's boot renamed it to /home/dev/.bashrc.aside-1 " +
      "(once it is mended: ascalon shell -- mv /home/dev/.bashrc.aside-1 /home/dev/.bashrc).\n",
  );
});

test("one that hung says so", async () => {
  const { err } = await start({
    exitCode: 0,
    stdout: "heard\nlogin renamed 124 /home/dev/.zshenv /home/dev/.zshenv.aside-2\n",
  });
  expect(err).toContain("With /home/dev/.zshenv every login hung before it ran anything");
});

test("a login shell that runs something else is told", async () => {
  const { err } = await start({ exitCode: 0, stdout: "" });
  expect(err).toContain("the login shell does not run what ssh brings");
});

test.each([
  ["all is well", { exitCode: 0, stdout: "heard\n" }],
  ["nobody answers", { exitCode: 255, stderr: "Connection refused" }],
  ["the guest is too slow", { exitCode: undefined, timedOut: true }],
])("%s: not a word", async (_what, answer) => {
  const { code, err } = await start(answer);
  expect(code).toBe(0);
  expect(err).not.toMatch(/login/i);
});

test("it is asked once, through Lima's connection and without making one, and not by who does not wait", async () => {
  const { asked } = await start({ exitCode: 0, stdout: "heard\n" });
  expect(asked.map(({ args }) => args.slice(0, 6))).toEqual([
    ["-F", "/home/mia/.lima/ascalon/ssh.config", "-o", "IdentityAgent=none", "-o", "ControlMaster=no"],
  ]);
  expect((await start({ exitCode: 0, stdout: "" }, ["start", "--no-wait"])).asked).toEqual([]);
});

test.each([
  "login renamed 1 /home/dev/.bashrc",
  "login renamed 1 .bashrc .aside",
  "login renamed 9999 /a /b",
  "login renamed 1 /a\u001b[31m /b",
  "login renamed 1 /a /b\u202e",
  "login locked 1",
  `login renamed 1 /a /b /c`,
])("a line of a guest that says something else is not believed: %j", (line) => {
  expect(renamedIn(line)).toBeUndefined();
});
