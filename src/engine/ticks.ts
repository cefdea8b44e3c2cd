/**
 * The tick loop: the one place where anything changes.
 *
 * Transactions wait at the door. The loop takes all that wait, checks each against the state and those before it in the
 * group, logs the group as one tick, waits for the disk, runs the tick through every dataflow, and only then acknowledges. While
 * the disk works, the next group gathers: that is the group commit. Work that must read and write at one instant
 * (UPDATE, DELETE, DDL) takes the loop for itself.
 */
import type { RelationId, Tick } from '../base/ids.ts';
import type { Batch } from '../types/batch.ts';

/** Rows that come to (+) or leave (-) a base relation. The batch is owned by the change. */
export type Change = { readonly relation: RelationId; readonly batch: Batch };

export interface TickRunner {
  /** Checks the constraints of one transaction against the state and the transactions accepted before it in this group. Throws SqlError. */
  accept(changes: readonly Change[]): void;
  /** Forgets what `accept` remembered: the group is complete. */
  groupAccepted(): void;
  /** Logs the changes and resolves when they are safe on disk. */
  log(tick: Tick, changes: readonly Change[]): Promise<void>;
  /** Applies a logged tick to state and views. Must not fail for reasons a user can cause. */
  run(tick: Tick, changes: readonly Change[]): void;
}

type Waiting =
  | {
      readonly kind: 'changes';
      readonly changes: readonly Change[];
      readonly resolve: () => void;
      readonly reject: (error: unknown) => void;
    }
  | { readonly kind: 'exclusive'; readonly work: () => Promise<void> };

/** Changes per tick at which a group is closed, so that one tick stays short. */
const MAX_GROUP = 1024;

export class TickLoop {
  readonly #runner: TickRunner;
  #waiting: Waiting[] = [];
  #isRunning = false;
  #tick: Tick;
  #failure: unknown = null;

  constructor(runner: TickRunner, lastTick: Tick) {
    this.#runner = runner;
    this.#tick = lastTick;
  }

  /** The last tick whose effects are visible. */
  get tick(): Tick {
    return this.#tick;
  }

  /** Why nothing more is accepted, or null. State may be half way through a tick then, and must not be saved. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Resolves when the changes are durable and in every view; rejects, without any effect, when a constraint is violated. */
  submit(changes: readonly Change[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ kind: 'changes', changes, resolve, reject });
    });
  }

  /** Runs `work` while no tick runs. Inside, `commit` makes one tick of changes at once. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ kind: 'exclusive', work: () => work().then(resolve, reject) });
    });
  }

  /** One tick, from inside `exclusive` only. */
  async commit(changes: readonly Change[]): Promise<void> {
    this.#runner.accept(changes);
    this.#runner.groupAccepted();
    await this.#runTick(changes);
  }

  /** Recovery: `tick` was read from the log and has been run. */
  recovered(tick: Tick): void {
    this.#tick = tick;
  }

  /** Resolves when everything that waits now is done. */
  async drain(): Promise<void> {
    await this.exclusive(async () => {});
  }

  #enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#loop();
  }

  async #loop(): Promise<void> {
    while (this.#waiting.length > 0) {
      const first = this.#waiting[0] as Waiting;
      if (first.kind === 'exclusive') {
        this.#waiting.shift();
        await first.work();
      } else {
        await this.#runGroup(this.#takeGroup());
      }
    }
    this.#isRunning = false;
  }

  #takeGroup(): Extract<Waiting, { kind: 'changes' }>[] {
    const group: Extract<Waiting, { kind: 'changes' }>[] = [];
    for (const waiting of this.#waiting) {
      if (waiting.kind === 'exclusive' || group.length === MAX_GROUP) break;
      group.push(waiting);
    }
    this.#waiting = this.#waiting.slice(group.length);
    return group;
  }

  async #runGroup(group: readonly Extract<Waiting, { kind: 'changes' }>[]): Promise<void> {
    const accepted = group.filter(({ changes, reject }) => {
      try {
        if (this.#failure !== null) throw this.#failure;
        this.#runner.accept(changes);
        return true;
      } catch (error) {
        reject(error);
        return false;
      }
    });
    this.#runner.groupAccepted();
    if (accepted.length === 0) return;
    try {
      await this.#runTick(accepted.flatMap(({ changes }) => changes));
    } catch (error) {
      for (const { reject } of accepted) reject(error);
      return;
    }
    for (const { resolve } of accepted) resolve();
  }

  /** A tick that failed half way leaves views that disagree: nothing more is accepted, and a restart recovers from the log. */
  async #runTick(changes: readonly Change[]): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (changes.length === 0) return;
    const tick = (this.#tick + 1) as Tick;
    try {
      await this.#runner.log(tick, changes);
      this.#runner.run(tick, changes);
      this.#tick = tick;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}
