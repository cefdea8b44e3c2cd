/** Millrace in this process as the database of a test file: in memory, or on a directory that survives a crash. */
import { userInfo } from 'node:os';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { type EngineServer, openEngine } from '../../src/engine/engine.ts';
import type { Session } from '../../src/engine/session.ts';
import { answerOf } from './collect.ts';
import type { Database } from './database.ts';

export const openServer = (directory: string | null): Promise<EngineServer> =>
  openEngine({
    directory,
    clock: systemClock,
    logger: silentLogger,
    threaded: false,
    operatingSystemUser: userInfo().username,
    version: '0.0.0-test',
    checkpointIntervalMs: 0,
  });

export const connectTo = (server: EngineServer): Session =>
  server.connect({
    user: 'millrace',
    database: 'millrace',
    parameters: new Map([['TimeZone', 'UTC']]),
    clientAddress: null,
    clientPort: null,
  });

export async function openMillrace(directory: string | null): Promise<Database> {
  let server = await openServer(directory);
  let session = connectTo(server);
  return {
    product: 'millrace',
    run: (sql) => answerOf(session, sql),
    async restart(afterCheckpoint) {
      if (afterCheckpoint) await server.checkpoint();
      await server.crash();
      server = await openServer(directory);
      session = connectTo(server);
    },
    async close() {
      session.close();
      await server.close();
    },
  };
}
