# Stands in for nixpkgs' packages: each is a name with a store path that looks real and is the same everywhere. What a
# builder was given stays readable (`text`, `buildCommand`), so a test can look at the script behind a unit.
{
  lib,
  system,
  missing ? [ ],
  refused ? [ ],
}:
let
  inherit (import ../../../nix/lib/packages.nix { inherit lib; }) lists;
  isDarwin = builtins.match ".*-darwin" system != null;

  package =
    name: fields:
    let
      self = {
        type = "derivation";
        inherit name;
        pname = name;
        version = "1.0";
        outPath = "/nix/store/00000000000000000000000000000000-${name}";
        meta = { };
      }
      // fields;
    in
    self;

  named =
    lib.genAttrs
      (lib.filter (name: !lib.elem name missing) (
        lib.unique (lib.concatMap (name: lists.${name}) (lib.attrNames lists))
        ++ [
          "bash"
          "bashInteractive"
          "cacert"
          "coreutils"
          "diffutils"
          "e2fsprogs"
          "fish"
          "gitMinimal"
          "gnugrep"
          "gnused"
          "hello"
          "nixfmt-tree"
          "nodejs"
          "systemd"
          "util-linux"
          "wezterm"
          "zsh"
        ]
      ))
      (
        name:
        package name (
          if lib.elem name refused then
            refusal name
          else
            lib.optionalAttrs (programs ? ${name}) { meta.mainProgram = programs.${name}; }
        )
      );

  # A package that is broken or insecure can be looked at, and not used.
  refusal = name: {
    meta.available = false;
    outPath = throw "Package ‘${name}’ is marked as insecure, refusing to evaluate.";
  };

  # Programs that are not called as their package; most of these doubles name none.
  programs = {
    neovim = "nvim";
    nodejs = "node";
    ripgrep = "rg";
  };

  linuxOnly = lib.genAttrs [ "strace" ] (
    name:
    package name {
      meta.platforms = [
        "aarch64-linux"
        "x86_64-linux"
      ];
    }
  );
in
named
// lib.filterAttrs (name: _: !lib.elem name missing) linuxOnly
// {
  inherit lib;
  stdenv.hostPlatform = {
    inherit system isDarwin;
    isLinux = !isDarwin;
    isAarch64 = builtins.match "aarch64-.*" system != null;
  };

  writeText = name: text: package name { inherit text; };
  writeShellScriptBin = name: text: package name { inherit text; };
  runCommand =
    name: arguments: buildCommand:
    package name { inherit arguments buildCommand; };
  mkShell = arguments: package "shell" { inherit arguments; };
  # JSON is YAML.
  formats.yaml = _: { generate = name: value: package name { text = builtins.toJSON value; }; };
  callPackage =
    path: _: package (lib.replaceStrings [ ".nix" ] [ "" ] (baseNameOf path)) { inherit path; };
  testers.runNixOSTest = test: package "test-${test.name}" { inherit test; };
}
