-- wezterm.plugin.require() clones the repository and loads this file; the plugin itself is lua-out/ascalon.lua.
-- The second vararg is this file's own path: WezTerm's Lua has no debug library to ask for it.
local path = select(2, ...)
local root = type(path) == "string" and path:match("^(.*)/plugin/init%.lua$")
if not root then
  error("ascalon: load this file with wezterm.plugin.require, or lua-out/ascalon.lua with dofile", 0)
end
local bundle = root .. "/lua-out/ascalon.lua"
require("wezterm").add_to_config_reload_watch_list(bundle)
return assert(loadfile(bundle))(...)
