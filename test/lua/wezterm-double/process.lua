-- The GUI process: start, reload, keys, ticks, palette.
function H.violation(text) H.violations[#H.violations + 1] = text end

function H.reset(options)
  H.reset_clock()
  H.reset_mux()
  H.global, H.log, H.toasts, H.children, H.opened, H.reads = {}, {}, {}, {}, {}, {}
  H.violations, H.watched, H.announced, H.child_rules = {}, {}, {}, {}
  H.attaches, H.timers = 0, 0
  H.files = options.files or {}
  H.env = options.env or { HOME = "/Users/ada" }
  H.version = options.version or "20250223-062404-4ff581a8"
  H.target = options.target or "aarch64-apple-darwin"
  H.executable_dir = options.executableDir or "/Applications/WezTerm.app/Contents/MacOS"
  H.hostname = "Adas-Mac.local"
  H.mux_ready = false
  H.state = nil
  H.focused = nil
end

local domain_fields = {
  "name", "socket_path", "connect_automatically", "no_serve_automatically", "serve_command", "proxy_command",
  "skip_permissions_check", "read_timeout", "write_timeout", "local_echo_threshold_ms", "overlay_lag_indicator",
}

local domain_lists = { "unix_domains", "ssh_domains", "exec_domains", "wsl_domains", "tls_clients" }

-- What WezTerm refuses in a configuration. A name may be in one list of domains, whatever their kind.
local function check_config(config)
  local seen = {}
  for _, list in ipairs(domain_lists) do
    for _, domain in ipairs(config[list] or {}) do
      if seen[domain.name] then
        error(list .. " domain " .. domain.name .. " conflicts with an existing entry of " .. seen[domain.name], 0)
      end
      seen[domain.name] = list
    end
  end
  for _, domain in ipairs(config.unix_domains or {}) do H.known_fields(domain, domain_fields, "UnixDomain") end
  for _, key in ipairs(config.keys or {}) do H.check_key(key) end
end

local function evaluate(source)
  H.watched = {}
  local state, problem = H.evaluate(source, true)
  if not state then error("wezterm.lua: " .. tostring(problem), 0) end
  check_config(state.config)
  H.state = state
  return state
end

-- Startup evaluates twice; while the first runs there is no mux yet. Domains are registered now and never again.
function H.start(options)
  H.source = options.config
  evaluate(H.source)
  H.mux_ready = true
  local config = evaluate(H.source).config
  H.domains = { { name = "local" } }
  for _, domain in ipairs(config.unix_domains or { { name = "unix" } }) do
    H.domains[#H.domains + 1] = { name = domain.name, config = domain }
    if domain.connect_automatically then H.violation("connect_automatically was set") end
  end
  H.workspace = config.default_workspace or "default"
  for _ = 1, options.windows or 1 do H.new_tab(H.new_window(), "local", { cwd = "/Users/ada" }) end
end

-- A window tells each reload, and its own beginning, by an event (20240203 wezterm-gui/src/termwindow/mod.rs:874, 1759).
local function emit_reloaded(window)
  if #window.tabs == 0 or window.workspace ~= H.workspace then return end
  H.emit_event(window, "window-config-reloaded", H.objects.pane(H.active_pane(window)))
end

function H.shown(window)
  H.after(20, function()
    emit_reloaded(window)
    H.update_status(window)
  end)
end

function H.reload(options)
  H.source = options.config or H.source
  evaluate(H.source)
  for _, window in ipairs({ table.unpack(H.windows) }) do emit_reloaded(window) end
end

-- All handlers in order until one returns false; an error ends the rest.
function H.emit_in(state, name, ...)
  if name:sub(1, 8) == "ascalon." and name ~= "ascalon.clock" then
    local details = select(3, ...)
    H.announced[#H.announced + 1] = { name = name, details = type(details) == "table" and details or nil }
  end
  for _, handler in ipairs(state.handlers[name] or {}) do
    if handler(...) == false then return false end
  end
  return true
end

-- One run per window and event at a time, and at most one more in the queue. A changed user variable is neither: each
-- has a run of its own.
function H.emit_event(window, name, ...)
  local slot = window.events[name] or { running = false, queued = nil }
  if name == "user-var-changed" then slot = { running = false } else window.events[name] = slot end
  if slot.running then
    slot.queued = table.pack(...)
    return
  end
  slot.running = true
  local function run(args)
    local state = H.state
    local all = { state, name, H.objects.window(window), table.unpack(args, 1, args.n) }
    all.n = args.n + 3
    H.run_task(H.emit_in, all, function(ok, problem)
      if not ok then H.violation("a handler of " .. name .. " raised: " .. tostring(problem)) end
      -- S mod.rs:1858
      if name == "user-var-changed" then H.arm_status(window) end
      local queued = slot.queued
      slot.queued = nil
      if queued and #window.tabs > 0 then return run(queued) end
      slot.running = false
    end)
  end
  run(table.pack(...))
end

function H.active_pane(window) return window.active.focus end

function H.perform(window, action, pane)
  -- Copy mode that waits for the character to jump to takes every assignment for itself.
  if pane.awaits_jump then return end
  if action.EmitEvent then return H.emit_event(window, action.EmitEvent, H.objects.pane(pane)) end
  if action.InputSelector then
    -- Over the tab that is shown, whatever the pane.
    window.active.overlay = action.InputSelector
    return
  end
  if action.SwitchToWorkspace then
    H.workspace = action.SwitchToWorkspace.name
    return
  end
  H.violation("unknown action")
end

local function chord(key, mods)
  local flags = {}
  for word in (mods or ""):upper():gmatch("[^|%s]+") do
    flags[({ CMD = "SUPER", WIN = "SUPER", OPT = "ALT", META = "ALT" })[word] or word] = true
  end
  if #key == 1 and key:match("%a") then
    if flags.SHIFT then key = key:upper() end
    flags.SHIFT = nil
  end
  local names = {}
  for name in pairs(flags) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, "|") .. "+" .. key
end

-- The last binding of a chord wins. Returns whether anything was bound.
function H.press(window, text)
  local mods, key = text:match("^(.-)%+(.+)$")
  local action
  for _, binding in ipairs(H.state.config.keys or {}) do
    if chord(binding.key, binding.mods) == chord(key, mods) then action = binding.action end
  end
  if not action then return false end
  H.perform(window, action, H.active_pane(window))
  return true
end

function H.update_status(window)
  if #window.tabs == 0 or window.workspace ~= H.workspace then return end
  H.emit_event(window, "update-status", H.objects.pane(H.active_pane(window)))
end

-- schedule_next_status_update (20240203 wezterm-gui/src/termwindow/mod.rs:2009, 2025-02 2082): one more update-status, a second from
-- now. There is no other clock: it is asked for when a status is set, when a title or a tab changes and when a
-- modifier is pressed, and the event itself asks for nothing.
function H.arm_status(window)
  if (window.armed_until or 0) > H.now_ms then return end
  window.armed_until = H.now_ms + 1000
  H.after(1000, function() H.update_status(window) end)
end

-- The title of every window changes: update_title (20240203 mod.rs:1814) tells it at once, and arms.
function H.tick()
  for _, window in ipairs({ table.unpack(H.windows) }) do
    H.update_status(window)
    H.arm_status(window)
  end
end

-- Of the palette's entries, what the first handler returns and what keys emit. WezTerm sorts all by use and then by brief
-- (2025-02 wezterm-gui/src/termwindow/palette.rs:139); here they keep their order.
function H.palette(window)
  local entries = {}
  local handler = (H.state.handlers["augment-command-palette"] or {})[1]
  if handler then
    local ok, list = H.call_sync(handler, H.objects.window(window), H.objects.pane(H.active_pane(window)))
    if not ok then
      H.violation("augment-command-palette raised: " .. tostring(list))
    else
      for _, entry in ipairs(list or {}) do
        H.known_fields(entry, { "brief", "doc", "icon", "action" }, "palette entry")
        entries[#entries + 1] = entry
      end
    end
  end
  for _, binding in ipairs(H.state.config.keys or {}) do
    if binding.action.EmitEvent then
      entries[#entries + 1] = { brief = "Emit event `" .. binding.action.EmitEvent .. "`", action = binding.action }
    end
  end
  return entries
end

function H.choose(window, id)
  local tab = window.active
  local overlay = tab.overlay or error("no selector is open", 0)
  tab.overlay = nil
  for _, choice in ipairs(overlay.choices) do
    if choice.id == id or choice.label == id then
      return H.emit_event(
        window,
        overlay.action.EmitEvent,
        H.objects.pane(H.active_pane(window)),
        choice.id,
        choice.label
      )
    end
  end
  -- Escape: both are nil.
  H.emit_event(window, overlay.action.EmitEvent, H.objects.pane(H.active_pane(window)))
end

function H.child_result(line)
  for _, rule in ipairs(H.child_rules) do
    if line:find(rule.match, 1, true) then return rule end
  end
  return {}
end
