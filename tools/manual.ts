/**
 * `npm run manual`: writes docs/manual/functions.md from the registries, where every function, operator, aggregate and table
 * function carries its own sentence and examples. `tests/docs/manual.test.ts` fails when the page is behind the registries.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { functionsPage } from './manual/functions-page.ts';

mkdirSync('docs/manual', { recursive: true });
writeFileSync('docs/manual/functions.md', functionsPage());
console.log('docs/manual/functions.md');
