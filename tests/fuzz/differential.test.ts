/**
 * Random schemas, queries and changes: after every tick each view, and each query asked afresh, must say what PostgreSQL
 * (PGlite) says to the same SELECT. The seed is printed; `npm run fuzz -- --seed n [--seconds s]` runs it again and writes what
 * it finds, made small, to sqllogic/issues/.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzzCase } from './cases.ts';
import { openOracle, runCase } from './run-case.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 45);

let oracle: PGlite;
beforeAll(async () => {
  oracle = await openOracle();
});
afterAll(() => oracle.close());

test(
  `views and queries agree with PostgreSQL after every tick (seed ${seed})`,
  async () => {
    let cases = 0;
    const property = fc.asyncProperty(fuzzCase, async (candidate) => {
      cases++;
      const found = await runCase(oracle, candidate);
      if (found !== null) throw new Error(`${found.why}\n\n${found.slt}`);
    });
    const result = await fc.check(property, {
      seed,
      numRuns: 1_000_000,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    });
    console.log(`differential fuzz: seed ${seed}, ${cases} cases`);
    const message = result.errorInstance instanceof Error ? result.errorInstance.message : '';
    if (result.failed && process.env['FUZZ_WRITE'] === '1') writeIssue(message);
    expect(result.failed ? `seed ${seed}\n${message}` : '').toBe('');
    expect(cases).toBeGreaterThan(10);
  },
  (seconds + 120) * 1000,
);

function writeIssue(message: string): void {
  mkdirSync('sqllogic/issues', { recursive: true });
  const file = `sqllogic/issues/fuzz-${seed}.slt`;
  writeFileSync(file, message.slice(message.indexOf('# Found by')));
  console.log(`written to ${file}`);
}
