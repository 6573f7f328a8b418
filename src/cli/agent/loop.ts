import type { GuiStatus, PendingPlan, StatusFile } from "../../shared/status.ts";
import type { Clock } from "../adapters/clock.ts";
import type { Links, LinksOptions } from "../links/links.ts";
import { createPause, within } from "../links/pause.ts";
import type { LinkTable } from "../links/table.ts";
import { createGenerationWatch, type GenerationAnswer } from "./generation-watch.ts";
import { createHealAnswer } from "./heal-answer.ts";
import { periodic } from "./periodic.ts";
import { readClocks, type Tick, type TimeJump, timeJump } from "./sleep-watch.ts";
import { startAtLogin } from "./start-at-login.ts";
import { createSinceSeconds, statusOf } from "./status-of.ts";
import type { ObservedVm } from "./vm-status.ts";

export interface AgentPort {
  readonly clock: Clock;
  readonly version: string;
  readonly muxSocket: string;
  /** Cheap enough for every two seconds. */
  observeVm(): Promise<ObservedVm>;
  /** Present when the settings say that the VM starts at login. */
  readonly startVm: (() => Promise<void>) | undefined;
  /** Whether a person stopped the VM in this login. */
  wasStopped(): Promise<boolean>;
  /** Settings and discovery, read anew. Throws while the settings are invalid. */
  findLinks(): Promise<LinkTable>;
  createLinks(options: LinksOptions): Links;
  findGuis(): Promise<readonly GuiStatus[]>;
  /** What of the settings waits for a step, by what the last look at the VM showed. */
  pendingPlan(): Promise<PendingPlan | undefined>;
  askGeneration(): Promise<GenerationAnswer>;
  /** Makes the host's end of the bridge if it is not there (any more); true when it was made. */
  keepBridge(): Promise<boolean>;
  /** Ends what it serves. */
  close(): Promise<void>;
  writeStatus(status: StatusFile): Promise<void>;
  /** A person asked for everything to be proved now: the request's name; asked once, told once. */
  healWanted(): Promise<string | undefined>;
  log(line: string): void;
}

const tickMs = 1_000;
const observeEveryMs = 2_000;
const findEveryMs = 5_000;
const guisEveryMs = 10_000;
/** What is looked at between two pauses answers in less: it was asleep, where the clock does not tell. */
const longestLookMs = 12_000;
/** Written at the latest after the first, promised for the second: a busy machine may be late. */
const writeEveryMs = 8_000;
const promiseMs = 10_000;
/** Many links that change together are one write. */
const writeGapMs = 100;

/** Runs until the signal. Everything it learns is in status.json; everything it does is in the log. */
export async function runAgent(port: AgentPort, signal: AbortSignal): Promise<void> {
  const { clock, log } = port;
  const pause = createPause(clock);
  signal.addEventListener("abort", () => pause.wake(), { once: true });
  const sinceSeconds = createSinceSeconds();
  let vm: ObservedVm & { since: number } = { state: "unknown", reason: undefined, since: clock.now() };
  let table: LinkTable = { links: [], refused: [] };
  let guis: readonly GuiStatus[] = [];
  let pendingPlan: PendingPlan | undefined;
  let changed = true;
  const onChange = (): void => {
    changed = true;
    pause.wake();
  };

  /** What a link tells of the VM's end is seen at the VM too, before both are written: a reader believes the VM first. */
  let isVmOld = false;
  const onLinkChange = (): void => {
    isVmOld = true;
    onChange();
  };

  const generation = createGenerationWatch(clock, () => port.askGeneration(), onChange);

  const observe = periodic(clock, observeEveryMs, log, async () => {
    isVmOld = false;
    const seen = await port.observeVm();
    if (seen.state === vm.state && seen.reason === vm.reason) return;
    if (seen.state === "running" && vm.state !== "running") links?.hurry();
    vm = { ...seen, since: seen.state === vm.state ? vm.since : clock.now() };
    changed = true;
  });
  const keep = periodic(clock, observeEveryMs, log, async () => {
    if (await port.keepBridge()) links?.hurry();
  });
  const find = periodic(clock, findEveryMs, log, async () => {
    const plan = await port.pendingPlan();
    changed ||= JSON.stringify(plan) !== JSON.stringify(pendingPlan);
    pendingPlan = plan;
    const found = await port.findLinks();
    if (JSON.stringify(found) === JSON.stringify(table)) return;
    changed = true;
    // What could not be set whole is another table than the one that is known, and set again at the next look.
    await links?.setLinks(found.links);
    table = found;
  });
  const look = periodic(clock, guisEveryMs, log, async () => {
    const before = JSON.stringify(guis);
    guis = await port.findGuis();
    changed ||= JSON.stringify(guis) !== before;
  });

  let links: Links | undefined;
  await keep(true);
  await find(true);
  await observe(true);
  links = port.createLinks({ links: table.links, onChange: onLinkChange, onLine: log });
  if (port.startVm) {
    const { startVm, wasStopped } = port;
    // Rejects when the agent ends first.
    void startAtLogin({ clock, vmState: () => vm.state, startVm, wasStopped, log }, signal).catch(() => {});
  }

  const write = (promise: number, trouble: readonly (string | undefined)[]): Promise<void> => {
    const { version, muxSocket } = port;
    const view = {
      at: clock.now(),
      promiseMs: promise,
      version,
      muxSocket,
      vm,
      links: links?.reports() ?? [],
      refused: table.refused,
      guis,
      generation: generation.look(vm.state === "running"),
      pendingPlan,
      healed: heal.answered(),
      attention: trouble.flatMap((why) => (why === undefined ? [] : [`${why}.`])),
    };
    return port.writeStatus(statusOf(view, sinceSeconds));
  };

  const heal = createHealAnswer();
  let asked: string | undefined;
  let last: Tick = readClocks(clock);
  let writtenMs: number | undefined;
  const sinceWrite = (): number => clock.monotonic() - (writtenMs ?? Number.NEGATIVE_INFINITY);
  const lookAtAll = async (anew: boolean): Promise<readonly (string | undefined)[]> => [
    await observe(anew || isVmOld),
    await keep(anew),
    await find(anew),
    await look(anew),
  ];
  const dueMs = (): number => writeEveryMs - (writtenMs === undefined ? 0 : sinceWrite());
  let trouble: readonly (string | undefined)[] = [];
  for (let hurry = true; !signal.aborted; ) {
    const looking = lookAtAll(hurry);
    // On a busy machine looking takes long. What is known by then is told in time all the same: the agent lives.
    while ((await within(clock, dueMs(), looking)) === "timeout") {
      writtenMs = clock.monotonic();
      await write(promiseMs, trouble);
    }
    trouble = await looking;
    generation.look(vm.state === "running");
    if (asked !== undefined) {
      // Once more: what was looked up since may be another target.
      heal.take(asked, links.reports());
      links.hurry();
    }
    if (heal.look(links.reports())) changed = true;
    if ((changed && sinceWrite() >= writeGapMs) || sinceWrite() >= writeEveryMs) {
      changed = false;
      writtenMs = clock.monotonic();
      await write(promiseMs, trouble);
    }
    const before = readClocks(clock);
    const waitMs: number = changed || heal.isPending() ? writeGapMs : tickMs;
    await pause.for(waitMs);
    const now = readClocks(clock);
    const looked = timeJump(last, before, longestLookMs);
    const jump: TimeJump = looked.kind === "none" ? timeJump(before, now, waitMs) : looked;
    last = now;
    asked = await port.healWanted().catch(() => undefined);
    hurry = jump.kind === "slept" || asked !== undefined;
    if (jump.kind === "slept") log(`slept ${Math.round(jump.ms / 1000)} s: proving everything`);
    if (jump.kind === "clock-set") log("the clock was set back");
    if (asked !== undefined) log("asked to heal: proving everything");
    changed ||= hurry || jump.kind !== "none";
    if (hurry) links.hurry();
  }
  // Nobody looks after what it says from now on: stale at once.
  await write(-1_000, []);
  await links.stop();
  await port.close();
}
