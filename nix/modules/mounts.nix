# The host's folders. nixos-lima writes them into /etc/fstab at boot and a switch, which knows nothing of those lines,
# unmounts them; declared here, with Lima's own tags and options, the switch finds them as they are.
{ config, lib, ... }:
let
  cfg = config.ascalon;
  inherit (cfg.settings) mounts user;

  reserved = [
    "/"
    "/boot"
    "/etc"
    "/home"
    "/nix"
    "/run"
    "/usr"
    "/var"
    user.home
  ];
  paths = map (mount: mount.path) mounts;
  refused = lib.filter (path: lib.elem path reserved || lib.hasPrefix "/nix/" path) paths;

  linked = lib.filter (mount: mount.link != null) mounts;

  # The folders between the home and a link: ~/work for a link ~/work/code.
  between =
    link:
    let
      parts = lib.splitString "/" (lib.removePrefix "${user.home}/" link);
      depth = lib.length parts - 1;
    in
    map (n: "${user.home}/${lib.concatStringsSep "/" (lib.take n parts)}") (lib.range 1 depth);

  # tmpfiles reads a percent sign as the start of a specifier. A path NixOS puts between single quotes, and an argument,
  # whose backslashes it escapes, not.
  literal = lib.replaceStrings [ "%" ] [ "%%" ];
  literalPath = path: lib.replaceStrings [ "'" ] [ "\\'" ] (literal path);

  owned = {
    mode = "0755";
    user = user.name;
    group = "users";
  };
in
{
  options.ascalon.mounts.enable = lib.mkEnableOption "the host's folders" // {
    default = true;
  };

  config = lib.mkIf (cfg.enable && cfg.mounts.enable) {
    fileSystems = lib.listToAttrs (
      map (
        mount:
        lib.nameValuePair mount.path {
          device = mount.tag;
          fsType = mount.type;
          # NixOS knows that 9p has nothing to check, and not that virtiofs has not: systemd would complain at boot.
          noCheck = true;
          inherit (mount) options;
        }
      ) mounts
    );

    # `L` leaves alone whatever is there: `L+` would remove a folder of that name with all it holds.
    systemd.tmpfiles.settings."20-ascalon-mounts" =
      lib.listToAttrs (
        map (folder: lib.nameValuePair (literalPath folder) { d = owned; }) (
          lib.concatMap (mount: between mount.link) linked
        )
      )
      // lib.listToAttrs (
        map (mount: lib.nameValuePair (literalPath mount.link) { L.argument = literal mount.path; }) linked
      );

    assertions = [
      {
        assertion = refused == [ ];
        message = "The host's folder cannot be mounted at ${lib.concatStringsSep ", " refused}: the guest needs that path itself.";
      }
      {
        assertion = lib.length (lib.unique paths) == lib.length paths;
        message = "mounts names the same folder twice: ${lib.concatStringsSep ", " paths}.";
      }
    ];
  };
}
