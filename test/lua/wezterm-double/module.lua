-- The `wezterm` module of one Lua state.
local config_fields = {}
for _, name in ipairs({
  "keys", "colors", "default_prog", "front_end", "default_workspace", "enable_tab_bar", "hide_tab_bar_if_only_one_tab",
  "switch_to_last_active_tab_when_closing_tab",
  "unix_domains", "ssh_domains", "exec_domains", "wsl_domains", "tls_clients",
}) do
  config_fields[name] = true
end

function H.known_fields(value, names, what)
  for name in pairs(value) do
    local known = false
    for _, one in ipairs(names) do known = known or one == name end
    if not known then error("`" .. tostring(name) .. "` is not a valid " .. what .. " field", 0) end
  end
end

local modifiers = {}
for _, name in ipairs({ "SHIFT", "ALT", "OPT", "META", "CTRL", "SUPER", "CMD", "WIN", "LEADER", "NONE", "" }) do
  modifiers[name] = true
end
local mapped_keys = { PageUp = true, LeftArrow = true, Enter = true, Tab = true, Escape = true }
local physical_keys = { PageUp = true, LeftArrow = true, Return = true, Tab = true, Escape = true, Space = true }

-- DeferredKeyCode (20240203 config/src/keys.rs:89): without a prefix a name may be of either kind.
local function key_problem(key)
  local prefix, name = key:match("^(%a+):(.+)$")
  if prefix ~= "phys" and prefix ~= "mapped" then prefix, name = nil, key end
  local function_key = name:find("^F%d%d?$")
  local mapped = utf8.len(name) == 1 or mapped_keys[name] or function_key
  local physical = name:find("^%w$") or physical_keys[name] or function_key
  if prefix ~= "phys" and mapped or prefix ~= "mapped" and physical then return nil end
  if prefix == "mapped" then return "invalid KeyCode string " .. name end
  local problem = "expected phys:CODE physical keycode string, got: phys:" .. name
  if prefix == "phys" then return problem end
  return "invalid keycode " .. name .. ": invalid KeyCode string " .. name .. ", " .. problem
end

-- What a key assignment is refused for (20240203 wezterm-input-types/src/lib.rs, TryFrom of Modifiers and of KeyCode).
function H.check_key(key)
  H.known_fields(key, { "key", "mods", "action" }, "Key")
  if type(key.action) ~= "table" then error("a key without an action", 0) end
  for word in ((key.mods or "") .. "|"):gmatch("([^|]*)|") do
    if not modifiers[word:match("^%s*(.-)%s*$")] then error("invalid modifier name " .. word .. " in " .. key.mods, 0) end
  end
  local problem = key_problem(key.key)
  if problem then error(problem, 0) end
end

local function config_builder()
  local fields = {}
  return setmetatable({}, {
    __index = fields,
    __newindex = function(_, name, value)
      if not config_fields[name] then
        error("error converting Lua table to Config (Config::from_dynamic: `" .. name .. "` is not a valid Config field.", 2)
      end
      -- Config::from_dynamic of this one field (20240203 config/src/lua.rs:83).
      for _, key in ipairs(name == "keys" and value or {}) do
        local ok, problem = pcall(H.check_key, key)
        if not ok then error(H.rust_error("error converting Lua table to Config (Config::from_dynamic: " .. problem), 0) end
      end
      fields[name] = value
    end,
    fields = fields,
  })
end

-- Values are converted to Rust and back: tables come out as copies, functions do not go in.
local function converted(value)
  local kind = type(value)
  if kind == "function" then error("error converting Lua function to Value", 0) end
  -- The worse of what a conversion may do to a number: whether WezTerm keeps integers is not known here.
  if kind == "number" then return value + 0.0 end
  if kind ~= "table" then return value end
  local copy = {}
  for key, item in next, value do copy[key] = converted(item) end
  return copy
end

local function global_table()
  return setmetatable({}, {
    __index = function(_, key) return converted(H.global[key]) end,
    __newindex = function(_, key, value) H.global[key] = converted(value) end,
  })
end

-- A text of Rust's: mlua refuses other bytes, such as those of a character that was cut in two.
function H.rust_text(text, what)
  if type(text) ~= "string" then error("error converting Lua " .. type(text) .. " to String (" .. what .. ")", 0) end
  if not utf8.len(text) then error("error converting Lua string to String (" .. what .. ": invalid utf-8 sequence)", 0) end
  return text
end

local selector_fields = { "title", "description", "choices", "action", "fuzzy", "alphabet", "fuzzy_description" }

local actions = {
  EmitEvent = function(name) return { EmitEvent = name } end,
  SwitchToWorkspace = function(to)
    H.known_fields(to, { "name", "spawn" }, "SwitchToWorkspace")
    return { SwitchToWorkspace = to }
  end,
  InputSelector = function(options)
    H.known_fields(options, selector_fields, "InputSelector")
    H.rust_text(options.title, "title")
    H.rust_text(options.description, "description")
    for _, choice in ipairs(options.choices) do
      H.known_fields(choice, { "label", "id" }, "InputSelectorEntry")
      H.rust_text(choice.label, "label")
    end
    if not options.action.EmitEvent then error("InputSelector requires action_callback", 0) end
    return { InputSelector = options }
  end,
}

local function mux_module()
  local function get_mux()
    if not H.mux_ready then error(H.rust_error("cannot get Mux!?"), 0) end
  end
  return {
    get_domain = function(name)
      get_mux()
      local domain = H.domain_named(name)
      return domain and H.objects.domain(domain)
    end,
    get_pane = function(id)
      get_mux()
      if not H.panes[id] then error(H.rust_error("pane id " .. id .. " not found in mux"), 0) end
      return H.objects.pane(H.panes[id])
    end,
    all_windows = function()
      get_mux()
      local list = {}
      for i, window in ipairs(H.windows) do list[i] = H.objects.mux_window(window) end
      return list
    end,
  }
end

local function run_child_process(argv)
  for _, word in ipairs(argv) do
    H.rust_text(word, "run_child_process")
  end
  return H.suspend(function(resume)
    local line = table.concat(argv, " ")
    H.children[#H.children + 1] = line
    local result = H.child_result(line)
    if result.missing then return resume(false, H.rust_error("No such file or directory (os error 2)")) end
    if result.never then return end
    H.after(result.ms or 100, function()
      resume(true, (result.exit or 0) == 0, result.stdout or "", result.stderr or "")
    end)
  end)
end

local function log(level)
  return function(...)
    local words = table.pack(...)
    for i = 1, words.n do words[i] = tostring(words[i]) end
    H.log[#H.log + 1] = { level = level, text = table.concat(words, " ") }
  end
end

-- A fresh module for a fresh Lua state; `is_gui` is false in the mux server and the command line.
function H.wezterm_module(state, is_gui)
  local callbacks = 0
  local module
  -- config/src/lua.rs:643: an event by a number of this Lua state.
  local function wrapped(fn)
    local name = "user-defined-" .. callbacks
    callbacks = callbacks + 1
    module.on(name, fn)
    return name
  end
  module = {
    log_info = log("info"),
    log_warn = log("warn"),
    log_error = log("error"),
    home_dir = "/Users/ada",
    version = H.version,
    target_triple = H.target,
    executable_dir = H.executable_dir,
    GLOBAL = global_table(),
    mux = mux_module(),
    config_builder = config_builder,
    json_parse = function(text)
      local ok, value = pcall(H.json_parse, text)
      if not ok then error(H.rust_error(value), 0) end
      return value
    end,
    json_encode = H.json_encode,
    hostname = function() return H.hostname end,
    open_with = function(target) H.opened[#H.opened + 1] = target end,
    -- A file that is not there yet cannot be watched.
    add_to_config_reload_watch_list = function(path) H.watched[path] = H.files[path] ~= nil or nil end,
    run_child_process = run_child_process,
    -- lua-api-crates/time-funcs/src/lib.rs:193: a timer that the coroutine waits for, whatever is reloaded meanwhile.
    sleep_ms = function(ms)
      H.suspend(function(resume) H.after(ms, function() resume(true) end) end)
    end,
    action = setmetatable({}, {
      __index = function(_, name) return actions[name] or error("`" .. name .. "` is not a valid KeyAssignment", 2) end,
    }),
    time = {
      -- Each call registers an event that stays as long as the Lua state does, so they are counted.
      call_after = function(seconds, fn)
        H.timers = H.timers + 1
        -- wrap_callback names an event of this Lua state, and run() emits that name in the newest one (S
        -- lua-api-crates/time-funcs/src/lib.rs:84-105, config/src/lua.rs:642): there it is somebody else's, or nothing.
        local name = wrapped(fn)
        local live = H.state
        if live ~= state and debug.getinfo(fn, "S").source:find("ascalon.lua", 1, true) then
          H.violation("a timer of a Lua state that is no more")
        end
        H.after(math.floor(seconds * 1000), function()
          -- Dropped when the configuration was reloaded meanwhile.
          if live ~= H.state then return end
          H.run_task(H.emit_in, { live, name }, function(ok, problem)
            if not ok then H.violation("call_after raised: " .. tostring(problem)) end
          end)
        end)
      end,
    },
  }
  module.on = function(name, handler)
    if type(handler) ~= "function" then error("bad argument #2 to on", 2) end
    state.handlers[name] = state.handlers[name] or {}
    table.insert(state.handlers[name], handler)
  end
  module.emit = function(name, ...)
    H.suspend(function(resume) resume(true) end)
    return H.emit_in(state, name, ...)
  end
  module.action_callback = function(handler)
    return { EmitEvent = wrapped(handler) }
  end
  if is_gui then
    module.gui = {
      -- The windows on the screen: those of the active workspace.
      gui_windows = function()
        local list = {}
        for _, window in ipairs(H.windows) do
          if window.workspace == H.workspace and #window.tabs > 0 then list[#list + 1] = H.objects.window(window) end
        end
        return list
      end,
    }
  end
  -- A name that no WezTerm has is a mistake of the plugin; gui is nil on purpose outside the GUI.
  return setmetatable(module, {
    __index = function(_, name)
      if name ~= "gui" then error("wezterm." .. tostring(name) .. " does not exist", 2) end
    end,
  })
end
