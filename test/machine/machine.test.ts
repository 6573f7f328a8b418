/**
 * One VM, booted once: these parts run in this order, and each leaves the VM running and ready for the next. To work
 * on one of them: `npx vitest run --project machine -t "up from nothing|its describe"`; "every
 * state" also needs the file that "/home" leaves.
 */
import "./01-up.ts";
import "./02-shell.ts";
import "./03-home.ts";
import "./04-states.ts";
import "./05-settings.ts";
import "./06-refusals.ts";
import "./07-links.ts";
import "./08-bridge.ts";
import "./09-rebuild.ts";
import "./10-agent-service.ts";
