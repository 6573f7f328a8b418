/** Words that mean the same bare in sh, bash, zsh and fish. `=`, `%`, `~` and `^` are special in one of them. */
const bare = /^[A-Za-z0-9_@+:,./-]+$/;

/** Runs of what single quotes cannot hold in every shell: fish reads `\'` and `\\` inside them. */
const unquotable = /(['\\]+)/;

/**
 * One argument, written so that sh, dash, bash, zsh and fish all read back the same bytes: everything between
 * single quotes, except quotes and backslashes, which stand between double quotes, where they mean the same in
 * all of them.
 */
export function quote(argument: string): string {
  if (bare.test(argument)) return argument;
  if (argument === "") return "''";
  return argument
    .split(unquotable)
    .map((part, index) => {
      if (part === "") return "";
      return index % 2 === 1 ? `"${part.replaceAll("\\", "\\\\")}"` : `'${part}'`;
    })
    .join("");
}

export function quoteAll(argumentsInOrder: readonly string[]): string {
  return argumentsInOrder.map(quote).join(" ");
}
