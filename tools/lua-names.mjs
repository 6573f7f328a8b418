/** What users of the bundle call by name: the exports of src/wezterm/ascalon.ts. */
export const exportedNames = [
  "action",
  "apply_to_config",
  "chain_palette",
  "contract_version",
  "keys",
  "palette_entries",
  "status_text",
  "version",
];

/**
 * Fields of records that only the bundle's own code makes and reads. A name that is also in wezterm.d.ts, in
 * status.json, plugin.json, the options or an event's details must not be here; a test compares them.
 */
export const internalFields = [
  "act",
  "always",
  "asked",
  "attached",
  "attempts",
  "busy",
  "choose",
  "cliKnown",
  "commandPrefix",
  "config",
  "count",
  "endsAt",
  "guiPid",
  "handlers",
  "hasPanes",
  "headline",
  "installed",
  "isRead",
  "lines",
  "linkSince",
  "lostAt",
  "memory",
  "mismatch",
  "nextAt",
  "now",
  "offers",
  "onLateContract",
  "options",
  "passes",
  "pluginContract",
  "stderr",
  "stdout",
  "success",
  "text",
  "unanswered",
  "value",
  "wanted",
  "windowStart",
];

/** Fields of status.json that the command line alone reads: the bundle makes records without them. */
export const unreadFields = ["attention", "chosen", "nextAttemptAt", "rttMs", "target"];
