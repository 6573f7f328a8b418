# /home on its own disk: formatted once, the home of the system disk taken along, kept over restarts, and a machine
# without the disk that still comes up and says so.
{ pkgs }:
pkgs.testers.runNixOSTest {
  name = "ascalon-home-disk";

  nodes =
    let
      # Stands in for cidata: what Lima would say of the disks.
      withDisk =
        host: device:
        { lib, ... }:
        {
          imports = [ (import ./guest.nix { inherit host; }) ];
          ascalon.homeDisk.enable = true;
          # Such a machine has no switch-to-configuration unless it is asked for.
          system.switch.enable = true;
          virtualisation.emptyDiskImages = [ 512 ];
          # A machine of the test driver takes its file systems from here and nowhere else.
          virtualisation.fileSystems."/home" = import ../lib/home-mount.nix { label = "ascalon-home"; };
          environment.etc."lima.env".text = ''
            LIMA_CIDATA_DISKS=1
            LIMA_CIDATA_DISK_0_NAME=ascalon-home
            LIMA_CIDATA_DISK_0_DEVICE=${device}
          '';
          systemd.services.ascalon-home-disk = {
            environment = {
              ASCALON_LIMA_ENV = "/etc/lima.env";
              ASCALON_HOME_WAIT = "5";
            };
            unitConfig.RequiresMountsFor = lib.mkForce "/";
          };
        };
    in
    {
      machine = withDisk "machine" "vdb";
      without = withDisk "without" "vdq";
    };

  testScript = ''
    machine.wait_for_unit("multi-user.target")

    with subtest("the blank disk was formatted and is /home"):
        machine.succeed("findmnt --noheadings --output LABEL /home | grep -x ascalon-home")
        machine.succeed("grep -x RESULT=created /run/ascalon-home.state")
        machine.fail("test -e /run/ascalon-home.failed")

    with subtest("the home is its user's"):
        machine.succeed("test \"$(stat -c '%U %a' /home/dev)\" = 'dev 700'")

    with subtest("what is in it outlives a restart"):
        machine.succeed("sudo -u dev sh -c 'echo work >/home/dev/work.txt'")
        machine.shutdown()
        machine.start()
        machine.wait_for_unit("multi-user.target")
        machine.succeed("grep -x work /home/dev/work.txt")
        machine.succeed("grep -x RESULT=used /run/ascalon-home.state")

    with subtest("a switch leaves it mounted"):
        machine.succeed("/run/current-system/bin/switch-to-configuration test")
        machine.succeed("findmnt /home")

    with subtest("without its disk the machine comes up, and says what is wrong"):
        without.wait_for_unit("multi-user.target")
        without.wait_for_unit("sshd.service")
        without.succeed("grep 'did not appear' /run/ascalon-home.failed")
        without.succeed("bash -ic true 2>&1 | grep 'NOT on its disk'")
        without.fail("findmnt /home")
  '';
}
