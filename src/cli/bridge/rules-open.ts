import { toHostPath } from "../../shared/path-mapping.ts";
import { plainMailto } from "./mailto.ts";
import { isBelow, mountRoots } from "./mount-roots.ts";
import type { CommandRule, Decision, PolicyFacts } from "./policy.ts";

const maxTargets = 16;
const maxUrlChars = 8192;

/**
 * Files that a program only shows. Everything else might be run by being opened (`.command`, `.app`, `.terminal`,
 * `.pkg`, `.desktop`, names without an ending, …) and is shown in its folder instead.
 */
const shown = new Set(
  (
    "txt md markdown rst log csv tsv json yaml yml toml xml pdf png jpg jpeg gif webp heic tiff bmp svg " +
    "html htm mp3 m4a wav flac mp4 m4v mov webm docx xlsx pptx odt ods odp pages numbers key epub"
  ).split(" "),
);

/** Folders that macOS treats as one thing have an ending; a plain folder's name has none. */
const isPlainFolder = (path: string): boolean => !/\.[^/]*$/.test(path.slice(path.lastIndexOf("/") + 1));
const ending = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";

type Target =
  | { readonly kind: "url" | "path" | "reveal"; readonly text: string }
  | { readonly kind: "refuse"; readonly why: string };

const refused = (why: string): Target => ({ kind: "refuse", why });

function urlTarget(text: string, { platform }: PolicyFacts): Target {
  if (text.length > maxUrlChars) return refused(`an address is longer than ${maxUrlChars} characters`);
  // Spaces and control characters mean different things to different readers of the same address.
  if (/[\p{Cc}\s\\]/u.test(text)) return refused("an address has spaces, backslashes or control characters");
  if (!URL.canParse(text)) return refused("an address is not valid");
  // One of http and https that is valid has a host (URL Standard, host parsing of special schemes).
  const { protocol, href } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:" && protocol !== "mailto:")
    return refused("only http, https and mailto addresses are opened");
  const address = protocol === "mailto:" ? plainMailto(href, platform) : href;
  return address === undefined ? refused("an address is not valid") : { kind: "url", text: address };
}

/** `text` begins with a slash, as that of every file address does. */
async function pathTarget(text: string, facts: PolicyFacts): Promise<Target> {
  const { mounts, lookAt } = facts;
  const host = toHostPath(text, mounts);
  if (host === undefined) return refused("a path is not below a mount, so the host does not have it");
  const found = await lookAt(host);
  if (!found) return refused("a path does not exist on the host");
  // A symlink inside a mount may lead anywhere on the host.
  if (!isBelow(found.path, await mountRoots(facts))) return refused("a path leads out of its mount");
  const opens = found.isFolder ? isPlainFolder(found.path) : shown.has(ending(found.path));
  return { kind: opens ? "path" : "reveal", text: found.path };
}

async function targetOf(text: string, facts: PolicyFacts): Promise<Target> {
  if (text.startsWith("file://")) {
    if (!URL.canParse(text) || !/^file:\/\/(localhost)?\//i.test(text))
      return refused("a file address is not valid");
    try {
      return await pathTarget(decodeURIComponent(new URL(text).pathname), facts);
    } catch {
      return refused("a file address is not valid");
    }
  }
  return text.startsWith("/") ? pathTarget(text, facts) : urlTarget(text, facts);
}

interface OpenOptions {
  readonly application: string | undefined;
  readonly background: boolean;
  readonly reveal: boolean;
  readonly targets: readonly string[];
}

function readOptions(args: readonly string[]): OpenOptions | { readonly why: string } {
  let application: string | undefined;
  let [background, reveal] = [false, false];
  const targets: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word === "--") {
      targets.push(...args.slice(at + 1));
      break;
    }
    if (!word.startsWith("-")) targets.push(word);
    else if (word === "-g") background = true;
    else if (word === "-R") reveal = true;
    else if (word === "-a") {
      at += 1;
      application = args[at] ?? "";
    } else return { why: `open knows only -a, -g and -R` };
  }
  return { application, background, reveal, targets };
}

async function decide(args: readonly string[], facts: PolicyFacts): Promise<Decision> {
  const label = "open";
  const refuse = (why: string): Decision => ({ kind: "refuse", why, label });
  const options = readOptions(args);
  if ("why" in options) return refuse(options.why);
  const { application, background, reveal, targets } = options;
  if (application !== undefined && !facts.rule?.applications?.includes(application))
    return refuse("bridge.rules does not list the application");
  if (targets.length === 0) return refuse("there is nothing to open");
  if (targets.length > maxTargets) return refuse(`more than ${maxTargets} things at once`);
  const found = await Promise.all(targets.map((target) => targetOf(target, facts)));
  for (const target of found) if (target.kind === "refuse") return refuse(target.why);
  const only = (kind: Target["kind"]): readonly string[] =>
    found.flatMap((target) => (target.kind === kind && "text" in target ? [target.text] : []));
  const revealed = [...only("reveal"), ...(reveal ? only("path") : [])];
  const opened = [...only("url"), ...(reveal ? [] : only("path"))];
  if (revealed.length > 0 && opened.length > 0)
    return refuse("some of it can only be shown in its folder: open it by itself");
  const kinds = revealed.length > 0 ? "folder" : only("url").length > 0 ? "address" : "path";
  if (facts.tool === "open") {
    const flags = [
      ...(background ? ["-g"] : []),
      ...(revealed.length > 0 ? ["-R"] : []),
      ...(application === undefined ? [] : ["-a", application]),
    ];
    return { kind: "run", args: [...flags, ...opened, ...revealed], label: `open ${kinds}` };
  }
  // xdg-open takes one thing and no options; every one of ours begins with a slash or a scheme.
  const [one, ...more] = [...opened, ...revealed.map((path) => path.replace(/\/[^/]*$/, "") || "/")];
  if (one === undefined || more.length > 0) return refuse("this host opens one thing at a time");
  if (application !== undefined) return refuse("this host cannot choose the application");
  return { kind: "run", args: [one], label: `open ${kinds}` };
}

export const openRule: CommandRule = {
  command: "open",
  tools: { darwin: ["open"], linux: ["xdg-open"] },
  terminal: false,
  rate: { burst: 20, perSecond: 1 },
  maxInputBytes: 0,
  env: [],
  decide,
};
