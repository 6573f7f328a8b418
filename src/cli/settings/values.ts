import * as z from "zod";
import { isKeyName } from "./key-names.ts";
import type { EffectClass } from "./settings.ts";

/** What is known of a key besides its type; the sources of docs, editor help, `plan` and error messages. */
export interface About {
  readonly description: string;
  /** A value in the notation of the file. */
  readonly example: unknown;
  readonly apply: EffectClass;
  /** Ends the sentence "expected …" when a value has the wrong type or form. */
  readonly expected: string;
}

/** A key with its default and everything a person may ask about it. */
export function key<S extends z.ZodType>(schema: S, fallback: z.output<S>, about: About): z.ZodDefault<S> {
  return schema.default(fallback as never).meta({ ...about });
}

/** A field of a list's entry: no effect of its own, the list has it. */
export function field<S extends z.ZodType>(schema: S, about: Omit<About, "apply" | "example">): S {
  return schema.meta({ ...about });
}

const unitBytes = { GiB: 1024 ** 3, MiB: 1024 ** 2 } as const;

/** Bytes of a size that the schema accepted; NaN for anything else. */
export function sizeToBytes(text: string): number {
  const [, count, unit] = /^([1-9]\d*)(GiB|MiB)$/.exec(text) ?? [];
  return unit === undefined ? Number.NaN : Number(count) * unitBytes[unit as keyof typeof unitBytes];
}

/**
 * A size with its unit. Bare numbers are refused: whether 12 means bytes or GiB is a guess. The limits compare so
 * that text without a size (NaN) passes them: one problem a value is enough.
 */
export function size(least: string, most: string) {
  return z
    .string()
    .regex(/^[1-9]\d*(GiB|MiB)$/)
    .refine((text) => !(sizeToBytes(text) < sizeToBytes(least)), `expected at least ${least}`)
    .refine((text) => !(sizeToBytes(text) > sizeToBytes(most)), `expected at most ${most}`);
}

/**
 * A path on the host: absolute, or from `~`. lima.yaml is a Go template, so `{{` would be expanded there; control
 * characters and quotes would break the lines that Lima writes for the guest's fstab.
 */
export const hostPath = z.string().regex(/^(\/|~\/|~$)(?!.*\{\{)[^\p{Cc}"\\]*$/u);

/**
 * A socket on the host. `ssh -L` and `-R` separate their two paths with a colon.
 */
export const hostSocket = z.string().regex(/^(\/|~\/)[^\p{Cc}:"\\]+$/u);

/** sshd is given the guest's end unquoted by some clients, hence no space either. */
export const guestSocket = z
  .string()
  .regex(/^(\/[^\p{Cc}\s:"'\\/]+)+$/u)
  .refine(
    (path) => Buffer.byteLength(path) < 108,
    "expected at most 107 bytes, the limit of Linux for a socket",
  );

/** What NixOS's networking.hostName takes, which it becomes. */
export const hostName = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/);

const modifier = "(CMD|SUPER|WIN|CTRL|SHIFT|ALT|OPT|META|LEADER)";

/**
 * A WezTerm chord: modifiers joined by `|`, `+`, a key. A modifier other than SHIFT is demanded, or the letter could
 * not be typed any more.
 */
export const chord = z
  .string()
  .regex(
    new RegExp(
      `^(?=(SHIFT\\|)?(?!SHIFT)[A-Z]+[|+])${modifier}(\\|${modifier})*\\+(phys:|mapped:)?(\\S|[A-Z][A-Za-z0-9]+)$`,
    ),
  )
  .refine((text) => {
    const plus = text.indexOf("+");
    const mods = text.slice(0, plus).split("|");
    return new Set(mods).size === mods.length && isKeyName(text.slice(plus + 1));
  });
