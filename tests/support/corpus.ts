/** The corpus as tests: one test per file and mode, named after the file. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase, sltFiles } from '../../tools/slt/corpus.ts';
import type { Database } from '../../tools/slt/database.ts';
import { readSltFile } from '../../tools/slt/records.ts';
import { type Mode, runFile } from '../../tools/slt/run.ts';

const root = join(import.meta.dirname, '../..');

export function describeCorpus(mode: Mode, open: () => Promise<Database> = () => openDatabase(mode)): void {
  describe(`the corpus, ${mode}`, () => {
    for (const path of sltFiles('sqllogic')) {
      test(path.replace(/^sqllogic\//, ''), async () => {
        const database = await open();
        const report = await runFile(readSltFile(join(root, path)), mode, database).finally(() => database.close());
        expect(report.failures.join('\n\n')).toBe('');
      });
    }
  });
}
