import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { MachineDescription } from "../machine/machine.ts";
import type { Settings } from "../settings/settings.ts";

/** The settings as the machine's own description: the image list read, lima.yaml projected. */
export async function describeMachine(context: Context, settings: Settings): Promise<MachineDescription> {
  const [{ projectLimaYaml }, { parseImageList }, { nixosLimaImages }] = await Promise.all([
    import("../projections/lima-yaml.ts"),
    import("../projections/image-list.ts"),
    import("../projections/nixos-image.ts"),
  ]);
  const { image } = settings.vm;
  if (image === "nixos-lima") {
    return { limaYaml: projectLimaYaml({ settings, images: nixosLimaImages }), settings };
  }
  const text = await context.files.readText(image);
  if (text === undefined) {
    throw new AscalonError("E_IMAGE", {
      what: `vm.image names ${image}, and there is no such file`,
      run: "ascalon config set vm.image nixos-lima",
    });
  }
  return { limaYaml: projectLimaYaml({ settings, images: parseImageList(text, image) }), settings };
}
