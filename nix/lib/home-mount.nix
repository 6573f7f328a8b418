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
    # How long the labelled device may stay away. A check after a crash needs none of it: the label is there from the
    # start, and the mount waits for the script by its order. Only the first start does, whose label comes from mkfs, and
    # there the script waits 30 s for the disk, 60 s for its lock and 20 s for udev at most. When the script has failed
    # nothing else ends this wait, and the machine counts as starting until then.
    "x-systemd.device-timeout=2min"
  ];
}
