import type { Connection, Stage } from "./connection.ts";
import type { BridgeSocket } from "./endpoint.ts";

/** The connections that are open, so many at most. */
export interface Connections {
  /** Before another one is served: false when there is no room. What only stands there gives way. */
  makeRoom(): boolean;
  add(socket: BridgeSocket, connection: Connection): void;
  /** How many are calls, or ask something. */
  busy(): number;
}

/**
 * Who holds connections without a use for them keeps nobody out: not the agent's own proof, not a person who asks how
 * the bridge is, not another program's call.
 */
export function createConnections(most: number): Connections {
  /** In the order in which they came. */
  const open = new Map<BridgeSocket, Connection>();
  const oldest = (stage: Stage): BridgeSocket | undefined => {
    for (const [socket, connection] of open) if (connection.stage() === stage) return socket;
    return undefined;
  };
  return {
    makeRoom: () => {
      if (open.size < most) return true;
      const idle = oldest("told") ?? oldest("unheard") ?? oldest("over");
      if (!idle) return false;
      open.delete(idle);
      idle.destroy();
      return true;
    },
    add: (socket, connection) => {
      open.set(socket, connection);
      socket.on("close", () => open.delete(socket));
    },
    busy: () => [...open.values()].filter((connection) => connection.stage() === "busy").length,
  };
}
