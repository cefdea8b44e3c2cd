/**
 * A PostgreSQL of the same machine to measure against: a fresh cluster in a temporary folder, default settings, TCP on
 * loopback. It refuses to run as root, so root hands it to the user `postgres`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../demo/server-process.ts';

export type Peer = { readonly version: string; readonly port: number; stop(): Promise<void> };

/** The folder that holds `program`, from PATH or where Debian keeps PostgreSQL's; null when there is none. */
export function folderOf(program: string): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...versions.map((v) => join(debian, v, 'bin'))];
  return folders.find((folder) => folder !== '' && existsSync(join(folder, program))) ?? null;
}

/** Null, with a line that says why, when there is no PostgreSQL to start. */
export async function startPeer(): Promise<Peer | null> {
  const programs = folderOf('initdb');
  if (programs === null) {
    console.log('no initdb found: PostgreSQL is not measured');
    return null;
  }
  const directory = mkdtempSync(join(tmpdir(), 'millrace-peer-'));
  const owner = process.getuid?.() === 0 ? userPostgres() : null;
  if (owner !== null) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const options = { ...owner, cwd: directory, stdio: 'ignore' } as const;
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], options);
  const port = await freePort();
  const child = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-h', '127.0.0.1', '-p', `${port}`, '-k', directory],
    options,
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilReady(port);
  return {
    version: execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).trim(),
    port,
    async stop() {
      child.kill('SIGINT');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function userPostgres(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function untilReady(port: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    try {
      runSql(port, 'select 1');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('PostgreSQL does not answer');
}

/** Runs statements through psql as the user `postgres`; throws with its words when one fails. */
export function runSql(port: number, sql: string): string {
  const login = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', '-d', 'postgres'];
  const options = ['-XAqt', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
  return execFileSync('psql', [...login, ...options], { encoding: 'utf8', input: sql, stdio: 'pipe' });
}
