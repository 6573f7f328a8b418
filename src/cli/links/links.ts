import type { Link } from "./link.ts";
import { createLinkMonitor, type LinkMonitor, type LinkReport } from "./monitor.ts";
import type { MonitorPort } from "./monitor-port.ts";
import { backoffMs } from "./pause.ts";
import { createSignsOfLife } from "./signs-of-life.ts";
import { createSupervisor } from "./supervisor.ts";
import type { SupervisorEvent, SupervisorPort } from "./supervisor-port.ts";
import { createTurning, turnTarget, withNewestTarget } from "./symlinks.ts";

export interface LinksPort extends SupervisorPort, Omit<MonitorPort, "guestGreets" | "carries"> {
  /** Makes `path` a symlink to `target`. */
  turnLink(path: string, target: string): Promise<void>;
  /** Removes the sockets of ascalon's own folder that nobody serves. */
  removeDead(): Promise<void>;
}

/** All links of one VM: one ssh that carries them, one monitor each that proves them. */
export interface Links {
  reports(): readonly LinkReport[];
  /**
   * A table made anew. Another target turns a symlink; another set of links is carried by a second ssh. Throws when a
   * symlink could not be turned, after all else was done; the same table again tries only that.
   */
  setLinks(links: readonly Link[]): Promise<void>;
  /** Proves everything at once and tries at once what is waiting. */
  hurry(): void;
  /** Pid of the ssh that carries the links. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface LinksOptions {
  readonly links: readonly Link[];
  readonly onChange: () => void;
  /** A line for the log: what happened to the ssh. */
  readonly onLine: (line: string) => void;
}

/** A link that asks again and again gets new forwards ever more rarely: each time is another ssh for all of them. */
const renewLimitMs = 60_000;

const ends = (links: readonly Link[]): string =>
  JSON.stringify(
    links.map((link) => [link.name, link.protocol, link.direction, link.hostEnd, link.guestEnd]),
  );

export function createLinks(port: LinksPort, { links: first, onChange, onLine }: LinksOptions): Links {
  let links = first;
  let pid: number | undefined;
  const monitors = new Map<string, LinkMonitor>();
  /** Links that the newest ssh does not carry, and why, by name. */
  let refused: ReadonlyMap<string, string> = new Map();
  let refusedUntil = 0;
  /** Why each was refused, as the log has it. */
  const logged = new Map<string, string>();
  /** How often a link asked in vain for new forwards, and when it may ask again. */
  const asked = new Map<string, { count: number; nextMs: number }>();

  const guestGreets = async (): Promise<boolean> => {
    const target = await port.target();
    return target !== undefined && (await port.greets(target.port));
  };

  const signs = createSignsOfLife(port.clock, () => supervisor.echo());
  const onProved = (byMade: boolean): void => {
    supervisor.proved(byMade);
    signs.proved();
  };

  const onAction = (action: "renew" | "replace", name: string): void => {
    const now = port.clock.monotonic();
    const before = asked.get(name);
    if (before && now < before.nextMs) return;
    const count = (before && now - before.nextMs < renewLimitMs ? before.count : 0) + 1;
    asked.set(name, { count, nextMs: now + backoffMs(count, renewLimitMs) });
    onLine(
      `${name}: ${action === "renew" ? "renewing the forwards" : "replacing a connection that seems dead"}`,
    );
    if (action === "renew") supervisor.remake();
    else supervisor.replace();
  };

  const addMonitor = (link: Link): void => {
    const monitorPort = {
      prove: port.prove,
      identity: port.identity,
      guestGreets,
      carries: signs.carries,
      clock: port.clock,
    };
    monitors.set(link.name, createLinkMonitor(monitorPort, link, { onChange, onAction, onProved }));
  };
  for (const link of links) addMonitor(link);

  /** A link that has no target to lead to misses nothing yet. */
  const tellRefused = (link: Link): void => {
    const reason = refused.get(link.name);
    if (reason === undefined) return;
    const isAbsent = link.direction === "host-to-guest" && link.target === undefined;
    const why = isAbsent
      ? ({ kind: "target-absent", reason: link.chosen } as const)
      : ({ kind: "failed", reason } as const);
    monitors.get(link.name)?.tell({ ...why, at: port.clock.now(), nextAttemptAt: refusedUntil });
  };

  const onEvent = (event: SupervisorEvent): void => {
    const at = port.clock.now();
    if (event.kind === "kept") {
      for (const monitor of monitors.values()) monitor.kept();
      return;
    }
    if (event.kind === "refused") {
      refused = new Map(event.refused.map(({ name, why }) => [name, why]));
      refusedUntil = event.nextAttemptAt;
      for (const [name, reason] of refused) {
        if (logged.get(name) !== reason) onLine(`${name}: ${reason}`);
        logged.set(name, reason);
      }
      for (const link of links) tellRefused(link);
      return;
    }
    if (event.kind === "ready") {
      pid = event.pid;
      const carried = event.links.filter(({ name }) => !refused.has(name));
      onLine(`ssh ${pid} carries ${carried.length} links`);
      for (const link of carried) {
        // Of what came, or got other ends, while it was started, it knows nothing: another one is due for that.
        const now = links.find(({ name }) => name === link.name);
        if (!now || ends([now]) !== ends([link])) continue;
        logged.delete(link.name);
        void monitors.get(link.name)?.carry();
      }
      return;
    }
    if (event.kind === "gone") {
      pid = undefined;
      onLine(event.reason);
    }
    for (const monitor of monitors.values()) {
      if (event.kind === "starting") monitor.tell({ kind: "ssh-starting", at });
      else {
        const kind = event.kind === "gone" ? "ssh-gone" : "vm-away";
        monitor.tell({ kind, at, reason: event.reason, nextAttemptAt: event.nextAttemptAt });
      }
    }
  };
  const inTurn = createTurning();
  const prepare: LinksPort["prepare"] = (wanted) =>
    inTurn(() => port.prepare(wanted.map((link) => withNewestTarget(link, links))));
  const supervisor = createSupervisor({ ...port, prepare }, () => links, onEvent);

  return {
    reports: () => links.flatMap((link) => monitors.get(link.name)?.report() ?? []),
    setLinks: async (next) => {
      const same = ends(next) === ends(links);
      links = next;
      for (const [name, monitor] of monitors) {
        if (next.some((link) => link.name === name)) continue;
        monitor.stop();
        monitors.delete(name);
      }
      // Before its monitor hears of it, which proves a new target at once.
      const failures: unknown[] = [];
      await inTurn(async () => {
        for (const link of next) {
          await turnTarget(port, link).catch((error: unknown) => failures.push(error));
        }
      });
      for (const link of next) {
        const monitor = monitors.get(link.name);
        if (monitor) monitor.update(link);
        else addMonitor(link);
        tellRefused(link);
      }
      if (!same) supervisor.renew();
      if (failures.length > 0) throw failures[0];
    },
    hurry: () => {
      supervisor.nudge();
      for (const monitor of monitors.values()) monitor.hurry();
    },
    pid: () => pid,
    stop: async () => {
      for (const monitor of monitors.values()) monitor.stop();
      await supervisor.stop();
      // A window that an ssh still carries keeps its socket.
      await port.removeDead();
    },
  };
}
