# What the bridge knows: src/cli/settings/schema.ts has the same names.
[
  "op"
  "open"
  "pbcopy"
  "pbpaste"
  "notify"
]
