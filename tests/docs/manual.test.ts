/** The generated pages of the manual are those the registries would generate now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionsPage } from '../../tools/manual/functions-page.ts';

test('docs/manual/functions.md is up to date (npm run manual)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/manual/functions.md'), 'utf8');
  expect(page === functionsPage()).toBe(true);
});
