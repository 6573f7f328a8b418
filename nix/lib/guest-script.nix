# A file of nix/guest as a program: its text unchanged, found by `NAME`, with exactly these packages in PATH.
{ lib, pkgs }:
name: inputs: file:
pkgs.writeShellScriptBin name ''
  export PATH=${lib.makeBinPath inputs}
  ${builtins.readFile file}
''
