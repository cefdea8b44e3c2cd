/** Time comes from a `Clock` that is handed in, so that tests drive it. Nobody else calls `Date.now()`. */
export interface Clock {
  /** Microseconds since 1970-01-01 UTC. A safe integer until 2255. */
  nowMicros(): number;
}

export const systemClock: Clock = { nowMicros: () => Math.round((performance.timeOrigin + performance.now()) * 1000) };

/** A clock that stands still until told otherwise. */
export class ManualClock implements Clock {
  #micros: number;

  constructor(micros = 0) {
    this.#micros = micros;
  }

  nowMicros(): number {
    return this.#micros;
  }

  advance(micros: number): void {
    this.#micros += micros;
  }
}
