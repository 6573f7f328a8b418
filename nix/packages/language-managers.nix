# Tools that fetch a language's packages or versions. Names of packages; one a line, sorted.
[
  "pipx"
  "pnpm"
  "uv"
]
