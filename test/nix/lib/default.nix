# The library given to the modules under test: plain functions, the small module system, types.
let
  plain = import ./strings-and-lists.nix;
  modules = import ./modules.nix { lib = plain; };
  types = import ./types.nix {
    lib = plain;
    evaluate =
      path: inner:
      (modules.evalModules {
        modules = inner;
        inherit path;
        strict = true;
      }).config;
  };
in
plain // modules // { inherit types; }
