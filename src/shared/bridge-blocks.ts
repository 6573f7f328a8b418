/** Bytes that wait, copied into as few pieces as can be: a peer may send them one by one. */
export interface Blocks {
  push(bytes: Uint8Array): void;
  /** The piece that came first; undefined when nothing waits. */
  shift(): Uint8Array | undefined;
  isEmpty(): boolean;
  clear(): void;
}

const blockBytes = 65536;

export function createBlocks(): Blocks {
  let blocks: Uint8Array[] = [];
  /** How much of the last one is filled; the others are full. */
  let filled = 0;
  return {
    push: (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        let last = blocks[blocks.length - 1];
        if (last === undefined || filled === blockBytes) {
          last = new Uint8Array(blockBytes);
          blocks.push(last);
          filled = 0;
        }
        const part = bytes.subarray(at, at + blockBytes - filled);
        last.set(part, filled);
        filled += part.length;
        at += part.length;
      }
    },
    shift: () => {
      const first = blocks.shift();
      return blocks.length === 0 && first !== undefined ? first.subarray(0, filled) : first;
    },
    isEmpty: () => blocks.length === 0,
    clear: () => {
      blocks = [];
    },
  };
}
