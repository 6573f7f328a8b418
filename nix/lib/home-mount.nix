# How /home is mounted: one value for the module and for its test in a virtual machine.
{ label }:
{
  device = "/dev/disk/by-label/${label}";
  fsType = "ext4";
  # The script that makes the disk ready has checked it already.
  noCheck = true;
  options = [
    "noatime"
    # Without the disk the machine still comes up, and ssh with it: a guest that waits for a console nobody has helps
    # nobody. `nofail` also drops the order before local-fs.target, which tmpfiles and Lima's boot service rely on to
    # find the home, so that is said again here.
    "nofail"
    "x-systemd.before=local-fs.target"
    "x-systemd.requires=ascalon-home-disk.service"
    "x-systemd.device-timeout=16min"
  ];
}
