# Languages themselves: on the Mac and in ascalon; an ephemeral machine takes its own from the project's shell.nix.
[
  "bun"
  "cargo"
  "clippy"
  "go"
  "nodejs"
  "python3"
  "rust-analyzer"
  "rustc"
  "rustfmt"
]
