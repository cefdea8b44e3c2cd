/**
 * `npm run bench -- <name> [--json]`: runs one program of bench/. Each prints a table for people and, as its last line, one JSON
 * object for scripts; with --json only that line.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

type Bench = { run?: (options: { readonly json: boolean }) => Promise<void> };

const folder = join(import.meta.dirname, '../bench');
const load = async (name: string): Promise<Bench> =>
  (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as Bench;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.js') ? [file.slice(0, -3)] : []));
const name = positionals[0];
if (name === undefined || !names.includes(name))
  throw new Error(`usage: npm run bench -- <name> [--json]; names: ${names.join(', ')}`);
const { run } = await load(name);
if (run === undefined) throw new Error(`bench/${name}.ts exports no run()`);
await run({ json: values.json });
