-- Windows, tabs, panes and domains, with the times and texts that were measured with WezTerm 20250223 (codec 44).
local connect_domain = "TermWizTerminalDomain"

function H.reset_mux()
  H.ids = 0
  H.windows = {}
  H.panes = {}
  H.domains = {}
  H.servers = {}
  H.exited = false
  H.ever_attached = {}
  H.workspace = "default"
end

-- What WezTerm's server calls the workspace of a window that nobody put elsewhere.
local server_workspace = "default"

local function id()
  H.ids = H.ids + 1
  return H.ids - 1
end

local function remove(list, item)
  for i, one in ipairs(list) do
    if one == item then return table.remove(list, i) end
  end
end

function H.new_window(workspace)
  local window = { id = id(), tabs = {}, events = {}, workspace = workspace or H.workspace }
  H.windows[#H.windows + 1] = window
  if window.workspace == H.workspace then H.shown(window) end
  return window
end

-- Window::push of mux/src/window.rs: the tab is there, and which one is active stays.
local function push_tab(window, domain, fields)
  local tab = { id = id(), window = window, panes = {} }
  local pane = { id = id(), tab = tab, domain = domain, cwd = fields and fields.cwd, args = fields and fields.args }
  tab.panes[1] = pane
  tab.focus = pane
  H.panes[pane.id] = pane
  window.tabs[#window.tabs + 1] = tab
  window.active = window.active or tab
  H.arm_status(window)
  return tab, pane
end

-- Window::save_and_then_set_active (20240203 mux/src/window.rs:196).
function H.activate(tab)
  local window = tab.window
  if window.active == tab then return end
  window.last_active = window.active
  window.active = tab
  H.arm_status(window)
end

function H.has_tab(tab)
  for _, one in ipairs(tab.window.tabs) do
    if one == tab then return true end
  end
  return false
end

function H.new_tab(window, domain, fields)
  local tab, pane = push_tab(window, domain, fields)
  H.activate(tab)
  return tab, pane
end

-- A split of a tab's last pane, right of it; it takes the focus.
function H.split(tab)
  local pane = { id = id(), tab = tab, domain = tab.panes[1].domain, cwd = tab.panes[1].cwd }
  tab.panes[#tab.panes + 1] = pane
  tab.focus = pane
  H.panes[pane.id] = pane
end

-- Tab::set_active_pane (2025-02 mux/src/tab.rs:1750): unzoom_on_switch_pane is on by default.
function H.focus_pane(pane)
  local tab = pane.tab
  if tab.focus == pane then return end
  tab.focus = pane
  tab.zoomed = false
end

-- FrontEnd::reconcile_workspace (20240203 wezterm-gui/src/frontend.rs): a workspace without windows is left.
function H.reconcile()
  for _, window in ipairs(H.windows) do
    if window.workspace == H.workspace then return end
  end
  if H.windows[1] then H.workspace = H.windows[1].workspace end
end

-- With its last pane a GUI process ends: quit_when_all_windows_are_closed is on by default.
local function quit_when_empty()
  H.reconcile()
  if #H.windows > 0 or H.exited then return end
  H.after(72, function()
    if #H.windows == 0 then H.exited = true end
  end)
end

-- Window::do_remove_idx (20240203 mux/src/window.rs:148-166): the place of the active tab stays, so that the next one has it,
-- unless the option goes back to the tab before.
function H.close_tab(tab)
  for _, pane in ipairs(tab.panes) do H.panes[pane.id] = nil end
  local window = tab.window
  local place = 1
  for i, one in ipairs(window.tabs) do
    if one == tab then place = i end
  end
  table.remove(window.tabs, place)
  if window.active == tab then
    window.active = window.tabs[math.min(place, #window.tabs)]
    for _, one in ipairs(window.tabs) do
      if one == window.last_active and H.state.config.switch_to_last_active_tab_when_closing_tab then
        window.active = one
      end
    end
  end
  if #window.tabs == 0 then remove(H.windows, window) else H.arm_status(window) end
  quit_when_empty()
end

local function tabs_of(domain)
  local found = {}
  for _, window in ipairs(H.windows) do
    for _, tab in ipairs(window.tabs) do
      if tab.panes[1].domain == domain then found[#found + 1] = tab end
    end
  end
  return found
end

-- All of a domain's tabs vanish; no event, no dialog.
function H.detach_domain(domain)
  domain.attached = false
  for _, tab in ipairs(tabs_of(domain.name)) do H.close_tab(tab) end
end

function H.server_of(domain)
  return H.servers[domain.config.socket_path or "proxy"] or { mode = "missing", panes = {} }
end

-- What a hand at the tab's cross does: a VM pane is killed in the VM too.
function H.close_tab_by_hand(tab)
  local domain = H.domain_named(tab.panes[1].domain)
  if domain and domain.config then
    local panes = H.server_of(domain).panes
    table.remove(panes)
  end
  H.close_tab(tab)
end

-- Closing one window of a client domain detaches the whole domain (wezterm#3633).
function H.close_window_by_hand(window)
  local client
  for _, tab in ipairs(window.tabs) do
    local domain = H.domain_named(tab.panes[1].domain)
    if domain and domain.config then client = domain end
  end
  while #window.tabs > 0 do H.close_tab(window.tabs[1]) end
  if client then H.detach_domain(client) end
end

function H.domain_named(name)
  for _, domain in ipairs(H.domains) do
    if domain.name == name then return domain end
  end
end

local function failure(domain, server)
  local path = domain.config.socket_path or "proxy"
  local mode = server.mode
  local version = "Please install the same version of wezterm on both the client and server!\n"
  if mode == "missing" or mode == "refused" then
    return 2250, 'failed to connect to Socket("' .. path .. '"): connecting to ' .. path
  elseif mode == "closes" then
    return 10, version
      .. "The server reported error 'EOF while reading leb128 encoded value' while being asked for its version. "
      .. "This likely means that the server is older than the client."
  elseif mode == "silent" then
    return 60000, "Timed out while parsing the response from the server. This may be due to network connectivity issues"
  elseif server.codec ~= 44 then
    return 40, version
      .. "The server version is " .. server.version .. " (codec version " .. server.codec .. "),\n"
      .. "which is not compatible with our version \n20250223-062404-4ff581a8 (codec version 44)."
  end
end

-- ClientDomain::process_pane_list (20240203 wezterm-client/src/domain.rs:635-673): the server's window becomes tabs of ours
-- when both are in the same workspace, else a window of its own, which is not on the screen in another workspace.
local function show_server(domain, server, window)
  domain.attached = true
  H.ever_attached[domain.name] = true
  if #server.panes == 0 then return end
  if #window.tabs == 0 or window.workspace ~= server_workspace then window = H.new_window(server_workspace) end
  for _, place in ipairs(server.panes) do push_tab(window, domain.name, { cwd = place.cwd }) end
end

-- MuxDomain:attach. Returns through resume; the GUI stays responsive meanwhile, and state() says Detached.
function H.attach(domain, window, resume)
  if domain.attached then return resume(true) end
  -- Of whatever domain: the plugin has one mark for all.
  for _, other in ipairs(H.domains) do
    if other.attaching then
      H.violation("two attaches in flight: " .. other.name .. " and " .. domain.name)
      return resume(false, H.rust_error("primary window to be valid"))
    end
  end
  domain.attaching = true
  H.attaches = H.attaches + 1
  local target = window
  if not target or #target.tabs == 0 then
    target = H.new_window()
    if not window then H.violation("an attach without a window opened one of its own") end
  end
  -- It takes the focus, and the tab that had it is remembered (20240203 mux/src/termwiztermtab.rs:557).
  local connecting = H.new_tab(target, connect_domain)
  local server = H.server_of(domain)
  local ms, text = failure(domain, server)
  H.after(ms or (H.ever_attached[domain.name] and 41 or 115), function()
    domain.attaching = false
    local late, late_text = failure(domain, H.server_of(domain))
    text = text or (late and late_text)
    if text then
      H.after(120000, function()
        if H.panes[connecting.panes[1].id] then H.close_tab(connecting) end
      end)
      return resume(false, H.rust_error("failed to attach domain " .. domain.name .. ": " .. text))
    end
    show_server(domain, server, target)
    -- A thread of its own ends the tab (termwiztermtab.rs:565-583), so that the caller goes on before that.
    H.after(3, function()
      if H.panes[connecting.panes[1].id] then H.close_tab(connecting) end
    end)
    resume(true)
  end)
end

-- SpawnTab: attaches a detached client domain first, then opens one more tab (wezterm#4408).
function H.spawn_tab(window, command, resume)
  local domain = H.domain_named(command.domain.DomainName)
  if not domain then
    return resume(false, H.rust_error('domain name "' .. command.domain.DomainName .. '" is invalid'))
  end
  -- Of a failed spawn SpawnTab tells the record, as Rust prints it over several lines (20240203 lua-api-crates/mux/src/lib.rs:309).
  local function fail(source)
    local context = "Spawning in domain `" .. domain.name .. "`: TerminalSize { rows: 24, cols: 80 } command=None cwd=None"
    resume(false, H.rust_error('Error {\n    context: "' .. context .. '",\n    source: "' .. source .. '",\n}'))
  end
  local function open()
    if #window.tabs == 0 then return resume(false, H.rust_error("window id " .. window.id .. " not found in mux")) end
    if domain.config and not domain.attached then return fail("domain is not attached") end
    if domain.config and H.server_of(domain).mode == "full" then return fail("No more ptys") end
    if domain.config then
      local panes = H.server_of(domain).panes
      panes[#panes + 1] = { cwd = command.cwd }
    end
    local tab, pane = H.new_tab(window, domain.name, command)
    resume(true, tab, pane, window)
  end
  local was_detached = domain.config and not domain.attached
  H.after(domain.config and 30 or 5, function()
    if not was_detached then return open() end
    H.violation("a tab was spawned in a detached domain")
    H.attach(domain, window, function(ok, problem)
      if ok then open() else resume(false, problem) end
    end)
  end)
end

-- The server ends: the GUI notices within 25 ms.
function H.kill_server(path, mode)
  local server = H.servers[path]
  server.mode = mode or "closes"
  server.panes = {}
  for _, domain in ipairs(H.domains) do
    if domain.attached and H.server_of(domain) == server then
      H.after(25, function() H.detach_domain(domain) end)
    end
  end
end
