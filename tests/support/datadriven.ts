/**
 * Data-driven tests: a `.dd` file is blocks of `command args / input / ---- / expected output`, separated by blank lines.
 *
 * Comments (`#`) and blocks without a rule pass through untouched. `UPDATE=1` rewrites the expected outputs in place;
 * review them with `git diff`. Errors are output too, with their SQLSTATE.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

export type Directive = {
  readonly command: string;
  readonly args: readonly string[];
  /** The lines between command and rule. */
  readonly input: string;
};

export type Handler = (directive: Directive) => string;

/** One test per `.dd` file of `directory`, each with a handler of its own. */
export function runDataDriven(directory: string, makeHandler: () => Handler): void {
  const files = readdirSync(directory).filter((name) => name.endsWith('.dd'));
  for (const name of files.sort()) test(name, () => runFile(join(directory, name), makeHandler()));
}

function runFile(path: string, handle: Handler): void {
  const before = readFileSync(path, 'utf8');
  const blocks = before.split(/\n{2,}/).map((block) => runBlock(block, handle));
  const after = `${blocks.join('\n\n').trimEnd()}\n`;
  if (process.env['UPDATE'] === '1') writeFileSync(path, after);
  else expect(after).toBe(before);
}

function runBlock(block: string, handle: Handler): string {
  const lines = block.split('\n');
  const start = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  const rule = lines.indexOf('----');
  if (start === -1 || rule === -1) return block;
  const [command = '', ...args] = (lines[start] as string).split(' ');
  const input = lines.slice(start + 1, rule).join('\n');
  return [...lines.slice(0, rule + 1), answer(handle, { command, args, input })].join('\n');
}

function answer(handle: Handler, directive: Directive): string {
  try {
    return handle(directive);
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    return `error: ${code ?? 'bug'}: ${message}`;
  }
}
