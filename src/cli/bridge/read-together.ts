/**
 * Reads anew for everybody who asks, and once for all who ask while it is being read: what they get was read after they
 * asked. However many ask, there is one reading at a time.
 */
export function readTogether<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<void> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const reading = read();
    const over = (): void => {
      running = undefined;
    };
    running = reading.then(over, over);
    return reading;
  };
  return () => {
    if (next) return next;
    if (!running) return begin();
    next = running.then(begin);
    return next;
  };
}
