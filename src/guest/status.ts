import { frameKind } from "../shared/bridge-frame.ts";
import { readBridgeStatus } from "../shared/bridge-messages.ts";
import { openBridge } from "./connection.ts";
import { complain, noCallCode } from "./finish.ts";

/** `ascalon-guest status`: whether the bridge works, and what may be called. */
export function showStatus(): Promise<void> {
  return new Promise(() => {
    openBridge(frameKind.ask, "status", {
      data: () => {},
      lost: (why) => {
        complain("ascalon-guest", why);
        process.exit(noCallCode);
      },
      frame: (kind, _, payload) => {
        if (kind !== frameKind.answer) return;
        const { ascalon, allow } = readBridgeStatus(JSON.parse(Buffer.from(payload).toString("utf8")));
        const what = allow.length === 0 ? "nothing may be called" : `may be called: ${allow.join(", ")}`;
        process.stdout.write(`the bridge works (ascalon ${ascalon} on the host); ${what}\n`);
        process.exit(0);
      },
    });
  });
}
