-- Virtual time and the driver of coroutines. WezTerm's async functions yield to mlua's scheduler; a coroutine of
-- the plugin's own would catch that yield and see the PENDING token, as it would there.
local PENDING = setmetatable({}, { __name = "mlua pending" })

function H.reset_clock()
  H.now_ms = 0
  H.base = 1800000000
  H.queue = {}
  H.in_sync = 0
  H.in_require = 0
  H.tasks = 0
end

function H.time() return H.base + H.now_ms // 1000 end

-- Runs fn after ms of virtual time. What is due last stands first in the queue; of the same time, what came last.
function H.after(ms, fn)
  local at, queue = H.now_ms + ms, H.queue
  local place = #queue + 1
  while place > 1 and queue[place - 1].at <= at do place = place - 1 end
  table.insert(queue, place, { at = at, fn = fn })
end

function H.advance(ms)
  local stop = H.now_ms + ms
  while true do
    local queue = H.queue
    local item = queue[#queue]
    if not item or item.at > stop then break end
    queue[#queue] = nil
    H.now_ms = math.max(H.now_ms, item.at)
    item.fn()
  end
  H.now_ms = stop
end

-- Called by the double's async functions: start(resume) begins the work, resume(ok, …) ends it.
function H.suspend(start)
  if H.in_sync > 0 then error("attempt to yield from outside a coroutine", 0) end
  if H.in_require > 0 then error("attempt to yield across a C-call boundary", 0) end
  local result = table.pack(coroutine.yield(PENDING, start))
  if not result[1] then error(result[2], 0) end
  return table.unpack(result, 2, result.n)
end

function H.run_task(fn, args, done)
  local co = coroutine.create(fn)
  H.tasks = H.tasks + 1
  local function step(...)
    local result = table.pack(coroutine.resume(co, ...))
    if not result[1] then
      H.tasks = H.tasks - 1
      return done(false, result[2])
    end
    if coroutine.status(co) == "dead" then
      H.tasks = H.tasks - 1
      return done(true, table.unpack(result, 2, result.n))
    end
    if result[2] ~= PENDING then return done(false, "a yield that WezTerm does not know") end
    local resumed = false
    result[3](function(...)
      if resumed then error("resumed twice") end
      resumed = true
      step(...)
    end)
  end
  step(table.unpack(args, 1, args.n or #args))
end

function H.call_sync(fn, ...)
  H.in_sync = H.in_sync + 1
  local result = table.pack(pcall(fn, ...))
  H.in_sync = H.in_sync - 1
  return table.unpack(result, 1, result.n)
end

-- An error value as mlua raises it: userdata, to be had as text by tostring() alone.
local raised = setmetatable({}, { __mode = "k" })
function H.rust_error(text)
  -- mlua's CallbackError tells its cause and then the whole stack.
  local trace = "\nstack traceback:\n\t[C]: in method 'attach'\n\t[C]: in function 'pcall'"
    .. ("\n\t[string \"ascalon.lua\"]: in function <[string \"ascalon.lua\"]>"):rep(6)
  local value = setmetatable({}, {
    __tostring = function() return text .. trace end,
    __index = function() error("attempt to index a userdata value", 2) end,
    __concat = function() error("attempt to concatenate a userdata value", 2) end,
  })
  raised[value] = true
  return value
end

function H.type_of(...)
  return raised[...] and "userdata" or type(...)
end
