# What NixOS sets of a machine of its test driver, as far as it meets what the guest's modules set, with the priorities
# that it has there (nixos/lib/testing/nixos-test-base.nix, nixos/modules/virtualisation/qemu-vm.nix,
# nixos/modules/testing/test-instrumentation.nix).
{ config, lib, ... }:
{
  documentation.nixos.enable = false;
  services.timesyncd.enable = false;
  system = {
    stateVersion = lib.mkOverride 1200 "26.05";
    switch.enable = lib.mkDefault (config.specialisation or { } != { });
  };
}
