/**
 * The SQLite file: opening it, its settings, and the lock on its directory. The only importer of better-sqlite3.
 *
 * Writes go through a write-ahead log synced at every commit; the log is moved into the file by the writer when it is idle, not
 * by whichever commit happens to fill it. The lock is SQLite's own lock on a file beside it, which the operating system
 * releases with the process, however that ends.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { dataCorrupted, diskFull, ioError, lockFileExists, objectNotInPrerequisiteState } from '../base/errors.ts';
import { schemaSteps } from './migrations.ts';

export type Connection = SqliteDatabase.Database;
export type Statement = SqliteDatabase.Statement;

export const IN_MEMORY = ':memory:';

export const databaseFile = (directory: string): string => join(directory, 'millrace.db');

/** Opens the file, or a database in memory, and brings its schema up to date. */
export function openConnection(file: string): Connection {
  const connection = new SqliteDatabase(file);
  // Only a new file takes a page size: rows are blobs of many kilobytes, larger pages mean shorter overflow chains.
  connection.pragma('page_size = 8192');
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('wal_autocheckpoint = 0');
  connection.pragma('journal_size_limit = 67108864');
  migrate(connection);
  return connection;
}

/** Refuses a file of a newer version. Each step is a transaction with the version it leads to. */
function migrate(connection: Connection): void {
  const version = connection.pragma('user_version', { simple: true }) as number;
  if (version > schemaSteps.length) {
    throw objectNotInPrerequisiteState(
      `the database was written by a newer version (format ${version}, this version knows ${schemaSteps.length})`,
    );
  }
  for (let next = version; next < schemaSteps.length; next++) {
    connection.transaction(() => {
      connection.exec(schemaSteps[next] as string);
      connection.pragma(`user_version = ${next + 1}`);
    })();
  }
}

/** Moves the write-ahead log into the file, as far as readers allow. */
export const checkpointWal = (connection: Connection, mode: 'PASSIVE' | 'TRUNCATE'): void => {
  connection.pragma(`wal_checkpoint(${mode})`);
};

export function fileSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

export const walFile = (file: string): string => `${file}-wal`;

export type DirectoryLock = { release(): void };

/** Makes the directory if it is missing and takes it, or throws F0001 when another server, or this one, has it. */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const pidFile = join(directory, 'millrace.pid');
  const connection = new SqliteDatabase(join(directory, 'millrace.lock'), { timeout: 0 });
  try {
    connection.pragma('journal_mode = MEMORY');
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    throw isBusy(error) ? lockFileExists(directory, readPid(pidFile)) : storageError(error);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return { release: () => connection.close() };
}

const isBusy = (error: unknown): boolean =>
  error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');

function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch {
    return null;
  }
}

/** What SQLite throws, in the server's terms. Other errors pass as they are. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error;
  const { code, message } = error;
  if (code === 'SQLITE_FULL') return diskFull(`could not write to the database: ${message}`);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return dataCorrupted(message);
  return ioError(`database error: ${message} (${code})`);
}
