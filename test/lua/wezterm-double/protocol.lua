-- The tests speak JSON to the double: one operation in, one value out.
local function window_of(args) return H.windows[(args.window or 0) + 1] or error("no such window", 0) end

local function pane_in(domain)
  for _, window in ipairs(H.windows) do
    for _, tab in ipairs(window.tabs) do
      if tab.panes[1].domain == domain then return tab.panes[1], window, tab end
    end
  end
  error("no pane of " .. domain, 0)
end

-- What a selector shows of a text in a window of 80 columns (20240203 wezterm-gui/src/overlay/selector.rs:84, max_width).
local function shown(text)
  return text:sub(1, (utf8.offset(text, 75) or #text + 1) - 1)
end

local function described_window(window)
  local tabs = {}
  for i, tab in ipairs(window.tabs) do
    local pane = tab.panes[1]
    tabs[i] = { domain = pane.domain, cwd = pane.cwd, args = pane.args, active = tab == window.active }
    for place, one in ipairs(tab.panes) do
      if one == tab.focus and #tab.panes > 1 then tabs[i].focus = place end
    end
    tabs[i].zoomed = tab.zoomed
  end
  local overlay = window.active and window.active.overlay
  local labels = {}
  for i, choice in ipairs(overlay and overlay.choices or {}) do labels[i] = shown(choice.label) end
  return {
    tabs = tabs,
    rightStatus = window.right_status,
    overlay = overlay and { description = shown(overlay.description), labels = labels },
  }
end

local operations = {
  reset = H.reset,
  start = H.start,
  reload = H.reload,
  advance = function(args) H.advance(args.ms) end,
  time = function() return H.time() end,
  tick = function() H.tick() end,
  file = function(args)
    H.files[args.path] = args.text
    if H.watched[args.path] then H.reload({}) end
  end,
  files = function(args) return H.files[args.path] end,
  environment = function(args) H.env[args.name] = args.value end,
  server = function(args)
    local panes = {}
    for i = 1, args.panes or 1 do panes[i] = { cwd = args.cwd or "/home/dev" } end
    H.servers[args.path] = { mode = args.mode or "ok", codec = args.codec or 44, version = args.version or "v44", panes = panes }
  end,
  killServer = function(args) H.kill_server(args.path, args.mode) end,
  child = function(args) table.insert(H.child_rules, 1, args) end,
  press = function(args) return H.press(window_of(args), args.chord) end,
  emit = function(args)
    local window = window_of(args)
    H.perform(window, { EmitEvent = args.name }, H.active_pane(window))
  end,
  userVar = function(args)
    local pane, window = pane_in(args.domain)
    H.emit_event(window, "user-var-changed", H.objects.pane(pane), args.name, args.value)
  end,
  palette = function(args)
    local briefs = {}
    for i, entry in ipairs(H.palette(window_of(args))) do briefs[i] = entry.brief end
    return briefs
  end,
  runPalette = function(args)
    local window = window_of(args)
    for _, entry in ipairs(H.palette(window)) do
      if entry.brief == args.brief then return H.perform(window, entry.action, H.active_pane(window)) end
    end
    error("no entry " .. args.brief, 0)
  end,
  choose = function(args) H.choose(window_of(args), args.id) end,
  openWindow = function() H.new_tab(H.new_window(), "local", { cwd = "/Users/ada" }) end,
  closeWindow = function(args) H.close_window_by_hand(window_of(args)) end,
  closeTab = function(args)
    local _, _, tab = pane_in(args.domain)
    H.close_tab_by_hand(tab)
  end,
  -- Puts a window into a workspace, as dragging it there would.
  workspace = function(args)
    window_of(args).workspace = args.name
    H.reconcile()
  end,
  -- Shows a workspace that has no window, as SwitchToWorkspace does while it makes one.
  hide = function(args) H.workspace = args.undo and "default" or "elsewhere" end,
  -- The program of the window's last tab ends, and exit_behavior keeps the tab.
  endProgram = function(args)
    local tabs = window_of(args).tabs
    tabs[#tabs].panes[1].has_ended = true
  end,
  activate = function(args)
    local _, _, tab = pane_in(args.domain)
    H.activate(tab)
  end,
  jump = function(args) H.active_pane(window_of(args)).awaits_jump = not args.undo end,
  split = function(args)
    local tab = window_of(args).active
    H.split(tab)
    tab.zoomed = args.zoomed == true
  end,
  folder = function(args)
    local pane = pane_in(args.domain)
    pane.cwd = args.host and { host = args.host, file_path = args.path } or args.path
  end,
  detachByHand = function(args) H.detach_domain(H.domain_named(args.domain)) end,
  panes = function(args)
    for _ = 1, args.count do H.new_tab(window_of(args), args.domain or "local", { cwd = args.cwd or "/Users/ada" }) end
  end,
  setClock = function(args) H.base = H.base + args.seconds end,
  global = function(args)
    H.global[args.name] = args.value
  end,
  -- Runs Lua in the current state, as the debug overlay would; returns its value.
  lua = function(args)
    local chunk = assert(load(args.code, "=test", "t", H.state.env))
    local value = chunk()
    return value
  end,
  -- The same outside a coroutine, as in a sync event.
  evaluateElsewhere = function(args)
    local state, problem = H.evaluate(args.config, args.gui == true)
    if not state then return { problem = problem } end
    return { domains = state.config.unix_domains or {}, keys = #(state.config.keys or {}) }
  end,
  config = function()
    local keys = {}
    for i, key in ipairs(H.state.config.keys or {}) do
      keys[i] = { key = key.key, mods = key.mods, event = key.action.EmitEvent }
    end
    return { keys = keys, domains = H.state.config.unix_domains or {} }
  end,
  state = function()
    local windows, domains = {}, {}
    for i, window in ipairs(H.windows) do windows[i] = described_window(window) end
    for i, domain in ipairs(H.domains) do
      domains[i] = { name = domain.name, attached = domain.attached == true, attaching = domain.attaching == true }
    end
    return {
      windows = windows, domains = domains, log = H.log, toasts = H.toasts, children = H.children, opened = H.opened,
      reads = H.reads, violations = H.violations, announced = H.announced, attaches = H.attaches, exited = H.exited,
      focused = H.focused, workspace = H.workspace, timers = H.timers, tasks = H.tasks, global = H.global,
    }
  end,
  clear = function()
    H.log, H.toasts, H.children, H.opened, H.reads, H.announced = {}, {}, {}, {}, {}, {}
    H.attaches = 0
  end,
  random = function(args) return H.random_runs(args) end,
  bench = function(args) return H.bench(args) end,
}

function H.dispatch(text)
  local request = H.json_parse(text)
  local ok, value = pcall(operations[request.op] or error, request)
  if not ok then return H.json_encode({ problem = tostring(value) }) end
  return H.json_encode({ value = value })
end
