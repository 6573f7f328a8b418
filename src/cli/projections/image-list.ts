import { posix } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { AscalonError } from "../errors.ts";
import { parseSettingsDocument } from "../settings/document.ts";
import { keyText } from "../settings/problem.ts";
import { imageSchema } from "./lima-schema.ts";

/** Lima's `images:`: the first entry for the VM's architecture that can be read is taken. */
export type ImageList = readonly z.infer<typeof imageSchema>[];

const fileSchema = z.strictObject({ images: z.array(imageSchema).min(1) });

/**
 * The text of the file that `vm.image` names. Relative locations are relative to that file, because lima.yaml,
 * where Lima would look from, is elsewhere.
 *
 * Throws E_IMAGE with every problem and its position.
 */
export function parseImageList(text: string, file: string): ImageList {
  const document = parseSettingsDocument(text);
  const result = fileSchema.safeParse(document.value ?? {});
  const broken = [...document.problems, ...document.repeated];
  if (broken.length > 0)
    throw imageError(
      file,
      broken.map(({ position, message }) => placed(file, position, message)),
    );
  if (!result.success) {
    const details = result.error.issues.map((issue) => {
      const path = issue.path as (string | number)[];
      const key = keyText(path);
      const position = document.locate(path, "value");
      return placed(file, position, `${key === "" ? "" : `${key}: `}${lowerFirst(issue.message)}`);
    });
    throw imageError(file, details);
  }
  const from = posix.dirname(file);
  const at = <T extends { location: string }>(entry: T): T => ({
    ...entry,
    location: absolute(entry.location, from),
  });
  return result.data.images.map(({ kernel, initrd, ...image }) => ({
    ...at(image),
    ...(kernel ? { kernel: at(kernel) } : {}),
    ...(initrd ? { initrd: at(initrd) } : {}),
  }));
}

/** The images that an instance's lima.yaml names; undefined when it is not one that ascalon could have written. */
export function imagesOfLimaYaml(text: string | undefined): ImageList | undefined {
  try {
    const value: unknown = parse(text ?? "");
    const images =
      typeof value === "object" && value !== null && "images" in value ? value.images : undefined;
    return z.array(imageSchema).min(1).safeParse(images).data;
  } catch {
    return undefined;
  }
}

function absolute(location: string, folder: string): string {
  return location.includes("://") || location.startsWith("~") ? location : posix.resolve(folder, location);
}

function placed(file: string, { line, column }: { line: number; column: number }, message: string): string {
  return `${file}:${line}:${column} ${message}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function imageError(file: string, details: readonly string[]): AscalonError {
  return new AscalonError("E_IMAGE", {
    what: `${file} is not a list of images`,
    why: "vm.image needs a YAML file with `images:`, each with `location` and `arch`, as in a lima.yaml",
    run: "ascalon config set vm.image nixos-lima",
    details,
  });
}
