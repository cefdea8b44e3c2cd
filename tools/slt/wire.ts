/** The built server over TCP as the database of a test file: a process of its own on a fresh directory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startServer } from '../../demo/server-process.ts';
import type { Database } from './database.ts';
import { WireClient } from './wire-client.ts';

/** Settings that change how values are shown; the binary form does not know them. */
const changesFormat = (sql: string): boolean => /^\s*SET\b/i.test(sql) && !/timezone\W+(to\W+|=\W*)?utc/i.test(sql);

export async function openWire(): Promise<Database> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-wire-'));
  const server = await startServer(join(process.cwd(), 'dist/src/main.js'), directory, await freePort());
  const client = await WireClient.connect({ host: '127.0.0.1', port: server.port });
  let binary = true;
  return {
    product: 'millrace',
    run(sql) {
      if (changesFormat(sql)) binary = false;
      return client.run(sql, binary);
    },
    async close() {
      client.close();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
