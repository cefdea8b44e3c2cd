/**
 * The demo's terminal: a progress line and a few small tables, drawn in place where there is a terminal, line by line where
 * there is none. Everything is cut to the window's size as it is at that moment.
 */
import type { Result } from './client.ts';

const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const CLEAR_ALL = '\x1b[2J';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const BOLD = '\x1b[1m';
const PLAIN = '\x1b[0m';

export const isTerminal = (): boolean => process.stdout.isTTY === true;

/** A table as psql would draw it, without its frame. */
export function tableLines(result: Result): string[] {
  const names = result.columns.map(({ name }) => name);
  const cells = result.rows.map((row) => row.map((value) => value ?? ''));
  const widths = names.map((name, c) => Math.max(name.length, ...cells.map((row) => (row[c] ?? '').length)));
  const isNumber = names.map((_, c) => cells.every((row) => /^-?[\d.]+$/.test(row[c] ?? '')));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => (isNumber[c] === true ? cell.padStart(widths[c] as number) : cell.padEnd(widths[c] as number)))
      .join('  ');
  return [line(names), ...cells.map(line)];
}

export function progressLine(done: number, total: number, note: string, width: number): string {
  const label = ` ${String(Math.floor((100 * done) / total)).padStart(3)} %  ${note}`;
  const room = Math.max(10, Math.min(40, width - label.length - 2));
  const full = Math.round((room * done) / total);
  return `${'█'.repeat(full)}${'░'.repeat(room - full)}${label}`;
}

export class Screen {
  #lines: readonly string[] = [];

  constructor() {
    process.stdout.write(`${HIDE_CURSOR}${CLEAR_ALL}`);
    process.stdout.on('resize', () => {
      process.stdout.write(CLEAR_ALL);
      this.draw(this.#lines);
    });
  }

  get width(): number {
    return process.stdout.columns || 80;
  }

  /** Shows `lines` from the top; a leading `*` makes a line bold. */
  draw(lines: readonly string[]): void {
    this.#lines = lines;
    const height = process.stdout.rows || 24;
    const cut = lines.slice(0, height - 1).map((line) => {
      const text = line.replace(/^\*/, '').slice(0, this.width - 1);
      return `${line.startsWith('*') ? `${BOLD}${text}${PLAIN}` : text}${CLEAR_LINE}`;
    });
    process.stdout.write(`${HOME}${cut.join('\n')}\n${CLEAR_BELOW}`);
  }

  close(): void {
    process.stdout.removeAllListeners('resize');
    process.stdout.write(SHOW_CURSOR);
  }
}
