/** Looking into the text of a json value (which is known to be valid) without reading it as a whole: json keeps its spelling. */
import { parseJsonValue } from '../../types/json.ts';

/** A part of the text, blanks around it left out. */
export type JsonPart = { readonly start: number; readonly end: number };
export type JsonMember = JsonPart & { readonly key: string };

const isBlank = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9;

export function skipBlanks(s: string, at: number): number {
  let i = at;
  while (isBlank(s.charCodeAt(i))) i++;
  return i;
}

function stringEnd(s: string, at: number): number {
  let i = at + 1;
  while (s[i] !== '"') i += s[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** The end of the value that starts at `at`. */
function valueEnd(s: string, at: number): number {
  const c = s[at];
  if (c === '"') return stringEnd(s, at);
  let i = at;
  if (c !== '{' && c !== '[') {
    while (i < s.length && !/[\s,\]}]/.test(s[i] as string)) i++;
    return i;
  }
  let depth = 0;
  for (;;) {
    const d = s[i];
    if (d === '"') {
      i = stringEnd(s, i);
      continue;
    }
    if (d === '{' || d === '[') depth++;
    if (d === '}' || d === ']') depth--;
    i++;
    if (depth === 0) return i;
  }
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

export function kindOf(s: string): JsonKind {
  const c = s[skipBlanks(s, 0)];
  if (c === '{') return 'object';
  if (c === '[') return 'array';
  if (c === '"') return 'string';
  if (c === 't' || c === 'f') return 'boolean';
  return c === 'n' ? 'null' : 'number';
}

/** The members of an object, in order, duplicates included. */
export function* membersOf(s: string): Generator<JsonMember> {
  let at = skipBlanks(s, skipBlanks(s, 0) + 1);
  while (s[at] !== '}') {
    const keyEnd = stringEnd(s, at);
    const key = parseJsonValue(s.slice(at, keyEnd)) as string;
    const start = skipBlanks(s, skipBlanks(s, keyEnd) + 1);
    const end = valueEnd(s, start);
    yield { key, start, end };
    at = skipBlanks(s, end);
    if (s[at] === ',') at = skipBlanks(s, at + 1);
  }
}

/** The elements of an array, in order. */
export function* elementsOf(s: string): Generator<JsonPart> {
  let at = skipBlanks(s, skipBlanks(s, 0) + 1);
  while (s[at] !== ']') {
    const end = valueEnd(s, at);
    yield { start: at, end };
    at = skipBlanks(s, end);
    if (s[at] === ',') at = skipBlanks(s, at + 1);
  }
}

/** The text of a member, the last one of that name, or null. */
export function memberText(s: string, key: string): string | null {
  if (kindOf(s) !== 'object') return null;
  let found: JsonMember | null = null;
  for (const member of membersOf(s)) if (member.key === key) found = member;
  return found === null ? null : s.slice(found.start, found.end);
}

/** The text of an element (from the end when negative), or null. */
export function elementText(s: string, index: number): string | null {
  if (kindOf(s) !== 'array') return null;
  const elements = [...elementsOf(s)];
  const part = elements.at(index);
  return part === undefined || index >= elements.length ? null : s.slice(part.start, part.end);
}

/** A json value as SQL text: strings without quotes, JSON null as NULL, everything else as written. */
export function jsonAsText(s: string): string | null {
  const kind = kindOf(s);
  if (kind === 'null') return null;
  return kind === 'string' ? (parseJsonValue(s) as string) : s;
}
