-- Times of the bundle in this Lua, microseconds: the best of seven rounds, for what else the machine does only adds.
local function per_call(count, fn)
  local best = math.huge
  for _ = 1, 7 do
    local start = os.clock()
    for _ = 1, count do fn() end
    best = math.min(best, (os.clock() - start) / count)
  end
  return best * 1e6
end

function H.bench(args)
  local source = H.files[args.bundle]
  local state = H.state
  local window = H.windows[1]
  local ascalon = assert(load(source, "bundle", "t", state.env))()
  return {
    load = per_call(200, function() assert(load(source, "bundle", "t", state.env))() end),
    text = per_call(2000, function() ascalon.status_text() end),
    -- A second: the clock's tick, and the update-status that the status text asks for.
    tick = per_call(1000, function() H.advance(1000) end),
    palette = per_call(500, function() H.palette(window) end),
  }
end
