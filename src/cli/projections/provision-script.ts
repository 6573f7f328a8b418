import {
  homeDiskScript,
  homeMoveScript,
  homeOnImageScript,
  linkFolderScript,
  loginShellScript,
} from "../carried-files.ts";

const folder = "/run/ascalon-scripts";

/**
 * Between lines of its own, so that a shell takes the text as it is. Lima warns of provision scripts that hold the name of
 * its variables, which may change; these read them from the file that is there for the guest, and are pinned to Lima's
 * release by a test on the real one. So the name is put together in the guest.
 */
const heredoc = (
  file: string,
  text: string,
): string => `sed 's/LIMA_@/LIMA_/g' >${folder}/${file} <<'END-OF-${file}'
${text.replaceAll("LIMA_CIDATA", "LIMA_@CIDATA").replace(/\n?$/, "\n")}END-OF-${file}
`;

/**
 * What Lima runs as root at each start, so that /home has its disk and the links their folder in a guest too whose system
 * knows nothing of them, and so that the user gets in. The scripts go along as text: a path on the host would be gone after an upgrade. Lima takes a
 * provision script for a Go template, so none of them may hold two braces in a row. PATH: what systemd gives Lima's boot
 * service on NixOS has not even a shell in it.
 */
export const provisionScript = `#!/bin/sh
set -eu
PATH=$PATH:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
mkdir -p ${folder}
${heredoc("link-folder.sh", linkFolderScript)}${heredoc("home-disk.sh", homeDiskScript)}${heredoc("home-move.sh", homeMoveScript)}${heredoc("home-on-image.sh", homeOnImageScript)}${heredoc("login-shell.sh", loginShellScript)}sh ${folder}/link-folder.sh || echo "ascalon: the links have no folder in this guest" >&2
code=0
sh ${folder}/home-on-image.sh ${folder}/home-disk.sh ${folder}/home-move.sh ascalon-home || code=$?
sh ${folder}/login-shell.sh || echo "ascalon: the login shell was not tried" >&2
exit $code
`;
