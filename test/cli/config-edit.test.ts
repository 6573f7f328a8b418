import { describe, expect, it } from "vitest";
import { configCommand } from "../../src/cli/commands/config.ts";
import { starterFile } from "../../src/cli/settings/starter-file.ts";
import { type FakeContext, fakeContext } from "../support/fake-context.ts";
import { runCommand } from "../support/run-command.ts";

const folder = "/home/mia/.config/ascalon";
const file = `${folder}/ascalon.yaml`;

interface Editing {
  readonly text?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the person makes of the text; undefined: the copy is deleted. */
  readonly edit?: (text: string, context: FakeContext) => string | undefined;
  readonly exitCode?: number;
  readonly startError?: string;
}

function editing({ text, env = { EDITOR: "vi" }, edit = (same) => same, exitCode = 0, startError }: Editing) {
  const context: FakeContext = fakeContext({
    env,
    files: text === undefined ? {} : { [file]: text },
    programs: async ({ args }) => {
      if (startError !== undefined) return { startError };
      const copy = args.at(-1) ?? "";
      const after = edit(context.files.text(copy) ?? "", context);
      if (after === undefined) await context.files.remove(copy);
      else context.files.put(copy, after);
      return { exitCode };
    },
  });
  return context;
}

const run = (context: FakeContext) => runCommand(["config", "edit"], context, [configCommand]);
const leftovers = (context: FakeContext) => context.files.paths().filter((path) => path.includes(".edit-"));

describe("ascalon config edit", () => {
  it("replaces the file with a valid edit and says what it means", async () => {
    const context = editing({ text: "# mine\nvm: { cpus: 4 }\n", edit: (text) => text.replace("4", "6") });
    expect(await run(context)).toEqual({
      code: 0,
      out: "",
      err: "vm.cpus: 4 -> 6, takes effect with `ascalon restart`\n",
    });
    expect(context.files.text(file)).toBe("# mine\nvm: { cpus: 6 }\n");
    expect(leftovers(context)).toEqual([]);
  });

  it("opens no editor on a file that its owner made read-only", async () => {
    const context = editing({ text: "" });
    context.files.put(file, "vm: { cpus: 4 }\n", { mode: 0o444 });
    const { code, err } = await run(context);
    expect(code).toBe(5);
    expect(err).toContain(`run: chmod u+w ${file}\n`);
    expect(context.processes.calls).toEqual([]);
    expect(context.files.text(file)).toBe("vm: { cpus: 4 }\n");
  });

  it("offers the starter file when there is none", async () => {
    const context = editing({ edit: (text) => text.replace("# cpus: 6", "cpus: 2") });
    await run(context);
    expect(context.files.text(file)).toBe(
      starterFile("./ascalon.schema.json").replace("# cpus: 6", "cpus: 2"),
    );
    expect(context.files.text(`${folder}/ascalon.schema.json`)).toContain('"$schema"');
  });

  it.each([
    ["an unchanged file", "vm: { cpus: 4 }\n", `Unchanged: ${file}\n`],
    ["an unchanged starter", undefined, "Unchanged: no file was created.\n"],
  ])("writes nothing for %s", async (_, text, err) => {
    const context = editing(text === undefined ? {} : { text });
    expect(await run(context)).toEqual({ code: 0, out: "", err });
    expect(context.files.text(file)).toBe(text);
    expect(leftovers(context)).toEqual([]);
  });

  it("takes a copy that the editor deleted as unchanged", async () => {
    const context = editing({ text: "vm: { cpus: 4 }\n", edit: () => undefined });
    expect((await run(context)).err).toBe(`Unchanged: ${file}\n`);
  });

  it("keeps an invalid edit aside and names it with all its problems", async () => {
    const text = "vm: { cpus: 4 }\n";
    const context = editing({ text, edit: () => "vm:\n  cpus: six\nusr: {}\n" });
    const { code, err } = await run(context);
    expect(code).toBe(5);
    expect(err).toContain(`it is kept in ${file}.rejected-1 [E_SETTINGS_INVALID]`);
    expect(err).toContain(`run: ascalon config edit --from ${file}.rejected-1\n`);
    expect(err).toContain(`${file}.rejected-1:2:9 vm.cpus: expected a whole number`);
    expect(err).toContain(`${file}.rejected-1:3:1 usr: unknown key, did you mean user?`);
    expect(context.files.text(file)).toBe(text);
    expect(context.files.text(`${file}.rejected-1`)).toBe("vm:\n  cpus: six\nusr: {}\n");
    expect(leftovers(context)).toEqual([]);
  });

  it("goes on with an edit that was kept", async () => {
    const kept = `${file}.rejected-1`;
    const context = editing({ text: "vm: { cpus: 4 }\n", edit: (text) => text.replace("six", "6") });
    context.files.put(kept, "# mine\nvm: { cpus: six }\n");
    const { code } = await runCommand(["config", "edit", "--from", kept], context, [configCommand]);
    expect(code).toBe(0);
    expect(context.files.text(file)).toBe("# mine\nvm: { cpus: 6 }\n");
    expect(leftovers(context)).toEqual([]);
  });

  it("says when there is nothing to go on with", async () => {
    const context = editing({ text: "" });
    const { code, err } = await runCommand(["config", "edit", "--from", "none"], context, [configCommand]);
    expect(code).toBe(2);
    expect(err).toContain("/none does not exist");
    expect(leftovers(context)).toEqual([]);
  });

  it("keeps aside what an editor saved in another encoding", async () => {
    const context = editing({ text: "vm: { cpus: 4 }\n", edit: () => "# gr\uFFFD\n" });
    context.files.readPart = async () => ({
      offset: 0,
      bytes: Buffer.from("# gr\xfc\n", "latin1"),
      sizeBytes: 6,
      modifiedAt: 0,
    });
    const { code, err } = await run(context);
    expect(code).toBe(5);
    expect(err).toContain(`${file}.rejected-1:1:5 is not UTF-8`);
    expect(err).toContain(`run: iconv -f latin1 -t utf-8 ${file}.rejected-1 > `);
    expect(context.files.text(file)).toBe("vm: { cpus: 4 }\n");
  });

  it.each([
    ["ENOSPC", 1, "the disk is full; "],
    ["EACCES", 5, `${file} cannot be written; `],
  ])("%s while it is written: what was typed is kept", async (code, exit, what) => {
    const context = editing({
      text: "vm: { cpus: 4 }\n",
      edit: (text, { files }) => {
        files.writeAtomic = async (path) => {
          throw Object.assign(new Error(`${code}: write`), { code, path });
        };
        return text.replace("4", "6");
      },
    });
    const ended = await run(context);
    expect(ended.code).toBe(exit);
    expect(ended.err).toContain(
      `${what}the settings are unchanged, and the edit is kept in ${file}.rejected-1`,
    );
    expect(ended.err).toContain(`run: ascalon config edit --from ${file}.rejected-1`);
    expect(context.files.text(`${file}.rejected-1`)).toBe("vm: { cpus: 6 }\n");
    expect(context.files.text(file)).toBe("vm: { cpus: 4 }\n");
  });

  it("counts further: an earlier rejected edit is not overwritten", async () => {
    const context = editing({ text: "", edit: () => "vm: 1\n" });
    context.files.put(`${file}.rejected-1`, "earlier");
    expect((await run(context)).err).toContain(`${file}.rejected-2`);
    expect(context.files.text(`${file}.rejected-1`)).toBe("earlier");
  });

  it("does not overwrite what was written meanwhile", async () => {
    const context = editing({
      text: "vm: { cpus: 4 }\n",
      edit: (_, context) => {
        context.files.put(file, "vm: { cpus: 5 }\n");
        return "vm: { cpus: 6 }\n";
      },
    });
    const { code, err } = await run(context);
    expect(code).toBe(1);
    expect(err).toContain("was changed by something else while you were editing");
    expect(context.files.text(file)).toBe("vm: { cpus: 5 }\n");
    expect(context.files.text(`${file}.rejected-1`)).toBe("vm: { cpus: 6 }\n");
  });

  it("splits the editor's words at spaces, prefers VISUAL, and asks no shell", async () => {
    const context = editing({ text: "", env: { VISUAL: "code  --wait $X", EDITOR: "vi" } });
    await run(context);
    const [call] = context.processes.calls;
    expect(call).toMatchObject({ kind: "inherit", file: "code" });
    expect(call?.args.slice(0, -1)).toEqual(["--wait", "$X"]);
    expect(call?.args.at(-1)).toMatch(/^\/home\/mia\/\.config\/ascalon\/ascalon\.edit-\d+\.yaml$/);
  });

  it("leaves Ctrl-C to the editor, and passes on what is meant for both", async () => {
    const context = editing({
      text: "vm: { cpus: 4 }\n",
      edit: (text, context) => {
        context.processes.living.add(5000);
        context.send("SIGINT");
        context.send("SIGINT");
        context.send("SIGTERM");
        return text.replace("4", "6");
      },
    });
    const { code } = await run({ ...context, stdinIsTTY: true });
    expect(code).toBe(0);
    expect(context.processes.killed).toEqual([[5000, "SIGTERM"]]);
    expect(context.files.text(file)).toBe("vm: { cpus: 6 }\n");
    expect(leftovers(context)).toEqual([]);
  });

  it("says what to do when no editor is set", async () => {
    const { code, err } = await run(editing({ env: { EDITOR: " " } }));
    expect(code).toBe(1);
    expect(err).toContain("neither VISUAL nor EDITOR is set");
    expect(err).toContain("run: EDITOR=nano ascalon config edit");
  });

  it("says when the editor is not there", async () => {
    const context = editing({ text: "", startError: "ENOENT" });
    const { err } = await run(context);
    expect(err).toContain("vi could not be started (ENOENT); the settings are unchanged");
    expect(err).toContain("run: VISUAL=nano ascalon config edit\n");
    expect(leftovers(context)).toEqual([]);
  });

  it("takes nothing from an editor that failed, and keeps what was written", async () => {
    const context = editing({ text: "vm: { cpus: 4 }\n", edit: () => "vm: { cpus: 6 }\n", exitCode: 1 });
    const { code, err } = await run(context);
    expect(code).toBe(1);
    expect(err).toContain("vi exited with code 1");
    expect(err).toContain(`${file}.rejected-1`);
    expect(context.files.text(file)).toBe("vm: { cpus: 4 }\n");
  });

  it("lets an invalid file be repaired", async () => {
    const context = editing({ text: "vm: [\n", edit: () => "vm: { cpus: 6 }\n" });
    expect(await run(context)).toMatchObject({ code: 0, err: `${file} is valid again.\n` });
  });
});
