import { posix } from "node:path";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { Settings } from "../settings/settings.ts";
import { imagesOf } from "./describe.ts";

/** `places`: where distributions have it, as Lima 2.2 knows them (pkg/driver/qemu/qemu.go, getFirmware). */
const firmware = {
  x64: {
    arch: "x86_64",
    run: "apt install ovmf    (Fedora: dnf install edk2-ovmf)",
    places: [
      "/usr/share/edk2/x64/OVMF_CODE.4m.fd",
      "/usr/share/OVMF/OVMF_CODE.fd",
      "/usr/share/OVMF/OVMF_CODE_4M.fd",
      "/usr/share/edk2/ovmf/OVMF_CODE.fd",
      "/usr/share/qemu/ovmf-x86_64.bin",
      "/usr/share/qemu/ovmf-x86_64-4m.bin",
    ],
  },
  arm64: {
    arch: "aarch64",
    run: "apt install qemu-efi-aarch64    (Fedora: dnf install edk2-aarch64)",
    places: [
      "/usr/share/edk2/aarch64/QEMU_CODE.fd",
      "/usr/share/AAVMF/AAVMF_CODE.fd",
      "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd",
    ],
  },
} as const;

/**
 * NixOS's image boots by UEFI alone, and QEMU's package on Linux only recommends the firmware: Lima would say so after
 * the download, and advise a BIOS that the image cannot boot with. Elsewhere QEMU brings it.
 */
export async function requireFirmware(context: Context, settings: Settings, qemu: string): Promise<void> {
  const { env, files, host } = context;
  if (host.platform !== "linux") return;
  const { arch, run, places } = firmware[host.arch === "arm64" ? "arm64" : "x64"];
  // Whoever names a QEMU of their own has its firmware beside that.
  if (env[`QEMU_SYSTEM_${arch.toUpperCase()}`]) return;
  const [{ bootsDirectly }, images] = await Promise.all([
    import("../projections/lima-yaml.ts"),
    imagesOf(context, settings),
  ]);
  if (bootsDirectly(images)) return;
  const ownPlaces = [`${host.home}/.local`, posix.dirname(posix.dirname(qemu))].map(
    (folder) => `${folder}/share/qemu/edk2-${arch}-code.fd`,
  );
  for (const place of [...ownPlaces, ...places]) {
    if ((await files.realPath(place)) !== undefined) return;
  }
  throw new AscalonError("E_QEMU_MISSING", {
    what: "QEMU's UEFI firmware is not installed",
    why: "vm.type is qemu, and the image of vm.image boots by UEFI",
    run,
  });
}
