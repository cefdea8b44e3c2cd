/** The files of the corpus, and a database for each of them in each mode. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from './database.ts';
import type { Mode } from './run.ts';

export function sltFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.slt'))
    .map((file) => join(folder, file))
    .sort();
}

/** `*` stands for anything but a slash, `**` for anything; a pattern without stars is a part of the path. */
export function matchesGlob(path: string, glob: string): boolean {
  if (!glob.includes('*')) return path.includes(glob);
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*/g, (stars) => (stars === '*' ? '[^/]*' : '.*'));
  return new RegExp(`(^|/)${pattern}$`).test(path);
}

/** Opens the database for a file. Imports only what the mode needs. */
export async function openDatabase(mode: Mode): Promise<Database> {
  switch (mode) {
    case 'postgres': {
      const { openPostgres, postgresAddress } = await import('./postgres.ts');
      return openPostgres(postgresAddress());
    }
    case 'wire': {
      const { openWire } = await import('./wire.ts');
      return openWire();
    }
    case 'recover':
      return onDirectory();
    default: {
      const { openMillrace } = await import('./millrace.ts');
      return openMillrace(null);
    }
  }
}

async function onDirectory(): Promise<Database> {
  const { openMillrace } = await import('./millrace.ts');
  const directory = mkdtempSync(join(tmpdir(), 'millrace-slt-'));
  const database = await openMillrace(directory);
  return {
    ...database,
    async close() {
      await database.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
