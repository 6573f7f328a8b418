-- Random sequences of what people, the VM and WezTerm do; the same numbers give the same sequence everywhere.
local seed = 1
local function pick(count)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return (seed >> 8) % count + 1
end

local status_path = "/Users/ada/.local/state/ascalon/status.json"
local socket_path = "/Users/ada/.local/state/ascalon/sock/mux.sock"
local states = { "absent", "stopped", "starting", "running", "running", "running", "stopping", "broken", "odd" }
local links = { "up", "up", "up", "broken", "healing", "waiting", "off" }

local function write_status(age)
  local now = H.time()
  H.files[status_path] = string.format(
    '{"schema":1,"writtenAt":%d,"nextWriteBy":%d,"ascalon":"0.1.0","vm":{"state":"%s","since":%d},'
      .. '"links":[{"name":"mux","state":"%s","since":%d}],"mux":{"socketPath":"%s","codec":44,"version":"v"},'
      .. '"gui":[],"codec":{"verdict":"%s"},"attention":[]}',
    now - age, now - age + 15, states[pick(#states)], now - pick(100), links[pick(#links)], now - pick(30),
    socket_path, pick(5) == 1 and "different" or "equal"
  )
end

local modes = { "ok", "ok", "ok", "missing", "closes", "silent", "codec" }

local function set_server()
  local mode = modes[pick(#modes)]
  local codec = 44
  if mode == "codec" then mode, codec = "ok", 45 end
  local server = H.servers[socket_path]
  server.mode, server.codec = mode, codec
  if pick(4) == 1 then server.panes = {} end
end

local hostile = { "https://example.org/a", "file:///etc/passwd", "javascript:1", "x\27]0;", "", ("a"):rep(5000) }
local names = { "ascalon.open", "ascalon.notify", "ascalon.attach", "ascalon.exec", "PATH", "ascalon." }

local function message()
  local window = H.windows[pick(#H.windows)]
  local pane = window.tabs[pick(#window.tabs)].panes[1]
  H.emit_event(window, "user-var-changed", H.objects.pane(pane), names[pick(#names)], hostile[pick(#hostile)])
end

local events = {
  "ascalon.attach", "ascalon.detach", "ascalon.new_tab", "ascalon.new_local_tab", "ascalon.menu", "ascalon.docs",
  "ascalon.cli.doctor", "ascalon.cli.stop",
}

local function some_window() return H.windows[pick(#H.windows)] end

local function vm_tab()
  for _, window in ipairs(H.windows) do
    for _, tab in ipairs(window.tabs) do
      if tab.panes[1].domain == "ascalon" then return tab end
    end
  end
end

local deeds = {
  function() H.press(some_window(), "CMD|SHIFT+A") end,
  function() H.press(some_window(), "CMD|SHIFT+A") end,
  function()
    local window = some_window()
    local name = events[pick(#events)]:gsub("_", "-")
    H.perform(window, { EmitEvent = name }, H.active_pane(window))
  end,
  function() H.tick() end,
  function() H.tick() end,
  function() H.advance(pick(1000)) end,
  function() H.advance(pick(30) * 1000) end,
  function() write_status(0) end,
  function() write_status(0) end,
  function() write_status(pick(60)) end,
  function() H.files[status_path] = pick(2) == 1 and "{\"schema\":" or nil end,
  set_server,
  function() H.kill_server(socket_path, modes[pick(#modes)]) end,
  function() H.reload({}) end,
  message,
  function()
    local tab = vm_tab()
    if tab then H.close_tab_by_hand(tab) end
  end,
  function()
    if #H.windows < 4 then H.new_tab(H.new_window(), "local") end
  end,
  function()
    if #H.windows > 1 then H.close_window_by_hand(some_window()) end
  end,
  function()
    local window = some_window()
    if window.active.overlay then
      local choices = window.active.overlay.choices
      H.choose(window, choices[pick(#choices)].id)
    end
  end,
  function() H.palette(some_window()) end,
  function()
    some_window().workspace = pick(2) == 1 and "default" or "deep"
    H.reconcile()
  end,
  function() H.base = H.base + (pick(3) - 2) * 3600 end,
  function() H.child_rules = { { match = "attach", exit = pick(2) - 1, stdout = H.files[status_path] or "", ms = pick(3000) } } end,
}

local function run(args, number)
  seed = args.seed + number * 7919
  pick(1)
  H.reset({ files = {}, env = { HOME = "/Users/ada" } })
  for path, text in pairs(args.files) do H.files[path] = text end
  H.servers[socket_path] = { mode = "ok", codec = 44, version = "v", panes = { { cwd = "/home/dev" } } }
  write_status(0)
  H.start({ config = args.config })
  for step = 1, args.length do
    if H.exited or #H.windows == 0 then return end
    deeds[pick(#deeds)]()
    if #H.violations > 0 then return H.violations[1] .. " (step " .. step .. ")" end
  end
  -- WezTerm gives an attach up after a minute; by then the status is old and nothing new begins. The clock stays.
  for _ = 1, 5 do
    H.advance(20000)
    if H.tasks <= 1 then break end
  end
  if #H.violations > 0 then return H.violations[1] end
  for _, line in ipairs(H.log) do
    -- The connection may break while a tab is being spawned: nothing can know before.
    local is_race = line.text:find("domain is not attached", 1, true)
    if line.level == "error" and not is_race then return line.text end
  end
  if H.tasks > 1 then return "a handler never ended, or a clock" end
  local keys = H.state.config.keys
  local own = keys[#keys]
  if own.key ~= "u" or own.action.EmitEvent ~= "user" then return "the user's key was touched" end
end

-- The first sequence that breaks an invariant, or nothing.
function H.random_runs(args)
  for number = args.from, args.from + args.count - 1 do
    local problem = run(args, number)
    if problem then return { number = number, problem = problem } end
  end
  return { number = 0 }
end
