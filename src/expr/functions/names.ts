/** Qualified names in text, as to_regclass and parse_ident read them: folded unless quoted. */
import { invalidName } from '../../base/errors.ts';

const part = /\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s*/y;

/** `a."B".c` to its parts. Throws 42602. */
export function splitQualifiedName(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) throw invalidName('invalid name syntax');
    parts.push(match[1] === undefined ? (match[2] as string).toLowerCase() : match[1].replaceAll('""', '"'));
    at = part.lastIndex;
    if (at === text.length) return parts;
    if (text[at] !== '.') throw invalidName('invalid name syntax');
    at++;
  }
}
