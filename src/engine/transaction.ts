/**
 * The transaction of a session: a buffer of changes that become one tick at COMMIT, and the marks of savepoints in it.
 *
 * `implicit` is the block around the statements of one simple query, or of extended messages up to Sync; `explicit` began with
 * BEGIN. A failed explicit block takes nothing but its end.
 */
import { SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import type { GroupConstraints } from './constraints.ts';
import type { Steps } from './slices.ts';
import type { Change } from './ticks.ts';

/** Computes a statement's changes once more, after those of the earlier statements of its block. */
export type Rerun = (earlier: readonly Change[]) => Steps<readonly Change[]>;

export type TransactionState = 'none' | 'implicit' | 'explicit' | 'failed';

export class Transaction {
  #state: TransactionState = 'none';
  #changes: Change[] = [];
  #reruns: Rerun[] = [];
  /** What the keys look like after the first `checked` changes; made when first needed. */
  #constraints: GroupConstraints | null = null;
  #checked = 0;
  #savepoints: { readonly name: string; readonly changes: number }[] = [];
  isReadOnly = false;
  /** When the block began, µs since 2000: now(). */
  startedAt = 0;

  get state(): TransactionState {
    return this.#state;
  }

  get isExplicit(): boolean {
    return this.#state === 'explicit' || this.#state === 'failed';
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  beginImplicit(now: number): void {
    if (this.#state !== 'none') return;
    this.#state = 'implicit';
    this.startedAt = now;
  }

  /** Also turns an implicit block into an explicit one, as BEGIN inside a multi-statement query does. */
  beginExplicit(now: number, isReadOnly: boolean): void {
    if (this.#state === 'none') this.startedAt = now;
    this.#state = 'explicit';
    this.isReadOnly = isReadOnly;
  }

  /** Throws if `changes`, after what is buffered, violate a key. Each change is judged once, however long the block grows. */
  check(changes: readonly Change[], newConstraints: () => GroupConstraints): void {
    this.#constraints ??= newConstraints();
    this.#constraints.accept([...this.#changes.slice(this.#checked), ...changes]);
    this.#checked = this.#changes.length + changes.length;
  }

  /** `rerun` serves implicit blocks: when another transaction came in between, the statements are repeated rather than refused. */
  add(changes: readonly Change[], rerun: Rerun): void {
    for (const change of changes) this.#changes.push(change);
    this.#reruns.push(rerun);
  }

  get reruns(): readonly Rerun[] {
    return this.#reruns;
  }

  fail(): void {
    if (this.#state === 'explicit') this.#state = 'failed';
  }

  /** Ends the block and gives back what it buffered. */
  end(): readonly Change[] {
    const changes = this.#changes;
    this.#state = 'none';
    this.#changes = [];
    this.#reruns = [];
    this.#savepoints = [];
    this.#forgetChecks();
    this.isReadOnly = false;
    return changes;
  }

  savepoint(name: string): void {
    this.#savepoints.push({ name, changes: this.#changes.length });
  }

  release(name: string): void {
    this.#savepoints = this.#savepoints.slice(0, this.#find(name));
  }

  rollbackTo(name: string): void {
    const index = this.#find(name);
    const mark = this.#savepoints[index] as { changes: number };
    this.#changes = this.#changes.slice(0, mark.changes);
    this.#savepoints = this.#savepoints.slice(0, index + 1);
    this.#state = 'explicit';
    this.#forgetChecks();
  }

  #forgetChecks(): void {
    this.#constraints = null;
    this.#checked = 0;
  }

  #find(name: string): number {
    for (let i = this.#savepoints.length - 1; i >= 0; i--) if (this.#savepoints[i]?.name === name) return i;
    throw new SqlError(SqlState.savepointException, `savepoint "${name}" does not exist`);
  }
}
