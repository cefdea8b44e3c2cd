/**
 * Long work in slices. A generator yields wherever it may be interrupted; `drive` runs it for a few milliseconds at a time
 * and lets the event loop breathe in between, so that the wire, cancel requests and ticks go on. Short work finishes in
 * the call itself and costs no promise.
 */
export const SLICE_MS = 4;

/** Steps of work ending in a `T`. */
export type Steps<T> = Generator<undefined, T, undefined>;

export function drive<T>(steps: Steps<T>): T | Promise<T> {
  const end = performance.now() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() > end) return driveOn(steps);
  }
}

async function driveOn<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const end = performance.now() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < end);
  }
}

/** Continues with `next` at once when `value` is there, or when its promise is. */
export function after<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
