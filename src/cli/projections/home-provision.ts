import { homeDiskScript, homeMoveScript, homeOnImageScript } from "../carried-files.ts";

const folder = "/run/ascalon-home";

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
 * What Lima runs as root at each start, so that /home has its disk in a guest too whose system knows nothing of it. The
 * scripts go along as text: a path on the host would be gone after an upgrade. Lima takes a provision script for a Go
 * template, so none of them may hold two braces in a row.
 */
export const homeProvisionScript = `#!/bin/sh
set -eu
mkdir -p ${folder}
${heredoc("home-disk.sh", homeDiskScript)}${heredoc("home-move.sh", homeMoveScript)}${heredoc("home-on-image.sh", homeOnImageScript)}exec sh ${folder}/home-on-image.sh ${folder}/home-disk.sh ${folder}/home-move.sh ascalon-home
`;
