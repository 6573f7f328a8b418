import { effectText } from "./effect-text.ts";
import { type SettingInfo, sectionDescription, settingInfos } from "./keys.ts";
import { wrap } from "./wrap.ts";
import { yamlLine } from "./yaml-line.ts";

/** Width of the file's comments: two columns of an editor fit on a laptop. */
const width = 96;

/** The first lines of every ascalon.yaml: what editors and people need to know. `schema` is a path or an address. */
export function starterHead(schema: string): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    "#",
    "# Settings of ascalon. A key that is not set has its default; `ascalon config get` shows what is in effect,",
    "# `ascalon config set KEY VALUE` changes a key and keeps comments, `ascalon plan` shows what waits for a restart.",
    "",
  ].join("\n");
}

/** A file with every key in it, each as a comment with its default: uncomment what is to be changed. */
export function starterFile(schema: string): string {
  const blocks: string[] = [starterHead(schema)];
  let open = "";
  for (const info of settingInfos()) {
    const [section = "", name] = info.key.split(".");
    if (name !== undefined && section !== open)
      blocks.push(`# ${sectionDescription(section)}\n${section}:\n`);
    open = section;
    blocks.push(name === undefined ? entry(info, section, "") : entry(info, name, "  "));
  }
  return `${blocks.join("\n").replaceAll(/\n(\w+:\n)\n/g, "\n$1")}`;
}

function entry(
  { description, accepts, fallback, example, effect, fields }: SettingInfo,
  name: string,
  indent: string,
): string {
  const comment = (text: string): string =>
    wrap(text, width - indent.length)
      .map((line) => `${indent}# ${line}\n`)
      .join("");
  const isList = Array.isArray(fallback);
  return [
    comment(description),
    fields.length === 0
      ? comment(`Accepts ${accepts}. Takes effect ${effectText[effect]}.`)
      : comment(`Takes effect ${effectText[effect]}.`),
    isList ? comment(`Example: ${name}: ${yamlLine(example)}`) : "",
    `${indent}# ${name}: ${yamlLine(fallback)}\n`,
  ].join("");
}
