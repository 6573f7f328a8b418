import { AscalonError } from "../errors.ts";

/** Whoever waits for a VM that has ended waits in vain. `folder` is Lima's, with the logs. */
export const stoppedMeanwhile = (folder: string): AscalonError =>
  new AscalonError("E_INSTANCE_BROKEN", {
    what: "the VM stopped while ascalon was waiting for it",
    why: `it was stopped, or it failed: see ${folder}/ha.stderr.log and serial*.log beside it`,
    run: "ascalon up",
  });
