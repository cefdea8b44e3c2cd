/**
 * A throwaway PostgreSQL 15 for tests that hold us against the original: initdb into a temporary directory, no durability, one
 * local port. PostgreSQL refuses to run as root, so root hands it to the user `postgres`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../demo/server-process.ts';

/** Folder of `postgres` and `initdb` of major version 15, or null. Debian keeps it out of the PATH. */
export function postgresPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  const folders = [
    ...(existsSync(debian) ? readdirSync(debian).map((v) => join(debian, v, 'bin')) : []),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && isVersion15(folder)) ?? null;
}

function isVersion15(folder: string): boolean {
  try {
    return / 15\./.test(execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }));
  } catch {
    return false;
  }
}

export type PostgresServer = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  stop(): Promise<void>;
};

export async function startPostgres(programs: string): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-pg-'));
  const data = join(directory, 'data');
  const owner = process.getuid?.() === 0 ? ownerForRoot() : null;
  if (owner !== null) chownSync(directory, owner.uid, owner.gid);
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    {
      ...(owner ?? {}),
      cwd: directory,
      stdio: 'ignore',
    },
  );
  const port = await freePort();
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${directory}`,
    'max_connections=20',
  ];
  const child = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])],
    {
      ...(owner ?? {}),
      cwd: directory,
      stdio: 'ignore',
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = { host: '127.0.0.1', port, user: 'postgres' };
  await untilReady(address);
  return {
    ...address,
    async stop() {
      child.kill('SIGINT');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function ownerForRoot(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function untilReady(address: { host: string; port: number; user: string }): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ ...address, database: 'postgres' });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
