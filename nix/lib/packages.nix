# The package lists as data: which lists each kind of machine takes, and how a name becomes a package.
{ lib }:
let
  lists = {
    cli-tools = import ../packages/cli-tools.nix;
    dev-tools = import ../packages/dev-tools.nix;
    language-managers = import ../packages/language-managers.nix;
    language-runtimes = import ../packages/language-runtimes.nix;
    macos-tools = import ../packages/macos-tools.nix;
  };

  everywhere = [
    "cli-tools"
    "dev-tools"
    "language-managers"
  ];

  machines = {
    macos = everywhere ++ [
      "language-runtimes"
      "macos-tools"
    ];
    ascalon = everywhere ++ [ "language-runtimes" ];
    ephemeral = everywhere;
  };

  # One entry a name: with the package, or with null where this release or platform has none, and then which of the two.
  # A tool that is missing on one side is a line of `ascalon parity`, not a failed build.
  entriesOf =
    pkgs: category:
    map (
      name:
      let
        # nixpkgs keeps the name of a removed package for some releases, as an error.
        asked = builtins.tryEval (lib.attrByPath (lib.splitString "." name) null pkgs);
        found = if asked.success then asked.value else null;
        fits = found != null && lib.meta.availableOn pkgs.stdenv.hostPlatform found;
        # Not so one that its release calls broken or insecure: with it nothing of the system would evaluate.
        usable = fits && (found.meta.available or true);
      in
      {
        inherit category name;
        package = if usable then found else null;
        why = if found == null || fits then "release" else "platform";
      }
    ) lists.${category};
in
rec {
  inherit lists machines;

  select = pkgs: categories: lib.concatMap (entriesOf pkgs) categories;

  # Behind what the user installs, by name or with a module such as programs.neovim: home-manager fails at a file that
  # two packages of one rank have, and elsewhere the list could hide the user's own. Among themselves they keep their rank.
  packagesOf =
    entries:
    map (
      { package, ... }: lib.setPrio ((package.meta.priority or lib.meta.defaultPriority) + 5) package
    ) (lib.filter (entry: entry.package != null) entries);

  # What `ascalon parity` reads on either side: the packages, and how to see whether the profile really has them.
  manifest =
    profile: entries:
    builtins.toJSON {
      schema = 1;
      inherit profile;
      packages = map (
        { package, why, ... }@entry:
        {
          inherit (entry) category name;
        }
        // (
          if package == null then
            {
              version = null;
              inherit why;
            }
          else
            {
              version = toString (package.version or "");
              path = "${lib.getBin package}";
            }
            // lib.optionalAttrs (package ? meta.mainProgram) { program = package.meta.mainProgram; }
        )
      ) entries;
    };
}
