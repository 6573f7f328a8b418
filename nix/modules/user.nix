# The user, the same three facts as in lima.yaml: name, number, home; and the shell, of which Lima knows nothing.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  inherit (cfg.settings) user;
  account = config.users.users.${user.name};
  sudo = if config.security.sudo-rs.enable then config.security.sudo-rs else config.security.sudo;
  managedByHome = config.home-manager.users.${user.name}.home.file or { };

  shells = {
    bash = pkgs.bashInteractive;
    inherit (pkgs) fish zsh;
  };
  isDefault = cfg.user.shell == "bash";
in
{
  options.ascalon.user.shell = lib.mkOption {
    type = lib.types.enum (lib.attrNames shells);
    default = "bash";
    description = ''
      The user's login shell. For fish and zsh NixOS's module is enabled as well (programs.fish, programs.zsh). With
      bash, NixOS's own default, users.defaultUserShell counts when you set it; users.users.NAME.shell always does.
    '';
  };

  config = lib.mkIf cfg.enable {
    users.users.${user.name} = {
      isNormalUser = true;
      inherit (user) uid home;
      createHome = true;
      # Said here because two write it: the activation of a system, at each switch, and the rule that makes the home on a
      # new disk. Stronger than NixOS's own default, weaker than any line of a user's.
      homeMode = lib.mkOverride 900 "700";
      extraGroups = [ "wheel" ];
      # The user's services, the mux among them, start with the machine and outlive every login.
      linger = true;
      # Stronger than NixOS's default when another shell is asked for. With bash weaker than that: it is bash too, or the
      # user's own users.defaultUserShell.
      shell = lib.mkOverride (if isDefault then 1100 else 900) shells.${cfg.user.shell};
    };

    # Without its module a shell reads nothing of NixOS's environment, and NixOS refuses it.
    programs = lib.optionalAttrs (!isDefault) { ${cfg.user.shell}.enable = true; };

    # Lima's own checks run sudo without a terminal. Whoever enables sudo-rs has it in the place of the other, with rules
    # of its own.
    security = {
      sudo.wheelNeedsPassword = false;
      sudo-rs.wheelNeedsPassword = false;
    };

    assertions = [
      {
        assertion = user.uid >= 1000;
        message = "user.uid is ${toString user.uid}: NixOS gives numbers below 1000 to system users. Leave it at 1000; on a Mac shared files belong to whoever looks.";
      }
      {
        assertion = account.home == user.home;
        message = "The home of ${user.name} is ${account.home} here and ${user.home} in lima.yaml: Lima would put its key into the other one. Change neither by hand.";
      }
      {
        assertion = lib.hasPrefix "/home/" user.home;
        message = "The home ${user.home} is not below /home, so it would not be on the disk that survives.";
      }
      {
        # NixOS knows null too: whoever asks for that finds the user not lingering.
        assertion = account.linger != null && account.linger;
        message = "users.users.${user.name}.linger is off: sessions would end with the last login.";
      }
      {
        assertion =
          account.isNormalUser
          && lib.elem "wheel" account.extraGroups
          && sudo.enable
          && !sudo.wheelNeedsPassword;
        message = "${user.name} cannot use sudo without a password: Lima's readiness checks would wait for it for ten minutes and give up, and ascalon could not confirm this system. Leave security.sudo or security.sudo-rs enabled, with wheelNeedsPassword off.";
      }
      {
        assertion = (account.openssh.authorizedKeys.keys or [ ]) == [ ];
        message = "users.users.${user.name}.openssh.authorizedKeys.keys is set: it writes the same file as Lima's boot service, and one of them loses. Put further keys into a file named in services.openssh.authorizedKeysFiles.";
      }
      {
        assertion = !(managedByHome ? ".ssh/authorized_keys");
        message = "home-manager manages ~/.ssh/authorized_keys of ${user.name}: Lima's boot service cannot write its key through a link into the store, and the next boot locks you out.";
      }
    ];
  };
}
