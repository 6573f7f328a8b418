import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LuaFactory } from "wasmoon";
import { describeWith, guest, root } from "./support/nix.ts";

const withExtra = (lua: string): string => `changes.ascalon.wezterm.extraConfig = ''${lua}'';`;

/** What the configuration is when a WezTerm that knows only these options reads it. */
async function loaded(text: string, knows: readonly string[]): Promise<Record<string, unknown>> {
  const lua = await new LuaFactory().createEngine();
  try {
    lua.global.set("known", Object.fromEntries(knows.map((name) => [name, true])));
    lua.global.set("text", text);
    // WezTerm's own builder refuses a name that it does not know, by an error at the assignment.
    return (await lua.doString(`
      local values = {}
      local builder = setmetatable({}, {
        __index = values,
        __newindex = function(_, name, value)
          if not known[name] then error("\`" .. name .. "\` is not a valid Config field", 2) end
          values[name] = value
        end,
      })
      package.loaded.wezterm = { config_builder = function() return builder end }
      local returned = assert(load(text, "wezterm.lua"))()
      assert(returned == builder, "it does not return its configuration")
      return values
    `)) as Record<string, unknown>;
  } finally {
    lua.global.close();
  }
}

const options = ["set_environment_variables", "mux_env_remove"];

describeWith(["nix-instantiate"], "the mux server's configuration", () => {
  const text = guest().files["ascalon/wezterm.lua"] ?? "";

  it("why #19: gives panes the forwarded sockets, and WezTerm's own agent is off", async () => {
    const config = await loaded(text, [...options, "mux_enable_ssh_agent"]);
    expect(config.set_environment_variables).toEqual({
      DOCKER_HOST: "unix:///run/ascalon/docker.sock",
      SSH_AUTH_SOCK: "/run/ascalon/ssh-agent.sock",
    });
    expect(config.mux_enable_ssh_agent).toBe(false);
    expect(config.mux_env_remove).toContain("INVOCATION_ID");
  });

  it("is read by a WezTerm of early 2024 too, which refuses the name of that option", async () => {
    const config = await loaded(text, options);
    expect(config).not.toHaveProperty("mux_enable_ssh_agent");
    expect(config).toHaveProperty("set_environment_variables");
  });

  it("is read at build time by the very server that will run it", () => {
    expect(guest().checkers).toEqual(["wezterm"]);
    const other = guest(
      'changes = { pkgs, ... }: { ascalon.wezterm.package = pkgs.writeText "headless" ""; };',
    );
    expect(other.checkers).toEqual(["headless"]);
  });

  it("leaves the default socket where ascalon forwards it from: it names no domain", () => {
    expect(text.replaceAll(/--.*/g, "")).not.toContain("unix_domains");
  });

  it("has the user's own lines in it", async () => {
    const { files } = guest(withExtra("config.scrollback_lines = 20000"));
    const config = await loaded(files["ascalon/wezterm.lua"] ?? "", [...options, "scrollback_lines"]);
    expect(config.scrollback_lines).toBe(20000);
  });
});

describeWith(["nix-instantiate", "lua5.4"], "the check at build time", () => {
  /** Stands in for the server: reads the file it is given as WezTerm would, and then serves for ever. */
  const server = `#!/bin/sh
cat >"$HOME/run.lua" <<'EOF'
package.loaded.wezterm = {}
pcall(dofile, arg[1])
EOF
lua5.4 "$HOME/run.lua" "$2"
exec sleep 60
`;

  const check = (text: string, program = server) => {
    const folder = mkdtempSync(join(tmpdir(), "ascalon-wezterm-"));
    writeFileSync(join(folder, "wezterm-mux-server"), program);
    chmodSync(join(folder, "wezterm-mux-server"), 0o755);
    writeFileSync(join(folder, "wezterm.lua"), text);
    const result = spawnSync(
      "sh",
      [`${root}nix/guest/check-wezterm-config.sh`, join(folder, "wezterm.lua")],
      {
        encoding: "utf8",
        env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      },
    );
    rmSync(folder, { recursive: true });
    return { code: result.status, err: result.stderr };
  };

  it("why #18: passes the configuration that is written", () => {
    expect(check(guest().files["ascalon/wezterm.lua"] ?? "")).toEqual({ code: 0, err: "" });
  });

  it.each([
    ["a syntax error", withExtra("config.x = = 1"), "unexpected symbol near '='"],
    ["an error when it runs", withExtra("error('no such thing')"), "no such thing"],
  ])(
    "fails the build for %s in the user's lines, which the server itself would pass over in silence",
    (_what, extra, said) => {
      const { code, err } = check(guest(extra).files["ascalon/wezterm.lua"] ?? "");
      expect(code).toBe(1);
      expect(err).toContain(said);
    },
  );

  it("waits for a server that is slow, and for none that has ended", () => {
    const began = performance.now();
    expect(check("return {}", "#!/bin/sh\necho 'no library' >&2\nexit 127\n")).toEqual({
      code: 1,
      err: "check-wezterm-config: the server ended before it read a configuration\nno library\n",
    });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(check("return {}", server.replace("lua5.4", "sleep 2; lua5.4"))).toEqual({ code: 0, err: "" });
  });

  it("fails the build for a file that returns nothing", () => {
    expect(check("local x = 1")).toMatchObject({ code: 1, err: expect.stringContaining("returns a nil") });
  });
});
