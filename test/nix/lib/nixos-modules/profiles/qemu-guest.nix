# Stands in for the file of that name in nixpkgs: the drivers without which the initrd finds no disk in Lima's machine.
{
  boot.initrd.availableKernelModules = [
    "virtio_pci"
    "virtio_blk"
  ];
}
