import { once } from "node:events";
import { connect } from "node:net";

/** A connection to the mux as a window holds it. */
export interface MuxWindow {
  readonly isOpen: () => boolean;
  /** Whether the server answers over it. */
  ping(): Promise<boolean>;
  close(): void;
}

export async function openMuxWindow(path: string): Promise<MuxWindow> {
  const socket = connect({ path });
  let open = true;
  socket.on("error", () => {});
  socket.on("close", () => {
    open = false;
  });
  const ping = async (): Promise<boolean> => {
    if (!open) return false;
    socket.write(Uint8Array.from([2, 1, 1]));
    const [answer] = await Promise.race([once(socket, "data"), once(socket, "close")]);
    return Buffer.isBuffer(answer) && answer.toString("hex") === "020102";
  };
  await once(socket, "connect");
  return { isOpen: () => open, ping, close: () => socket.destroy() };
}
