/** A subcommand that may run on the host, and what its words may be besides flags. */
export interface OpSubcommand {
  readonly path: readonly string[];
  /** Why a word (not a flag) is refused; undefined when it is fine. `index` counts from 0. */
  readonly word?: (word: string, index: number) => string | undefined;
  /** Bytes that it may be given on stdin, where those are more than usual. */
  readonly maxInputBytes?: number;
}

/** A person's file: as much as Node's readFile takes, with which the guest's client reads one that is named. */
const documentBytes = 2 * 1024 ** 3;

/** Types of fields that are text; `file` attaches a file of the host. */
const textTypes = /^(concealed|password|text|string|email|url|date|month_?year|phone|otp|delete)$/i;

/**
 * An assignment such as `section.field[type]=value`. What stands before the first `=` that no backslash escapes may end
 * with a type, which has to be one of text; the value may be anything. A type that reads a file is refused wherever it
 * could be taken for one. Nothing of the word is told: it may be a secret, or a part of one.
 */
function assignment(word: string): string | undefined {
  if (/\[\s*(file|attachment|document)/i.test(word)) return "it attaches a file on the host";
  const [name = ""] = /^(?:\\[\s\S]|[^\\=])*/.exec(word) ?? [];
  const type = /\[([^[\]]*)\]$/.exec(name)?.[1];
  if (type === undefined || textTypes.test(type)) return undefined;
  return "a field has a type that is not known to be text";
}

const onlyStdin =
  (at: number) =>
  (word: string, index: number): string | undefined =>
    index === at && word !== "-" ? "it reads a file on the host; give the content on stdin as -" : undefined;

const plain = (text: string): OpSubcommand => ({ path: text.split(" ") });

export const opSubcommands: readonly OpSubcommand[] = [
  ...[
    "read",
    "inject",
    "whoami",
    "signin",
    "signout",
    "account get",
    "account list",
    "item get",
    "item list",
    "item delete",
    "item move",
    "item share",
    "item template get",
    "item template list",
    "document get",
    "document list",
    "document delete",
    "vault get",
    "vault list",
    "vault create",
    "vault edit",
    "vault user list",
    "vault group list",
    "user get",
    "user list",
    "group get",
    "group list",
    "group user list",
    "completion",
  ].map(plain),
  { path: ["item", "create"], word: assignment },
  { path: ["item", "edit"], word: assignment },
  { path: ["document", "create"], word: onlyStdin(0), maxInputBytes: documentBytes },
  { path: ["document", "edit"], word: onlyStdin(1), maxInputBytes: documentBytes },
];

/** op's other names of a verb, and what the verb may stand behind. */
const verbs: Readonly<Record<string, string>> = { ls: "list", remove: "delete", rm: "delete" };
const nouns = "account document group item user vault".split(" ");
const innerNouns = "template user group".split(" ");

/** The words with the verb's own name, so that `op vault ls` has the rules of `op vault list`. */
export function withOwnVerb(words: readonly string[]): readonly string[] {
  const [noun = "", inner = ""] = words;
  if (!nouns.includes(noun)) return words;
  const at = innerNouns.includes(inner) ? 2 : 1;
  const verb = words[at] ?? "";
  return Object.hasOwn(verbs, verb) ? words.with(at, verbs[verb] ?? verb) : words;
}

/** Known and forbidden, with the reason. What is in neither list is refused as unknown. */
export const forbiddenSubcommands: Readonly<Record<string, string>> = {
  run: "it would run a program on the host; in the guest, op run reads the secrets and runs the program there",
  plugin: "it runs other programs on the host",
  update: "it downloads a program to the host",
  daemon: "it leaves a program running on the host",
  connect: "it writes credentials to a file on the host",
  "events-api": "it creates credentials that outlive the call",
  "service-account": "it creates credentials that outlive the call",
  "account add": "accounts are added on the host",
  "account forget": "accounts are removed on the host",
  "vault delete": "whole vaults are deleted on the host",
  "vault user": "permissions are changed on the host",
  "vault group": "permissions are changed on the host",
  "user provision": "people are managed on the host",
  "user suspend": "people are managed on the host",
  "user reactivate": "people are managed on the host",
  "user confirm": "people are managed on the host",
  "user delete": "people are managed on the host",
  "user edit": "people are managed on the host",
  "user recovery": "people are managed on the host",
  "group create": "people are managed on the host",
  "group edit": "people are managed on the host",
  "group delete": "people are managed on the host",
  "group user": "people are managed on the host",
  ssh: "it changes the host's ssh agent",
};
