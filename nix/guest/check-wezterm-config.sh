#!/bin/sh
# check-wezterm-config.sh: lets the wezterm-mux-server in PATH read a configuration and fails when it cannot.
#
# The server itself never fails: with a broken file it starts with its defaults and says nothing. So it is given a file
# that loads the real one, and writes down how that went.
#
# Usage: check-wezterm-config.sh FILE
set -eu
file=${1:?usage: check-wezterm-config.sh FILE}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

cat >"$work/probe.lua" <<EOF
local ok, result = pcall(dofile, "$file")
if ok and type(result) ~= "table" and type(result) ~= "userdata" then
  ok, result = false, "it returns a " .. type(result) .. " and not a configuration"
end
local verdict = assert(io.open("$work/verdict.new", "w"))
verdict:write(ok and "ok" or tostring(result))
verdict:close()
os.rename("$work/verdict.new", "$work/verdict")
return {}
EOF

mkdir -m 700 "$work/run"
HOME=$work XDG_RUNTIME_DIR=$work/run wezterm-mux-server --config-file "$work/probe.lua" >"$work/log" 2>&1 &
server=$!

fail() {
	printf 'check-wezterm-config: %s\n' "$1" >&2
	cat "$work/log" >&2
	exit 1
}

# A guest that builds its own system on an emulated processor takes its time for this; one that ended has had it.
left=3000
until [ -e "$work/verdict" ]; do
	kill -0 "$server" 2>/dev/null || [ -e "$work/verdict" ] || fail 'the server ended before it read a configuration'
	[ "$left" -gt 0 ] || fail 'the server read no configuration within five minutes'
	left=$((left - 1))
	sleep 0.1
done

verdict=$(cat "$work/verdict")
[ "$verdict" = ok ] || {
	printf 'check-wezterm-config: %s: %s\n' "$file" "$verdict" >&2
	exit 1
}
