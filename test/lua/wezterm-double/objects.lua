-- The objects that handlers get, as WezTerm's userdata behave: an unknown method raises, and so does anything
-- about a pane or window that is gone.
local function class(name, methods)
  setmetatable(methods, {
    __index = function(_, key) error("attempt to index a " .. name .. " value (field '" .. tostring(key) .. "')", 2) end,
  })
  local meta = {
    __index = methods,
    __newindex = function() error("cannot write to a " .. name, 2) end,
    __tostring = function(self) return name .. "(" .. tostring(rawget(self, 1) and rawget(self, 1).id) .. ")" end,
  }
  return function(item)
    return setmetatable({ item }, meta)
  end
end

local function it(object) return rawget(object, 1) end

local function living_pane(object)
  local pane = it(object)
  if H.panes[pane.id] ~= pane then error(H.rust_error("pane id " .. pane.id .. " not found in mux"), 0) end
  return pane
end

-- Of methods that look into the window; its id alone is told for one that is gone, too.
local function living_window(object)
  local window = it(object)
  if #window.tabs == 0 then error(H.rust_error("window id " .. window.id .. " not found in mux"), 0) end
  return window
end

local objects = {}
H.objects = objects

objects.pane = class("Pane", {
  pane_id = function(self) return it(self).id end,
  get_domain_name = function(self) return living_pane(self).domain end,
  get_current_working_dir = function(self)
    local url = living_pane(self).cwd
    if type(url) ~= "string" then return url and H.url(url) end
    return H.url({ host = H.hostname, file_path = url })
  end,
  -- tcgetpgrp of a terminal whose session has ended gives 0, and so no path (20240203 mux/src/localpane.rs:101).
  get_foreground_process_name = function(self)
    if not living_pane(self).has_ended then return "/bin/sh" end
  end,
  -- 20240203 lua-api-crates/mux/src/pane.rs:399: its tab, and itself in that.
  activate = function(self)
    local pane = living_pane(self)
    H.activate(pane.tab)
    H.focus_pane(pane)
  end,
  tab = function(self)
    local pane = it(self)
    return H.panes[pane.id] == pane and objects.tab(pane.tab) or nil
  end,
  window = function(self) return objects.mux_window(living_pane(self).tab.window) end,
})

objects.tab = class("MuxTab", {
  -- iter_panes_ignoring_zoom: the left leaf first, wherever the focus is.
  panes = function(self)
    local list = {}
    for i, pane in ipairs(it(self).panes) do list[i] = objects.pane(pane) end
    return list
  end,
  activate = function(self)
    local tab = it(self)
    if not H.has_tab(tab) then error(H.rust_error("tab id " .. tab.id .. " not found in mux"), 0) end
    H.activate(tab)
  end,
})

objects.mux_window = class("MuxWindow", {
  window_id = function(self) return it(self).id end,
  get_workspace = function(self) return living_window(self).workspace end,
  tabs = function(self)
    local list = {}
    for i, tab in ipairs(living_window(self).tabs) do list[i] = objects.tab(tab) end
    return list
  end,
  active_tab = function(self) return objects.tab(living_window(self).active) end,
  active_pane = function(self) return objects.pane(H.active_pane(living_window(self))) end,
  gui_window = function(self)
    return H.suspend(function(resume)
      H.after(1, function()
        local window = it(self)
        if #window.tabs > 0 and window.workspace == H.workspace then return resume(true, objects.window(window)) end
        resume(false, H.rust_error("mux window id " .. window.id .. " is not currently associated with a gui window"))
      end)
    end)
  end,
  spawn_tab = function(self, command)
    H.known_fields(command, { "args", "cwd", "domain", "set_environment_variables" }, "SpawnTab")
    for _, word in ipairs(command.args or {}) do H.rust_text(word, "args") end
    local window = living_window(self)
    local tab, pane, where = H.suspend(function(resume) H.spawn_tab(window, command, resume) end)
    return objects.tab(tab), objects.pane(pane), objects.mux_window(where)
  end,
})

objects.domain = class("MuxDomain", {
  name = function(self) return it(self).name end,
  state = function(self) return it(self).attached and "Attached" or "Detached" end,
  has_any_panes = function(self)
    for _, pane in pairs(H.panes) do
      if pane.domain == it(self).name then return true end
    end
    return false
  end,
  detach = function(self)
    if not it(self).config then error(H.rust_error("detach is not supported by this domain"), 0) end
    if not it(self).attached then error(H.rust_error("domain is not attached"), 0) end
    H.detach_domain(it(self))
  end,
  attach = function(self, window)
    local target = window and living_window(window)
    return H.suspend(function(resume) H.attach(it(self), target, resume) end)
  end,
})

objects.window = class("Window", {
  window_id = function(self) return it(self).id end,
  mux_window = function(self) return objects.mux_window(it(self)) end,
  -- Unsigned builds for macOS that are newer than 20240203 (2025-02 wezterm-toast-notification/src/macos.rs, nixpkgs#397866):
  -- UNUserNotificationCenter raises an exception of Objective-C, which no pcall catches.
  toast_notification = function(_, title, text)
    H.rust_text(text, "toast_notification")
    if H.version:sub(1, 2) == "0-" and H.target:find("darwin") then
      H.exited = true
      H.violation("a toast ended WezTerm")
    end
    H.toasts[#H.toasts + 1] = title .. ": " .. text
  end,
  set_right_status = function(self, text)
    H.rust_text(text, "set_right_status")
    it(self).right_status = text
    H.arm_status(it(self))
  end,
  focus = function(self) H.focused = living_window(self).id end,
  perform_action = function(self, action, pane)
    H.suspend(function(resume) H.after(1, function() resume(true) end) end)
    if H.panes[it(pane).id] ~= it(pane) then error(H.rust_error("pane id " .. it(pane).id .. " is not valid"), 0) end
    H.perform(living_window(self), action, it(pane))
  end,
})

function H.url(fields)
  return setmetatable({}, {
    __index = function(_, key)
      if key == "scheme" then return "file" end
      -- The url crate writes a host as the standard has it, in small letters.
      if key == "host" then return fields.host and fields.host:lower() end
      return fields[key]
    end,
    __tostring = function() return "file://" .. (fields.host or "") .. fields.file_path end,
  })
end
