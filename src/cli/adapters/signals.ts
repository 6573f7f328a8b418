/** What a person, a supervisor or a closing terminal sends to end, interrupt or nudge a program. */
const passedSignals = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
] as const satisfies readonly NodeJS.Signals[];

export type PassedSignal = (typeof passedSignals)[number];

/**
 * While a program of the guest runs in ascalon's place, signals are the program's: every other listener is set
 * aside, also the one that ends ascalon at the second Ctrl-C. The returned function puts them back.
 */
export function takeSignals(process: NodeJS.Process, onSignal: (signal: PassedSignal) => void): () => void {
  const restore = passedSignals.map((name) => {
    const others = process.listeners(name);
    const mine = (): void => onSignal(name);
    process.on(name, mine);
    for (const other of others) process.off(name, other);
    return () => {
      for (const other of others) process.on(name, other);
      process.off(name, mine);
    };
  });
  return () => {
    for (const putBack of restore) putBack();
  };
}
