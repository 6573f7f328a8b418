import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { MachineDescription } from "../machine/machine.ts";
import type { ImageList } from "../projections/image-list.ts";
import type { Settings } from "../settings/settings.ts";

/** What `vm.image` names: the pinned images, or the list in a file. */
export async function imagesOf(context: Context, settings: Settings): Promise<ImageList> {
  const { image } = settings.vm;
  if (image === "nixos-lima") return (await import("../projections/nixos-image.ts")).nixosLimaImages;
  const { parseImageList } = await import("../projections/image-list.ts");
  const text = await context.files.readText(image);
  if (text === undefined) {
    throw new AscalonError("E_IMAGE", {
      what: `vm.image names ${image}, and there is no such file`,
      run: "ascalon config set vm.image nixos-lima",
    });
  }
  return parseImageList(text, image);
}

/** The settings as the machine's own description: the image list read, lima.yaml projected. */
export async function describeMachine(context: Context, settings: Settings): Promise<MachineDescription> {
  const [{ projectLimaYaml }, images] = await Promise.all([
    import("../projections/lima-yaml.ts"),
    imagesOf(context, settings),
  ]);
  return { limaYaml: projectLimaYaml({ settings, images }), settings };
}
