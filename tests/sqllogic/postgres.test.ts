/** The corpus against PostgreSQL 15 itself, so that its expected rows are facts and not opinions. Runs where PostgreSQL 15 is installed. */
import { afterAll, beforeAll, describe } from 'vitest';
import { openPostgres } from '../../tools/slt/postgres.ts';
import { describeCorpus } from '../support/corpus.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../support/postgres-server.ts';

const programs = postgresPrograms();

describe.skipIf(programs === null)('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(programs as string);
  });
  afterAll(() => server.stop());
  describeCorpus('postgres', () => openPostgres(server));
});
