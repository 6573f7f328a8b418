/**
 * The first line each side of the bridge says: a word that names the protocol, and its version. A peer that says
 * anything else is not the bridge; another version is told to the person by name.
 */
export const bridgeMagic = "ascalon-bridge";
export const bridgeVersion = 1;

/** Longest hello that is believed, newline included. */
export const bridgeHelloMaxBytes = 64;

export function bridgeHello(version: number): string {
  return `${bridgeMagic} ${version}\n`;
}
