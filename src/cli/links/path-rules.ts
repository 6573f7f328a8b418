/**
 * What a socket path must be to stand in a forward. ssh splits `-L` and `-R` at colons and expands `%`, which
 * ssh-forward.ts doubles; `${NAME}` is expanded by newer ones. Guest paths are also arguments of a shell command.
 */

/** What sun_path holds without its final NUL: 104 bytes on macOS, 108 on Linux. */
const maxSocketPathBytes = { darwin: 103, linux: 107 } as const;

/** The guest's folder for what comes from the host: 0700, made by tmpfiles before sshd accepts. */
export const guestSocketDir = "/run/ascalon";

const encoder = new TextEncoder();

/** A clause without a period; undefined when the path is fine. */
export function hostPathProblem(path: string, platform: "darwin" | "linux"): string | undefined {
  if (!path.startsWith("/")) return `${path} is not an absolute path`;
  if (path.includes(":")) return `${path} contains a colon, at which ssh would split it`;
  if (path.includes("${")) return `${path} contains \${, which ssh would expand`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path)) return "the path contains a control character";
  const length = encoder.encode(path).length;
  const limit = maxSocketPathBytes[platform];
  if (length > limit) {
    return `${path} is ${length - limit} bytes too long for a socket; a shorter XDG_STATE_HOME helps`;
  }
  return undefined;
}

export function guestPathProblem(path: string): string | undefined {
  if (!/^\/[A-Za-z0-9_./@+-]*$/.test(path)) {
    return `${JSON.stringify(path)} is not an absolute guest path of letters, digits and _ . / @ + -`;
  }
  if (path.split("/").includes("..")) return `${path} contains ..`;
  return encoder.encode(path).length > maxSocketPathBytes.linux
    ? `${path} is too long for a socket`
    : undefined;
}
