import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { MachineFacts } from "../machine/facts.ts";
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

/** The settings as the description of a machine that is to be made: the image list read, lima.yaml projected. */
export async function describeMachine(context: Context, settings: Settings): Promise<MachineDescription> {
  return await project(settings, await imagesOf(context, settings));
}

/**
 * The settings as the description of the machine that exists. It keeps the images it was made of, whatever list this
 * ascalon or the file of `vm.image` has by now: Lima reads them once more when the root disk is made new.
 */
export async function describeExisting(
  context: Context,
  settings: Settings,
  { writtenYaml, limaYaml }: Pick<MachineFacts, "writtenYaml" | "limaYaml">,
): Promise<MachineDescription> {
  const { imagesOfLimaYaml } = await import("../projections/image-list.ts");
  const images = imagesOfLimaYaml(writtenYaml) ?? imagesOfLimaYaml(limaYaml);
  return await project(settings, images ?? (await imagesOf(context, settings)));
}

async function project(settings: Settings, images: ImageList): Promise<MachineDescription> {
  const { projectLimaYaml } = await import("../projections/lima-yaml.ts");
  return { limaYaml: projectLimaYaml({ settings, images }), settings };
}
