# What the typed settings of the host's modules say to values. asked: JSON, a list of { path, value }. For each what would
# be written into ascalon.yaml, or null when the evaluation refuses it.
#
# lib: another library than the small one, such as nixpkgs' own.
{
  asked,
  lib ? import ./.,
}:
let
  options = import ../../../nix/lib/options.nix { inherit lib; };
  written =
    { path, value }:
    let
      evaluated = lib.evalModules {
        modules = [
          { options.settings = options.settings; }
          { config.settings = lib.setAttrByPath path value; }
        ];
      };
      settings = options.given evaluated.config.settings;
      tried = builtins.tryEval (builtins.deepSeq settings settings);
    in
    if tried.success then tried.value else null;
in
map written (builtins.fromJSON asked)
