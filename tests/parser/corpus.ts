/** The statements the parser's tests run over: two files beside this one, and the recorded ones of clients. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The statements of a file here: one a line, empty lines and lines that begin with `-- ` left out. */
export function readStatements(file: 'postgres.sql' | 'streaming.sql'): string[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('-- '));
}

/**
 * What clients were seen to send: `statements.jsonl` in the folder that MILLRACE_COMPAT names. Null, with a line
 * saying so, when the variable is not set.
 */
export function readRecorded(): string[] | null {
  const folder = process.env['MILLRACE_COMPAT'];
  if (folder === undefined || !existsSync(join(folder, 'statements.jsonl'))) {
    console.log('MILLRACE_COMPAT names no folder with statements.jsonl: recorded statements are skipped');
    return null;
  }
  const lines = readFileSync(join(folder, 'statements.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { sql: string }).sql);
}
