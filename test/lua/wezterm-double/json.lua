-- JSON for the double's own protocol and for wezterm.json_parse/json_encode. null becomes nil, as in WezTerm.
local escapes = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function fail(at, what) error("json: " .. what .. " at " .. at, 0) end

local find, byte, sub = string.find, string.byte, string.sub
local quote_mark, comma, colon, open_list, end_list, open_object, end_object = byte('",:[]{}', 1, 7)

-- No blank has a number above this one, and hardly any value has one before it: that is asked first.
local function skip(text, at)
  if (byte(text, at) or 0) > 32 then return at end
  return find(text, "[^ \t\r\n]", at) or #text + 1
end

local function parse_string(text, at)
  local from = at + 1
  local stop = find(text, '["\\]', from)
  if not stop then fail(at, "open string") end
  if byte(text, stop) == quote_mark then return sub(text, from, stop - 1), stop + 1 end
  local parts = {}
  while true do
    parts[#parts + 1] = sub(text, from, stop - 1)
    if byte(text, stop) == quote_mark then return table.concat(parts), stop + 1 end
    local letter = sub(text, stop + 1, stop + 1)
    if letter == "u" then
      local code = tonumber(sub(text, stop + 2, stop + 5), 16) or fail(stop, "bad escape")
      -- serde_json takes no half of a pair; of a whole one JSON.stringify writes no escape.
      if code >= 0xd800 and code <= 0xdfff then fail(stop, "lone leading surrogate in hex escape") end
      parts[#parts + 1] = utf8.char(code)
      from = stop + 6
    else
      parts[#parts + 1] = escapes[letter] or fail(stop, "bad escape")
      from = stop + 2
    end
    stop = find(text, '["\\]', from)
    if not stop then fail(at, "open string") end
  end
end

local parse_value

local function parse_list(text, at)
  local list, count = {}, 0
  at = skip(text, at + 1)
  if byte(text, at) == end_list then return list, at + 1 end
  while true do
    local value
    value, at = parse_value(text, at)
    count = count + 1
    list[count] = value
    at = skip(text, at)
    local mark = byte(text, at)
    if mark == end_list then return list, at + 1 end
    if mark ~= comma then fail(at, "expected , or ]") end
    at = skip(text, at + 1)
  end
end

local function parse_object(text, at)
  local object = {}
  at = skip(text, at + 1)
  if byte(text, at) == end_object then return object, at + 1 end
  while true do
    if byte(text, at) ~= quote_mark then fail(at, "expected a name") end
    local name, value
    name, at = parse_string(text, at)
    at = skip(text, at)
    if byte(text, at) ~= colon then fail(at, "expected :") end
    value, at = parse_value(text, skip(text, at + 1))
    object[name] = value
    at = skip(text, at)
    local mark = byte(text, at)
    if mark == end_object then return object, at + 1 end
    if mark ~= comma then fail(at, "expected , or }") end
    at = skip(text, at + 1)
  end
end

local words = { ["true"] = true, ["false"] = false }

function parse_value(text, at)
  local mark = byte(text, at)
  if mark == quote_mark then return parse_string(text, at) end
  if mark == open_object then return parse_object(text, at) end
  if mark == open_list then return parse_list(text, at) end
  local word = text:match("^%a+", at)
  if word == "null" then return nil, at + 4 end
  if word then
    if words[word] == nil then fail(at, "unknown word") end
    return words[word], at + #word
  end
  local digits = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
  local number = digits and tonumber(digits)
  if not number then fail(at, "unexpected character") end
  return math.tointeger(number) and not digits:find("[.eE]") and math.tointeger(number) or number, at + #digits
end

function H.json_parse(text)
  local value, at = parse_value(text, skip(text, 1))
  at = skip(text, at)
  if at <= #text then fail(at, "text after the value") end
  return value
end

local function quote(text)
  return '"' .. text:gsub('[%c"\\]', function(c)
    return c == '"' and '\\"' or c == "\\" and "\\\\" or string.format("\\u%04x", c:byte())
  end) .. '"'
end

-- An empty table is a list; the double's own answers are written so that this is right.
function H.json_encode(value)
  local kind = type(value)
  if kind == "string" then return quote(value) end
  if kind == "number" then
    return math.type(value) == "integer" and tostring(value) or string.format("%.14g", value)
  end
  if kind ~= "table" then return kind == "boolean" and tostring(value) or "null" end
  local parts = {}
  if #value > 0 or next(value) == nil then
    for i = 1, #value do parts[i] = H.json_encode(value[i]) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local names = {}
  for name in pairs(value) do names[#names + 1] = tostring(name) end
  table.sort(names)
  for i, name in ipairs(names) do
    local item = value[name]
    if item == nil then item = value[tonumber(name)] end
    parts[i] = quote(name) .. ":" .. H.json_encode(item)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end
