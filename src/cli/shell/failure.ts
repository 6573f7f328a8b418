import { AscalonError, type ErrorText } from "../errors.ts";
import { quote } from "../quote.ts";
import type { SshTarget } from "../ssh/target.ts";
import { wayToInstall } from "../ways-to-install.ts";
import type { SessionFailure } from "./session.ts";

/** Why the guest could not be reached, in words for a person. Always E_SHELL: its exit code is no program's own. */
export function sessionError(
  failure: SessionFailure,
  words: readonly string[],
  target: SshTarget,
): AscalonError {
  return new AscalonError("E_SHELL", { details: words, ...sentences(target)[failure] });
}

const sentences = (target: SshTarget): Readonly<Record<SessionFailure, ErrorText>> => ({
  refused: {
    what: `nothing listens on the VM's ssh port ${target.port}`,
    why: "the VM is stopped, or has not booted as far as ssh (E_SSH)",
    run: "ascalon up",
  },
  silent: {
    what: "the VM does not answer on its ssh port",
    why: "it hangs, or is just booting or shutting down (E_SSH)",
    run: "ascalon status",
  },
  unanswered: {
    what: "the VM does not answer",
    why: "it is frozen or very busy; the command may still start when it resumes (E_SSH)",
    run: "ascalon status",
  },
  stuck: {
    what: "the ssh connection that Lima keeps open hangs, and its process cannot be ended",
    why: "it has the request, which may still start when it resumes (E_SSH)",
    run: "ascalon restart",
  },
  crowded: {
    what: "the guest accepts no more logins at the moment",
    why: "ten calls share Lima's ssh connection, each further one is a separate login, and sshd drops some (E_SSH)",
    run: "ascalon status    (then try again, with fewer at once: xargs -P 8, make -j8)",
  },
  denied: {
    what: `the guest refuses the key ${target.identityFile} for the user ${target.user}`,
    why: "its authorized_keys were changed, or another program has the VM's old ssh port (E_SSH)",
    run: "ascalon restart",
  },
  "no-key": {
    what: `the VM's key ${target.identityFile} is not there`,
    why: "Lima makes it, and the guest lets nobody in without it (E_SSH)",
    run: "ascalon restart    (Lima makes another, and gives it to the guest)",
  },
  "open-key": {
    what: `ssh does not use the VM's key ${target.identityFile}`,
    why: "other users may read or write it (E_SSH)",
    run: `chmod 600 ${quote(target.identityFile)}`,
  },
  lost: {
    what: "the connection to the guest ended before the program reported its exit code",
    why: "the VM stopped, its network broke, or the ssh session was ended in the guest (E_SSH)",
    run: "ascalon status",
  },
  "no-ssh": {
    what: "the OpenSSH client `ssh` is not on PATH",
    why: "ascalon reaches the guest by ssh (E_SSH_MISSING)",
    run: wayToInstall.ssh,
  },
  "too-long": {
    what: "the command is longer than 128 KiB",
    why: "Linux accepts no longer string from ssh",
    run: "ascalon shell -- sh -s < script.sh    (or xargs, for a long list of files)",
  },
  untold: {
    what: "ssh ended with 255, and there is no space for the log that says whether that was the program's own code",
    why: "the disk with ascalon's state is full (E_DISK_FULL)",
    run: "df -h ~    (free some space there)",
  },
  other: { what: "ssh failed", why: "its own message is shown (E_SSH)", run: "ascalon status" },
});

/** Any failure on the way to the guest's program, with the exit code that belongs to `shell` alone. */
export function asShellError(error: AscalonError): AscalonError {
  if (error.exit === 125 || error.code === "E_INTERRUPTED") return error;
  const why = error.why ?? "nothing was run in the guest";
  return new AscalonError("E_SHELL", {
    what: error.message,
    why: `${why} (${error.code})`,
    ...(error.run === undefined ? {} : { run: error.run }),
    details: error.details,
    cause: error,
  });
}
