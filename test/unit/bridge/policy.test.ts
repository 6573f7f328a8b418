import { describe, expect, test } from "vitest";
import { commandRule, type PolicyFacts } from "../../../src/cli/bridge/policy.ts";
import type { BridgeRule } from "../../../src/cli/settings/settings.ts";
import { opFlagNamed, opFlagNames } from "../../../src/shared/bridge-op-flags.ts";

const there: Readonly<Record<string, { readonly path?: string; readonly isFolder?: boolean }>> = {
  "/Users/mia/p": { isFolder: true },
  "/Users/mia/p/a.pdf": {},
  "/Users/mia/p/A.PDF": {},
  "/Users/mia/p/x y.md": {},
  "/Users/mia/p/-a.txt": {},
  "/Users/mia/p/run.command": {},
  "/Users/mia/p/tool": {},
  "/Users/mia/p/page.terminal": {},
  "/Users/mia/p/Evil.app": { isFolder: true },
  "/Users/mia/p/src": { isFolder: true },
  "/Users/mia/p/src.workflow": { isFolder: true },
  "/Users/mia/p/link.pdf": { path: "/Users/mia/secret.pdf" },
  "/Users/mia/p/alias.pdf": { path: "/Users/mia/p/run.command" },
  "/Users/mia/pp/a.pdf": {},
};

const facts = (tool: string, rule?: BridgeRule): PolicyFacts => ({
  platform: tool === "open" ? "darwin" : "linux",
  tool,
  mounts: [{ host: "/Users/mia/p", guest: "/Users/mia/p" }],
  rule,
  lookAt: async (path) => {
    const found = there[path];
    return found && { path: found.path ?? path, isFolder: found.isFolder ?? false };
  },
});

const decide = (command: string, args: readonly string[], given: PolicyFacts) =>
  commandRule(command)?.decide(args, given);

type Row = readonly [args: readonly string[], expected: readonly string[] | string];

/** A list: the command line that the host runs. A text: part of the reason why it runs none. */
const opRows: readonly Row[] = [
  [
    ["read", "op://v/i/f"],
    ["read", "--", "op://v/i/f"],
  ],
  [
    ["read", "-n", "op://v/i/f"],
    ["read", "--no-newline=true", "--", "op://v/i/f"],
  ],
  [
    ["read", "op://v/i/f", "--no-newline"],
    ["read", "--no-newline=true", "--", "op://v/i/f"],
  ],
  [
    ["--account", "mia", "read", "x"],
    ["read", "--account=mia", "--", "x"],
  ],
  [
    ["--account=mia", "item", "get", "x"],
    ["item", "get", "--account=mia", "--", "x"],
  ],
  [
    ["item", "get", "x", "--fields", "label=a,label=b"],
    ["item", "get", "--fields=label=a,label=b", "--", "x"],
  ],
  [
    ["item", "get", "x", "--format=json"],
    ["item", "get", "--format=json", "--", "x"],
  ],
  [
    ["item", "get", "-"],
    ["item", "get", "--", "-"],
  ],
  [
    ["item", "list", "--tags", "a", "--long"],
    ["item", "list", "--tags=a", "--long=true"],
  ],
  [
    ["item", "create", "--category", "login", "password=x"],
    ["item", "create", "--category=login", "--", "password=x"],
  ],
  [
    ["item", "create", "--generate-password", "--title=x"],
    ["item", "create", "--generate-password", "--title=x"],
  ],
  [
    ["item", "create", "--generate-password=20,letters"],
    ["item", "create", "--generate-password=20,letters"],
  ],
  [
    ["item", "create", "section.field[text]=v"],
    ["item", "create", "--", "section.field[text]=v"],
  ],
  [
    ["item", "edit", "x", "field[delete]"],
    ["item", "edit", "--", "x", "field[delete]"],
  ],
  [
    ["document", "create", "-", "--file-name", "n"],
    ["document", "create", "--file-name=n", "--", "-"],
  ],
  [
    ["document", "edit", "x", "-"],
    ["document", "edit", "--", "x", "-"],
  ],
  [
    ["document", "get", "x"],
    ["document", "get", "--", "x"],
  ],
  [["inject"], ["inject"]],
  [
    ["signin", "--raw", "-f"],
    ["signin", "--raw=true", "--force=true"],
  ],
  [["whoami"], ["whoami"]],
  [
    ["account", "list"],
    ["account", "list"],
  ],
  [
    ["vault", "list"],
    ["vault", "list"],
  ],
  // op's other names of its verbs.
  [
    ["vault", "ls"],
    ["vault", "list"],
  ],
  [
    ["--account", "mia", "item", "ls", "--format=json"],
    ["item", "list", "--account=mia", "--format=json"],
  ],
  [
    ["item", "rm", "ls", "--archive"],
    ["item", "delete", "--archive=true", "--", "ls"],
  ],
  [
    ["document", "remove", "x"],
    ["document", "delete", "--", "x"],
  ],
  [
    ["item", "template", "ls"],
    ["item", "template", "list"],
  ],
  [
    ["vault", "user", "ls", "x"],
    ["vault", "user", "list", "--", "x"],
  ],
  [
    ["group", "user", "list", "x"],
    ["group", "user", "list", "--", "x"],
  ],
  [
    ["item", "get", "rm"],
    ["item", "get", "--", "rm"],
  ],
  [
    ["read", "ls"],
    ["read", "--", "ls"],
  ],
  [
    ["vault", "edit", "x", "--name", "y", "--travel-mode=on"],
    ["vault", "edit", "--name=y", "--travel-mode=on", "--", "x"],
  ],
  [["--version"], ["--version=true"]],
  [["--help"], ["--help=true"]],
  [[], []],
  // What would run something on the host.
  [["run", "--", "sh"], "run a program on the host"],
  [["run", "--env-file=.env", "--", "sh"], "run a program on the host"],
  [["--account", "mia", "run", "--", "sh"], "run a program on the host"],
  [["plugin", "run", "--", "gh"], "runs other programs"],
  [["plugin", "init", "gh"], "runs other programs"],
  [["update"], "downloads a program"],
  [["daemon"], "leaves a program running"],
  [["ssh", "agent"], "the host's ssh agent"],
  // What would write or read files of the host.
  [
    ["read", "x", "--out-file", "/Users/mia/.zshrc"],
    "--out-file is not allowed: it writes a file on the host",
  ],
  [["read", "x", "--out-file=/Users/mia/.zshrc"], "writes a file on the host"],
  [["read", "x", "-o", "/Users/mia/.zshrc"], "-o is not allowed: it writes a file on the host"],
  [["read", "x", "-o/Users/mia/.zshrc"], "writes a file on the host"],
  [["read", "x", "-o=/Users/mia/.zshrc"], "writes a file on the host"],
  [["document", "get", "x", "--output", "y"], "writes a file on the host"],
  [["read", "x", "--file-mode", "0777"], "belongs to a file on the host"],
  [["inject", "-i", "/etc/passwd"], "reads a file on the host"],
  [["inject", "--in-file=/etc/passwd"], "reads a file on the host"],
  [["item", "create", "--template=/etc/passwd"], "reads a file on the host"],
  [["item", "create", "f[file]=/etc/passwd"], "attaches a file on the host"],
  [["item", "create", "s.f[FILE]=/etc/passwd"], "attaches a file on the host"],
  [["item", "create", "f[ file ]=/etc/passwd"], "attaches a file on the host"],
  [["item", "create", "f\\=[file]=/etc/passwd"], "attaches a file on the host"],
  [["item", "create", "f[attachment]=/etc/passwd"], "attaches a file on the host"],
  [["item", "create", "f[novel]=x"], "a field has a type that is not known to be text"],
  [["item", "create", "f\\=x[novel]=y"], "a field has a type that is not known to be text"],
  [["item", "edit", "x", "f[\u009b31m]=x"], "a field has a type that is not known to be text"],
  [["item", "edit", "x", "f[]=x"], "a field has a type that is not known to be text"],
  [
    ["item", "create", "f[novel][text]=x"],
    ["item", "create", "--", "f[novel][text]=x"],
  ],
  // The value is nobody's business.
  [
    ["item", "create", "p=correct[horse]"],
    ["item", "create", "--", "p=correct[horse]"],
  ],
  [
    ["item", "create", "p=ab[S3cr3t]=cd"],
    ["item", "create", "--", "p=ab[S3cr3t]=cd"],
  ],
  [
    ["item", "create", "p[password]=[a]=[b]"],
    ["item", "create", "--", "p[password]=[a]=[b]"],
  ],
  [
    ["item", "create", "notes=[todo]"],
    ["item", "create", "--", "notes=[todo]"],
  ],
  [
    ["item", "edit", "x", "url=https://a/[1]=2"],
    ["item", "edit", "--", "x", "url=https://a/[1]=2"],
  ],
  [["item", "create", "p=x[file]"], "attaches a file on the host"],
  [["item", "edit", "x", "f[file]=/etc/passwd"], "attaches a file on the host"],
  [["document", "create", "/etc/passwd"], "reads a file on the host"],
  [
    ["document", "create"],
    ["document", "create"],
  ],
  [["document", "edit", "x", "/etc/passwd"], "reads a file on the host"],
  [["--config", "/tmp/evil", "item", "list"], "another configuration"],
  [["item", "list", "--config=/tmp/evil"], "another configuration"],
  [["connect", "server", "create", "x"], "writes credentials"],
  // What changes more than an item.
  [["account", "add"], "accounts are added on the host"],
  [["account", "forget", "--all"], "removed on the host"],
  [["signout", "--forget"], "removes an account"],
  [["vault", "delete", "x"], "deleted on the host"],
  [["vault", "rm", "x"], "deleted on the host"],
  [["user", "remove", "x"], "people are managed"],
  [["vault", "user", "grant", "--vault", "x"], "permissions"],
  [["group", "user", "grant"], "people are managed"],
  [["user", "provision"], "people are managed"],
  [["service-account", "create", "x"], "outlive the call"],
  [["events-api", "create", "x"], "outlive the call"],
  // What could be read in two ways.
  [["item", "get", "--", "--out-file=/x"], "after -- begins with a dash"],
  [["item", "get", "x", "--vault", "--out-file=/x"], "begins with a dash"],
  [["item", "get", "x", "--vault", "--"], "begins with a dash"],
  [["item", "get", "x", "--vault"], "has no value"],
  [["item", "get", "x", "--out-fil", "/x"], "a flag is not known"],
  [["item", "get", "x", "--Out-File=/x"], "a flag is not known"],
  [["item", "get", "x", "---out-file=/x"], "a flag is not known"],
  [["item", "get", "x", "-xo", "/y"], "a flag is not known"],
  [["item", "get", "x", "--reveal=--out-file"], "--reveal takes only true or false"],
  [["item", "get", "x", "--constructor"], "a flag is not known"],
  [["item", "get", "x", "--\u0000"], "a flag is not known"],
  [["--vault", "x", "item", "list"], "must come after the subcommand"],
  [["--reveal", "run"], "run a program on the host"],
  [["nonsense"], "not known to the bridge"],
  [["item"], "not known to the bridge"],
  [["item", "Get", "x"], "not known to the bridge"],
  [["item", "constructor", "x"], "not known to the bridge"],
  [["ls"], "not known to the bridge"],
  [["item", "x", "rm"], "not known to the bridge"],
  [["__proto__"], "not known to the bridge"],
  [["-"], "not known to the bridge"],
  [["--format=json"], "there is no subcommand"],
];

const openRows: readonly Row[] = [
  [["https://example.com"], ["https://example.com/"]],
  [["http://example.com/a?b=c#d"], ["http://example.com/a?b=c#d"]],
  [["mailto:mia@example.com?subject=x"], ["mailto:mia@example.com?subject=x"]],
  [["HTTPS://EXAMPLE.com"], ["https://example.com/"]],
  [
    ["-g", "https://a.example", "https://b.example"],
    ["-g", "https://a.example/", "https://b.example/"],
  ],
  [["/Users/mia/p/a.pdf"], ["/Users/mia/p/a.pdf"]],
  [["/Users/mia/p/A.PDF"], ["/Users/mia/p/A.PDF"]],
  [["/Users/mia/p/x y.md"], ["/Users/mia/p/x y.md"]],
  [["--", "/Users/mia/p/-a.txt"], ["/Users/mia/p/-a.txt"]],
  [["file:///Users/mia/p/x%20y.md"], ["/Users/mia/p/x y.md"]],
  [["file://localhost/Users/mia/p/a.pdf"], ["/Users/mia/p/a.pdf"]],
  [["/Users/mia/p/src"], ["/Users/mia/p/src"]],
  [["/Users/mia/p/../p/src/."], ["/Users/mia/p/src"]],
  [
    ["-R", "/Users/mia/p/a.pdf"],
    ["-R", "/Users/mia/p/a.pdf"],
  ],
  // Shown in their folder, because opening could run them.
  [["/Users/mia/p/run.command"], ["-R", "/Users/mia/p/run.command"]],
  [["/Users/mia/p/tool"], ["-R", "/Users/mia/p/tool"]],
  [["/Users/mia/p/page.terminal"], ["-R", "/Users/mia/p/page.terminal"]],
  [["/Users/mia/p/Evil.app"], ["-R", "/Users/mia/p/Evil.app"]],
  [["/Users/mia/p/src.workflow"], ["-R", "/Users/mia/p/src.workflow"]],
  [["/Users/mia/p/alias.pdf"], ["-R", "/Users/mia/p/run.command"]],
  [["/Users/mia/p/a.pdf", "/Users/mia/p/tool"], "only be shown in its folder"],
  [["/Users/mia/p/link.pdf"], "leads out of its mount"],
  [["/Users/mia/pp/a.pdf"], "not below a mount"],
  [["/Users/mia/p/../secret.pdf"], "not below a mount"],
  [["/etc/passwd"], "not below a mount"],
  [["/Users/mia/p/none.pdf"], "does not exist"],
  [["notes.md"], "an address is not valid"],
  [["file:///etc/passwd"], "not below a mount"],
  [["file://server/Users/mia/p/a.pdf"], "not valid"],
  [["file:///Users/mia/p/%00"], "does not exist"],
  [["ftp://example.com"], "only http, https and mailto"],
  [["javascript:alert(1)"], "only http, https and mailto"],
  [["x-apple.systempreferences:"], "only http, https and mailto"],
  [["vscode://file/etc/passwd"], "only http, https and mailto"],
  [["ssh://host"], "only http, https and mailto"],
  [["https://a b"], "spaces"],
  [["https://a\nb"], "spaces"],
  [["https:\\\\evil"], "backslashes"],
  [[`https://a/${"x".repeat(9000)}`], "longer than"],
  [["https://"], "not valid"],
  [[], "nothing to open"],
  [Array.from({ length: 17 }, () => "https://a"), "more than 16"],
  [["-a", "Terminal", "https://a"], "does not list the application"],
  [["-a"], "does not list the application"],
  [["-b", "com.apple.Terminal", "https://a"], "only -a, -g and -R"],
  [["-e", "/Users/mia/p/a.pdf"], "only -a, -g and -R"],
  [["-n", "--args", "x"], "only -a, -g and -R"],
  [["--env", "X=1", "https://a"], "only -a, -g and -R"],
  [["-aTerminal", "https://a"], "only -a, -g and -R"],
];

async function check(command: string, [args, expected]: Row, given: PolicyFacts): Promise<void> {
  const decision = await decide(command, args, given);
  if (typeof expected === "string") {
    expect(decision).toMatchObject({ kind: "refuse", why: expect.stringContaining(expected) });
  } else expect(decision).toMatchObject({ kind: "run", args: expected });
}

const name = ([args, expected]: Row): string =>
  `${JSON.stringify(args).slice(0, 70)} -> ${typeof expected === "string" ? expected : "runs"}`;

describe("op", () => {
  for (const row of opRows) test(name(row), () => check("op", row, facts("op")));

  test("what the guest's client does by itself is refused, each flag with its own reason", async () => {
    for (const name of opFlagNames.filter((one) => opFlagNamed(one)?.isGuests)) {
      const decision = await decide("op", ["item", "get", "x", `--${name}`], facts("op"));
      expect(decision).toMatchObject({ kind: "refuse", why: expect.stringContaining("is not allowed: ") });
      expect(decision).not.toMatchObject({ why: expect.stringContaining("it belongs to the guest") });
    }
  });

  test("bridge.rules can leave fewer subcommands", async () => {
    const given = facts("op", { command: "op", confirm: false, subcommands: ["read"] });
    expect(await decide("op", ["read", "x"], given)).toMatchObject({ kind: "run" });
    expect(await decide("op", ["item", "get", "x"], given)).toMatchObject({
      kind: "refuse",
      why: "bridge.rules does not list op item get",
    });
  });

  test("nothing but words of our own tables gets into the log", async () => {
    const secret = "correct-horse";
    for (const [args] of opRows) {
      const decision = await decide(
        "op",
        [...args, secret, `p=${secret}`, `--session=${secret}`],
        facts("op"),
      );
      expect(JSON.stringify({ ...decision, args: [] })).not.toContain(secret);
      for (const one of [`--${secret}`, `p[${secret}]=x`, `p=x[${secret}]=y`, `-${secret}`]) {
        const refused = await decide("op", [...args, one], facts("op"));
        expect(JSON.stringify({ ...refused, args: [], detail: "" })).not.toContain(secret);
      }
    }
  });
});

describe("open on a Mac", () => {
  for (const row of openRows) test(name(row), () => check("open", row, facts("open")));

  test("-a with an application that the settings list", async () => {
    const given = facts("open", { command: "open", confirm: false, applications: ["Safari"] });
    await check(
      "open",
      [
        ["-a", "Safari", "https://a.example"],
        ["-a", "Safari", "https://a.example/"],
      ],
      given,
    );
    await check("open", [["-a", "safari", "https://a.example"], "does not list the application"], given);
  });
});

describe("open below a mount that is reached through a symlink", () => {
  const given = (hosts: readonly string[], real: Readonly<Record<string, string>>): PolicyFacts => ({
    ...facts("open"),
    mounts: hosts.map((host) => ({ host, guest: host })),
    lookAt: async (path) => ({ path: real[path] ?? path, isFolder: !path.endsWith(".txt") }),
  });
  const rows: readonly (readonly [string, PolicyFacts, string, boolean])[] = [
    [
      "the folder's real place counts",
      given(["/Users/mia/p"], { "/Users/mia/p": "/Volumes/x/p", "/Users/mia/p/a.txt": "/Volumes/x/p/a.txt" }),
      "/Users/mia/p/a.txt",
      true,
    ],
    [
      "and nothing beside it",
      given(["/Users/mia/p"], { "/Users/mia/p": "/Volumes/x/p", "/Users/mia/p/a.txt": "/Volumes/x/b.txt" }),
      "/Users/mia/p/a.txt",
      false,
    ],
    [
      "a mount inside a mount may be the guest's own symlink",
      given(["/p", "/p/in"], { "/p/in": "/Users/mia", "/p/in/a.txt": "/Users/mia/a.txt" }),
      "/p/in/a.txt",
      false,
    ],
    [
      "also where only a symlink leads into the other mount",
      given(["/p", "/q/l/in"], {
        "/q/l": "/p/deep",
        "/q/l/in": "/Users/mia",
        "/q/l/in/a.txt": "/Users/mia/a.txt",
      }),
      "/q/l/in/a.txt",
      false,
    ],
  ];
  test.each(rows)("%s", async (_name, where, path, runs) => {
    expect((await decide("open", [path], where))?.kind).toBe(runs ? "run" : "refuse");
  });
});

describe("open elsewhere", () => {
  const rows: readonly Row[] = [
    [["https://example.com"], ["https://example.com/"]],
    [["/Users/mia/p/a.pdf"], ["/Users/mia/p/a.pdf"]],
    [["/Users/mia/p/tool"], ["/Users/mia/p"]],
    [["https://a", "https://b"], "one thing at a time"],
  ];
  for (const row of rows) test(name(row), () => check("open", row, facts("xdg-open")));

  test("an application, listed or not, is not chosen by what has no word for it", async () => {
    const given = facts("xdg-open", { command: "open", confirm: false, applications: ["Safari"] });
    await check("open", [["-a", "Safari", "https://a"], "cannot choose the application"], given);
  });
});

describe("the clipboard", () => {
  const rows: readonly (readonly [string, string, Row])[] = [
    ["pbcopy", "pbcopy", [[], []]],
    ["pbcopy", "xclip", [[], ["-selection", "clipboard", "-in"]]],
    ["pbcopy", "pbcopy", [["-pboard", "find"], "takes no arguments"]],
    ["pbpaste", "pbpaste", [[], []]],
    ["pbpaste", "wl-paste", [[], ["--no-newline"]]],
    ["pbpaste", "pbpaste", [["-Prefer", "rtf"], "takes no arguments"]],
  ];
  for (const [command, tool, row] of rows)
    test(`${command} by ${tool}: ${name(row)}`, () => check(command, row, facts(tool)));
});

describe("notify", () => {
  const shown = async (args: readonly string[], tool = "osascript"): Promise<readonly string[]> => {
    const decision = await decide("notify", args, facts(tool));
    return decision?.kind === "run" ? decision.args.slice(tool === "osascript" ? 6 : 0) : [];
  };
  test("a message, with a title", async () => {
    expect(await shown(["built"])).toEqual(["=ascalon ", "=built "]);
    expect(await shown(["--title", "x", "a", "b"])).toEqual(["=x ", "=a b "]);
    expect(await shown(["--title=x", "--", "-b"])).toEqual(["=x ", "=-b "]);
  });
  test("nothing in it is script, option or markup", async () => {
    expect(await shown(['" & do shell script "id'])).toEqual(["=ascalon ", '=" & do shell script "id ']);
    expect(await shown(["-t", "-e", "x"])).toEqual(["=-e ", "=x "]);
    expect(await shown(["<b>&"], "notify-send")).toEqual([
      "--app-name=ascalon",
      "--",
      "ascalon",
      "&lt;b&gt;&amp;",
    ]);
  });
  test("a backslash is one in the text, of which notify-send would make markup and line ends, and none in the title", async () => {
    const args = ["--title", "C:\\new", "C:\\new \\074b\\076"];
    expect(await shown(args, "notify-send")).toEqual([
      "--app-name=ascalon",
      "--",
      "C:\\new",
      "C:\\\\new \\\\074b\\\\076",
    ]);
  });
  test("the script is the same whatever the text is", async () => {
    const scripts = await Promise.all(
      ["a", '"', "end run"].map(async (text) => {
        const decision = await decide("notify", [text], facts("osascript"));
        return decision?.kind === "run" ? decision.args.slice(0, 6).join("\n") : "";
      }),
    );
    expect(scripts[0]).toContain("display notification");
    expect(new Set(scripts).size).toBe(1);
  });
  test("is bounded to one line", async () => {
    const [title = "", body = ""] = await shown([
      "--title",
      "t".repeat(500),
      `a\u001b[31m\u202e\n${"b".repeat(900)}`,
    ]);
    expect(title).toContain("ttt");
    expect([...title].length).toBeLessThanOrEqual(66);
    expect(body).toContain("bbb");
    expect([...body].length).toBeLessThanOrEqual(258);
    expect(body).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
  for (const args of [[], [""], [" "], ["--icon=x", "y"], ["-e", "x"]])
    test(`${JSON.stringify(args)} is refused`, async () =>
      expect(await decide("notify", args, facts("osascript"))).toMatchObject({ kind: "refuse" }));
});

test("there is no rule for any other command", () => {
  for (const command of ["sh", "OP", "op ", "/usr/bin/op", "", "constructor", "__proto__", "xdg-open"])
    expect(commandRule(command)).toBeUndefined();
});
