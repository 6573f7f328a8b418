import { AscalonError } from "../errors.ts";
import { isHomeLost, type MachineFacts } from "../machine/facts.ts";
import { quote } from "../quote.ts";
import type { Settings } from "../settings/settings.ts";
import { sizeText } from "../settings/size-text.ts";

/** Throws for what no command may change: others' instances and folders, and a folder whose VM runs without its description. */
export function refuseUntouchable(facts: MachineFacts): void {
  if (facts.exists === "foreign") {
    throw new AscalonError("E_FOREIGN_INSTANCE", {
      what: `the Lima instance ${facts.folder} was not made by ascalon`,
      why: "ascalon never touches an instance that it did not create",
      run: "limactl rename ascalon NEWNAME    (limactl stop it first)",
    });
  }
  if (facts.exists === "foreign-half") {
    throw new AscalonError("E_INSTANCE_HALF", {
      what: `${facts.folder} has no lima.yaml, or an empty one, and nothing shows that ascalon created it`,
      why: "it looks like an instance whose deletion was interrupted; ascalon removes only its own",
      run: `ls -la ${quote(facts.folder)}    (when nothing in it is needed: rm -r ${quote(facts.folder)})`,
    });
  }
  const lives = [facts.hostAgent, facts.driver].filter(({ state }) => state === "alive");
  if (facts.exists === "half" && lives[0]) {
    throw new AscalonError("E_INSTANCE_HALF", {
      what: `${facts.folder} has no lima.yaml and the VM's process ${lives[0].pid} still runs`,
      why: "Lima cannot stop a VM without its lima.yaml; its disk must not be removed under it",
      // The host agent shuts the guest down at SIGINT; QEMU alone can only be ended.
      run: `kill -INT ${lives[0].pid}    (then, when it is gone: ascalon up)`,
    });
  }
}

export function refuseToLoseHome(facts: MachineFacts): void {
  if (!isHomeLost(facts)) return;
  throw new AscalonError("E_HOME_LOST", {
    what: "the file of the home disk is gone from this machine; only the running VM still has it",
    why: "/home would be lost when the VM stops, so it was not stopped",
    run: "ascalon shell -- sudo tar -c -C /home . > home.tar    (then: ascalon restart --force)",
  });
}

export function refuseSmallerRootDisk(settings: Settings, facts: MachineFacts): void {
  const before = facts.applied?.vm.diskBytes;
  if (before !== undefined && settings.vm.diskBytes < before) throw shrunkDisk("vm.disk", before);
}

export function shrunkDisk(key: string, bytes: number): AscalonError {
  return new AscalonError("E_DISK_SHRINK", {
    what: `${key} is smaller than the disk that exists (${sizeText(bytes)})`,
    why: "a disk cannot be made smaller without losing what it holds",
    run: `ascalon config set ${key} ${sizeText(bytes)}`,
  });
}
