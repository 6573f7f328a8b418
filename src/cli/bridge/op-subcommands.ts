/** A subcommand that may run on the host, and what its words may be besides flags. */
export interface OpSubcommand {
  readonly path: readonly string[];
  /** Why a word (not a flag) is refused; undefined when it is fine. `index` counts from 0. */
  readonly word?: (word: string, index: number) => string | undefined;
}

/** Types of fields that are text; `file` attaches a file of the host. */
const textTypes = /^(concealed|password|text|string|email|url|date|month_?year|phone|otp|delete)$/i;

/** An assignment such as `section.field[type]=value`. Nothing in brackets may be a type that reads a file. */
function assignment(word: string): string | undefined {
  if (/\[\s*(file|attachment|document)/i.test(word)) return "it attaches a file of the host";
  for (const [, type = ""] of word.matchAll(/\[([^[\]]*)\](?==|$)/g)) {
    if (!textTypes.test(type)) return `fields of the type ${JSON.stringify(type)} are not known to be text`;
  }
  return undefined;
}

const onlyStdin =
  (at: number) =>
  (word: string, index: number): string | undefined =>
    index === at && word !== "-" ? "it reads a file of the host; give the content on stdin as -" : undefined;

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
    "user get",
    "user list",
    "group get",
    "group list",
    "completion",
  ].map(plain),
  { path: ["item", "create"], word: assignment },
  { path: ["item", "edit"], word: assignment },
  { path: ["document", "create"], word: onlyStdin(0) },
  { path: ["document", "edit"], word: onlyStdin(1) },
];

/** Known and forbidden, with the reason. What is in neither list is refused as unknown. */
export const forbiddenSubcommands: Readonly<Record<string, string>> = {
  run: "it would run a program on the host; in the guest, op run reads the secrets and runs the program there",
  plugin: "it runs other programs of the host",
  update: "it downloads a program to the host",
  daemon: "it leaves a program running on the host",
  connect: "it writes credentials to a file of the host",
  "events-api": "it makes credentials that outlive the call",
  "service-account": "it makes credentials that outlive the call",
  "account add": "accounts are added on the host",
  "account forget": "accounts are taken away on the host",
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
  ssh: "it changes the ssh agent of the host",
};
