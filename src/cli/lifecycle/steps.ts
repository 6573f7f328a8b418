import type { Description, HaltFact } from "../machine/facts.ts";
import type { SystemStepKind } from "../nixos/rebuild-plan.ts";

/** One thing an applier does to the VM. Data only: the plan is made of these, shown, and applied in order. */
export type Step =
  | { readonly kind: "clear-leftovers" }
  | { readonly kind: "recover"; readonly reason: string }
  | { readonly kind: "discard-incomplete" }
  /** `isLost`: the VM had one, and it is gone. */
  | { readonly kind: "create-home-disk"; readonly sizeBytes: number; readonly isLost: boolean }
  | { readonly kind: "grow-home-disk"; readonly fromBytes: number; readonly sizeBytes: number }
  | { readonly kind: "create" }
  | { readonly kind: "reconfigure"; readonly keys: readonly string[] }
  /** Writes lima.yaml anew for the settings that the VM has. */
  | { readonly kind: "redescribe"; readonly reason: Exclude<Description, "as-written"> }
  /** Notes the settings as what the VM has, because the record of that is lost. */
  | { readonly kind: "adopt" }
  | { readonly kind: "apply-live"; readonly keys: readonly string[] }
  | { readonly kind: "start" }
  /** Lets a guest go on that QEMU paused. */
  | { readonly kind: "resume"; readonly halted: HaltFact }
  | { readonly kind: "wait"; readonly reason: string }
  | { readonly kind: "stop"; readonly force: boolean }
  | { readonly kind: "delete" }
  | { readonly kind: "delete-home-disk" }
  /** Parts of a change of the guest's system; which one it is to be stands in the plan. */
  | { readonly kind: Exclude<SystemStepKind, "record-system"> }
  | { readonly kind: "record-system"; readonly keys: readonly string[] };

export type StepKind = Step["kind"];

/** Present participle for the progress line, past tense for the finished one. */
export const stepWords: Readonly<Record<StepKind, readonly [string, string]>> = {
  "clear-leftovers": ["Cleaning up after a crash", "Cleaned up after a crash"],
  recover: ["Repairing the VM", "Repaired the VM"],
  "discard-incomplete": ["Discarding an interrupted create", "Discarded an interrupted create"],
  "create-home-disk": ["Making the home disk", "Made the home disk"],
  "grow-home-disk": ["Growing the home disk", "Grew the home disk"],
  create: ["Creating the VM", "Created the VM"],
  reconfigure: ["Applying the settings", "Applied the settings"],
  redescribe: ["Rewriting the VM's lima.yaml", "Rewrote the VM's lima.yaml"],
  adopt: ["Recording the VM's settings", "Recorded the VM's settings"],
  "apply-live": ["Applying live settings", "Applied live settings"],
  start: ["Starting the VM", "Started the VM"],
  resume: ["Resuming the VM", "Resumed the VM"],
  wait: ["Waiting for the guest", "The guest answers"],
  stop: ["Stopping the VM", "Stopped the VM"],
  delete: ["Deleting the VM", "Deleted the VM"],
  "delete-home-disk": ["Deleting the home disk", "Deleted the home disk"],
  "upload-flake": ["Copying the flake into the guest", "Copied the flake into the guest"],
  update: ["Updating the flake's inputs", "Updated the flake's inputs"],
  "dry-build": ["Checking what would be built and fetched", "Checked what is to be built and fetched"],
  build: ["Building the system", "Built the system"],
  arm: ["Preparing the automatic rollback", "Prepared the automatic rollback"],
  activate: ["Switching to the system", "Switched to the system"],
  restart: ["Restarting the VM with the system", "Restarted the VM with the system"],
  check: [
    "Checking ssh, /home, the mux, the links and failed units",
    "All is well: ssh, /home, the mux, the links, the units",
  ],
  confirm: ["Confirming the system", "Confirmed the system"],
  "make-default": ["Making it the system for the next start", "Made it the system for the next start"],
  "record-system": ["Recording which system the VM has", "Recorded which system the VM has"],
};
