/** Bytes in the notation of the settings file: whole GiB where it is whole, else MiB. */
export function sizeText(bytes: number): string {
  return bytes % 1024 ** 3 === 0 ? `${bytes / 1024 ** 3}GiB` : `${Math.floor(bytes / 1024 ** 2)}MiB`;
}
