import type { AgentService } from "./agent-service.ts";

/** What a service description that lies on the disk says; empty where it says nothing. */
export type DescribedService = Pick<AgentService, "argv" | "environment">;

/** Reads back what projectLaunchdPlist and projectSystemdUnit write, of any version. */
export function readDescription(text: string): DescribedService {
  return /<plist\b/.test(text) ? readPlist(text) : readUnit(text);
}

const plain = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function readPlist(text: string): DescribedService {
  const inside = (key: string, element: string): string =>
    new RegExp(`<key>${key}</key>\\s*<${element}>([\\s\\S]*?)</${element}>`).exec(text)?.[1] ?? "";
  const argv = inside("ProgramArguments", "array").matchAll(/<string>([\s\S]*?)<\/string>/g);
  const pairs = inside("EnvironmentVariables", "dict").matchAll(
    /<key>([\s\S]*?)<\/key>\s*<string>([\s\S]*?)<\/string>/g,
  );
  return {
    argv: [...argv].map(([, word = ""]) => plain(word)),
    environment: Object.fromEntries(
      [...pairs].map(([, name = "", value = ""]) => [plain(name), plain(value)]),
    ),
  };
}

/** Quoted words of systemd.syntax(7), as the projection writes them. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = ""]) =>
    inner.replace(/\\(.)/g, (_, next: string) => (next === "n" ? "\n" : next)).replaceAll("%%", "%"),
  );
}

function readUnit(text: string): DescribedService {
  const values = (name: string): string[] =>
    text.split("\n").flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
  const pairs = values("Environment")
    .flatMap(wordsOf)
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
  return {
    // A dollar sign of the program's own path is not doubled.
    argv: wordsOf(values("ExecStart")[0] ?? "").map((word, index) =>
      index === 0 ? word : word.replaceAll("$$", "$"),
    ),
    environment: Object.fromEntries(pairs),
  };
}
