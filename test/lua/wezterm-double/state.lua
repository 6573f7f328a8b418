-- One Lua state: WezTerm makes a fresh one for every evaluation of the configuration. No debug library, globals
-- that are strict, files from memory, and I/O that is counted.
local shared = {
  "assert", "collectgarbage", "coroutine", "error", "getmetatable", "ipairs", "math", "next", "pairs", "pcall",
  "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable", "string", "table", "tonumber", "tostring",
  "utf8", "xpcall", "_VERSION",
}

local compiled = {}

-- Compiling a source once keeps 10,000 starts affordable: it becomes the body of a function that is given the globals,
-- so that each call makes a chunk with globals and variables of its own. First it is compiled alone, for what Lua says of it.
local function compile(source, name, env)
  local chunk_with = compiled[source]
  if not chunk_with then
    local fn, problem = load(source, "@" .. name, "t", env)
    if not fn then return nil, problem end
    chunk_with = assert(load("local _ENV = ... return function(...) " .. source .. "\nend", "@" .. name, "t"))
    compiled[source] = chunk_with
  end
  return chunk_with(env)
end

local function file_handle(text)
  return {
    read = function(_, what) return what == "a" and text or text:sub(1, what) end,
    close = function() end,
  }
end

local function forbidden(name)
  return function() H.violation(name .. " was called") end
end

local function loader(state, env, path, ...)
  local source = H.files[path]
  if not source then return nil, "cannot open " .. path end
  return compile(source, path, env)
end

local function requirer(state, env)
  return function(name)
    local loaded = env.package.loaded
    if loaded[name] ~= nil then return loaded[name] end
    for template in env.package.path:gmatch("[^;]+") do
      local path = template:gsub("%?", (name:gsub("%.", "/")))
      if H.files[path] then
        H.in_require = H.in_require + 1
        local ok, value = pcall(function() return assert(loader(state, env, path))(name, path) end)
        H.in_require = H.in_require - 1
        if not ok then error(value, 0) end
        loaded[name] = value == nil and true or value
        return loaded[name]
      end
    end
    error("module '" .. name .. "' not found", 2)
  end
end

local config_dir = "/Users/ada/.config/wezterm"
H.plugins_dir = "/Users/ada/Library/Application Support/wezterm/plugins"

-- Runs wezterm.lua; returns its config, or nil and the problem.
function H.evaluate(source, is_gui)
  local state = { handlers = {} }
  local env = {}
  for _, name in ipairs(shared) do env[name] = _G[name] end
  env._G = env
  env.type = H.type_of
  env.io = {
    open = function(path)
      H.reads[#H.reads + 1] = path
      local text = H.files[path]
      if text == nil then return nil, path .. ": No such file or directory", 2 end
      return file_handle(text)
    end,
    popen = forbidden("io.popen"),
  }
  env.os = {
    time = H.time,
    getenv = function(name) return H.env[name] end,
    clock = os.clock,
    execute = forbidden("os.execute"),
  }
  env.package = {
    loaded = {},
    path = config_dir .. "/?.lua;" .. H.plugins_dir .. "/?/plugin/init.lua",
  }
  env.require = requirer(state, env)
  env.loadfile = function(path) return loader(state, env, path) end
  env.dofile = function(path) return assert(loader(state, env, path))() end
  env.load = function(text, name) return compile(text, name or "load", env) end
  local wezterm = H.wezterm_module(state, is_gui)
  wezterm.plugin = {
    require = function(url)
      return env.require((url:gsub("[/.:]", { ["/"] = "sZs", ["."] = "sDs", [":"] = "sCs" })))
    end,
  }
  env.package.loaded.wezterm = wezterm
  setmetatable(env, {
    __index = function(_, name)
      -- The library of TypeScriptToLua asks for the unpack of Lua 5.1.
      if name == "unpack" then return nil end
      error("undeclared global " .. tostring(name), 2)
    end,
    __newindex = function(_, name) error("global " .. tostring(name) .. " was assigned", 2) end,
  })
  state.env = env
  state.wezterm = wezterm
  local chunk, problem = compile(source, config_dir .. "/wezterm.lua", env)
  if not chunk then return nil, problem end
  local ok, config
  H.run_task(chunk, {}, function(...) ok, config = ... end)
  if not ok then return nil, tostring(config) end
  local meta = getmetatable(config)
  state.config = meta and meta.fields or config
  return state
end
