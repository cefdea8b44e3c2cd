/** An answer on the terminal: a table in psql's manner, a command tag, or an error with a caret under its place. */
import type { Answer } from './slt/database.ts';

const NULL_SHOWN = '∅';

/** `names` are the columns' names. */
export function printAnswer(sql: string, names: readonly string[], answer: Answer): void {
  if (answer.kind === 'error') {
    console.log(`ERROR:  ${answer.code}: ${answer.message}`);
    if (answer.position !== null) console.log(pointTo(sql, answer.position));
    return;
  }
  if (names.length > 0) console.log(table(names, answer.rows));
  console.log(answer.tag);
}

function table(names: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const cells = rows.map((row) => row.map((value) => value ?? NULL_SHOWN));
  const widths = names.map((name, c) =>
    cells.reduce((width, row) => Math.max(width, (row[c] ?? '').length), name.length),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => cell.padEnd(widths[c] as number))
      .join(' | ')
      .trimEnd();
  return [line(names), widths.map((width) => '-'.repeat(width)).join('-+-'), ...cells.map(line)].join('\n');
}

/** The line the position is in, and a caret under it. `position` counts characters from 1. */
function pointTo(sql: string, position: number): string {
  const before = [...sql].slice(0, position - 1).join('');
  const start = before.lastIndexOf('\n') + 1;
  const line = sql.slice(start).split('\n')[0] as string;
  return `${line}\n${' '.repeat([...before.slice(start)].length)}^`;
}
