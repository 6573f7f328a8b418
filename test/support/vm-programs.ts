import { mkdirSync, writeFileSync } from "node:fs";

const qemu = ["qemu-system-x86_64", "qemu-system-aarch64", "qemu-img"];

/**
 * Programs in `home`/bin that are looked for before a VM is made, and never run here: its VMs are doubles. QEMU's
 * firmware lies beside QEMU, as with one of Homebrew or Nix, because this host may have neither.
 */
export function putVmPrograms(home: string, others: readonly string[] = []): void {
  mkdirSync(`${home}/bin`, { recursive: true });
  for (const name of [...qemu, ...others])
    writeFileSync(`${home}/bin/${name}`, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  mkdirSync(`${home}/share/qemu`, { recursive: true });
  for (const arch of ["x86_64", "aarch64"]) writeFileSync(`${home}/share/qemu/edk2-${arch}-code.fd`, "");
}
