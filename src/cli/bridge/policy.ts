import type { BridgeCommand } from "../../shared/bridge-messages.ts";
import type { PathMount } from "../../shared/path-mapping.ts";
import type { BridgeRule } from "../settings/settings.ts";
import type { Rate } from "./rate.ts";
import { clipboardRules } from "./rules-clipboard.ts";
import { notifyRule } from "./rules-notify.ts";
import { opRule } from "./rules-op.ts";
import { openRule } from "./rules-open.ts";

/** What a rule may look at besides the arguments. */
export interface PolicyFacts {
  readonly platform: "darwin" | "linux";
  /** Base name of the host's program that stands for the command, where several can. */
  readonly tool: string;
  readonly mounts: readonly PathMount[];
  /** What the settings say about the command. */
  readonly rule: BridgeRule | undefined;
  /** What is really at a path of the host, symlinks resolved; undefined when nothing is. */
  readonly lookAt: (
    path: string,
  ) => Promise<{ readonly path: string; readonly isFolder: boolean } | undefined>;
}

export type Decision =
  /** `label` is the command line as it may stand in the log: nothing in it can be a secret. */
  | {
      readonly kind: "run";
      readonly args: readonly string[];
      readonly label: string;
      /** Instead of the rule's. */
      readonly maxInputBytes?: number | undefined;
    }
  /**
   * `why` is one clause without a period and without a word of the guest's: it reaches the guest and the log. `detail`
   * reaches the guest alone.
   */
  | { readonly kind: "refuse"; readonly why: string; readonly detail?: string; readonly label: string };

export interface CommandRule {
  readonly command: BridgeCommand;
  /** Names of programs by platform, the first that is there is taken; looked for in the safe folders only. */
  readonly tools: Readonly<Record<PolicyFacts["platform"], readonly string[]>>;
  /** Whether it may have a terminal. */
  readonly terminal: boolean;
  readonly rate: Rate;
  /** How many of it run at one time, others wait; undefined: as many as of all commands together. */
  readonly atOnce?: number;
  /** Bytes it may be given on stdin; undefined: any number. */
  readonly maxInputBytes?: number;
  /** The guest's variables it gets, by name; a final `*` stands for any ending. */
  readonly env: readonly string[];
  /** What it has on a Mac, whatever the guest says. */
  readonly macEnv?: Readonly<Record<string, string>>;
  decide(args: readonly string[], facts: PolicyFacts): Decision | Promise<Decision>;
}

const rules: readonly CommandRule[] = [opRule, openRule, ...clipboardRules, notifyRule];

/** The rule of a command, by its exact name; undefined for everything else there is in the world. */
export const commandRule = (command: string): CommandRule | undefined =>
  rules.find((rule) => rule.command === command);
