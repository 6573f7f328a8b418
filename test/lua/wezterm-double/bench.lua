-- Times of the bundle in this Lua, microseconds. Only under a Lua that has a clock (os.clock).
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
  local function load_bundle()
    H.state.env.package.loaded["ascalon.handlers"] = nil
    return assert(load(source, "bundle", "t", H.state.env))()
  end
  local window = H.windows[1]
  return {
    load = per_call(200, load_bundle),
    tick = per_call(2000, function()
      H.now_ms = H.now_ms + 1000
      H.tick()
    end),
    text = per_call(2000, function() H.state.env.bench_text() end),
    palette = per_call(500, function() H.palette(window) end),
  }
end
