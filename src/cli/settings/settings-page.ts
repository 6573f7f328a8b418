import { effectText } from "./effect-text.ts";
import { type FieldInfo, type SettingInfo, sectionDescription, settingInfos } from "./keys.ts";
import { yamlLine } from "./yaml-line.ts";

const intro = `# Settings

<!-- Made by \`npm run gen\` from src/cli/settings/schema.ts; do not edit. -->

All settings are in one YAML file: \`$XDG_CONFIG_HOME/ascalon/ascalon.yaml\`, which is \`~/.config/ascalon/ascalon.yaml\`
unless the variable is set, on macOS too. \`--config FILE\` or \`ASCALON_CONFIG\` select another file. Without a file,
every key has its default.

Unknown keys and invalid values are refused: all of them are reported at once, with line and column, and nothing is
changed. Sizes need a unit. \`~/\` is your home folder on the host.

| command | |
|--|--|
| \`ascalon config get [KEY]\` | what is in effect; \`--origin\` says where it comes from |
| \`ascalon config set KEY VALUE\` | change a key; comments are kept |
| \`ascalon config unset KEY\` | return a key to its default |
| \`ascalon config edit\` | open the file in your editor; it is checked before it replaces the old one |
| \`ascalon config schema\` | the JSON Schema, for an editor |
| \`ascalon plan\` | what has changed and when it takes effect |
`;

/** docs/settings.md: every key with its default and effect. */
export function settingsPage(): string {
  const infos = settingInfos();
  const sections = [...new Set(infos.map(({ key }) => key.split(".")[0] ?? key))];
  const parts = sections.map((section) => {
    const own = infos.filter(({ key }) => key === section || key.startsWith(`${section}.`));
    const isKey = own[0]?.key === section;
    return `## ${section}\n\n${isKey ? "" : `${sectionDescription(section)}\n\n`}${own.map((info) => keyPart(info, isKey)).join("\n")}`;
  });
  return [intro, summary(infos), ...parts].join("\n");
}

function summary(infos: readonly SettingInfo[]): string {
  const rows = infos.map(({ key, fallback, effect }) => `| \`${key}\` | \`${cell(fallback)}\` | ${effect} |`);
  return `## All keys\n\n| key | default | a change takes effect |\n|--|--|--|\n${rows.join("\n")}\n`;
}

/** GitHub ends a table's cell at a bar, also inside backquotes. */
function cell(value: unknown): string {
  return yamlLine(value).replaceAll("|", "\\|");
}

function keyPart(info: SettingInfo, isSection: boolean): string {
  const { key, description, accepts, fallback, example, effect, fields } = info;
  return [
    ...(isSection ? [] : [`### ${key}`, ""]),
    description,
    "",
    `- accepts: ${accepts}`,
    `- default: \`${yamlLine(fallback)}\``,
    `- takes effect: ${effectText[effect]}`,
    ...fields.map(fieldLine),
    "",
    "```yaml",
    ...exampleLines(key, example),
    "```",
    "",
  ].join("\n");
}

function fieldLine({ name, description, accepts, fallback }: FieldInfo): string {
  const ending = fallback === undefined ? "required" : `default \`${yamlLine(fallback)}\``;
  return `  - \`${name}\`: ${description} Accepts ${accepts}; ${ending}.`;
}

function exampleLines(key: string, example: unknown): readonly string[] {
  const [section, name] = key.split(".");
  const line = yamlLine(example);
  return name === undefined ? [`${section}: ${line}`] : [`${section}:`, `  ${name}: ${line}`];
}
