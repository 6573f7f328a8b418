# Only of use on a Mac: never in a guest. Names of packages; one a line, sorted.
[
  "colima"
  "duti"
  "lima"
  "mas"
  "terminal-notifier"
]
