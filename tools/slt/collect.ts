/** A `ResultSink` that keeps what a statement answered as text: how tools and tests use a session without a socket. */
import { type Notice, SqlError } from '../../src/base/errors.ts';
import type { ResultColumn, ResultSink, Session } from '../../src/engine/session.ts';
import { type Batch, weightAt } from '../../src/types/batch.ts';
import { valueAt } from '../../src/types/column.ts';
import type { FormatSettings } from '../../src/types/type.ts';
import { type Answer, typeLetter } from './database.ts';

export class CollectingSink implements ResultSink {
  columnsOfResult: readonly ResultColumn[] = [];
  rowsOfResult: (string | null)[][] = [];
  tag = '';
  readonly notices: Notice[] = [];

  columns(columns: readonly ResultColumn[]): void {
    this.columnsOfResult = columns;
    this.rowsOfResult = [];
  }

  rows(batch: Batch, from: number, to: number, format: FormatSettings): void {
    for (let i = from; i < to; i++) {
      const row = this.columnsOfResult.map(({ type }, c) => {
        const value = valueAt(batch.columns[c] as Batch['columns'][number], i);
        return value === null ? null : type.format(value, format);
      });
      for (let copies = weightAt(batch, i); copies > 0; copies--) this.rowsOfResult.push(row);
    }
  }

  complete(tag: string): void {
    this.tag = tag;
    // A statement without columns after one with some: its rows are not those of the one before.
    if (!/^(SELECT|INSERT|UPDATE|DELETE|SHOW|EXPLAIN|FETCH|VALUES)/.test(tag)) {
      this.columnsOfResult = [];
      this.rowsOfResult = [];
    }
  }

  suspended(): void {}
  emptyQuery(): void {}

  notice(notice: Notice): void {
    this.notices.push(notice);
  }

  parameterChanged(): void {}
}

/** Runs SQL through the simple protocol's door. Anything that is not a `SqlError` becomes XX000, as on the wire. */
export async function answerOf(session: Session, sql: string, sink = new CollectingSink()): Promise<Answer> {
  try {
    await session.query(sql, sink);
  } catch (error) {
    if (error instanceof SqlError) {
      const { position } = error.fields;
      return {
        kind: 'error',
        code: error.code,
        message: error.message,
        position: position === undefined ? null : position + 1,
      };
    }
    return {
      kind: 'error',
      code: 'XX000',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      position: null,
    };
  }
  const types = sink.columnsOfResult.map(({ type }) => typeLetter(type.oid)).join('');
  return { kind: 'rows', types, rows: sink.rowsOfResult, tag: sink.tag };
}
