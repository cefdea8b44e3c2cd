/**
 * Array literals: `{1,NULL,"a b"}`, nested for more dimensions, `[0:1]={5,6}` where bounds do not start at 1.
 * Text only; what an element means is its type's business.
 */
import { arraySubscriptError, invalidTextRepresentation, programLimitExceeded } from '../base/errors.ts';
import { isSpace, trimSpace } from './spaces.ts';

export const MAX_DIMENSIONS = 6;

/** Element texts in row-major order, null for NULL. No dimensions: the empty array. */
export type ArrayText = {
  readonly elements: readonly (string | null)[];
  readonly dimensions: readonly number[];
  readonly lowerBounds: readonly number[];
};

const malformed = (text: string, detail: string) =>
  invalidTextRepresentation(`malformed array literal: "${text}"`, { detail });

export const tooManyDimensions = (count: number) =>
  programLimitExceeded(`number of array dimensions (${count}) exceeds the maximum allowed (${MAX_DIMENSIONS})`);

export function parseArrayText(text: string): ArrayText {
  const bounds = readBounds(text);
  const reader = new ElementReader(text, bounds.end);
  const { elements, dimensions } = reader.read();
  if (bounds.dimensions === null) return { elements, dimensions, lowerBounds: dimensions.map(() => 1) };
  const same =
    dimensions.length === bounds.dimensions.length && dimensions.every((n, d) => n === bounds.dimensions?.[d]);
  if (!same) throw malformed(text, 'Specified array dimensions do not match array contents.');
  return { elements, dimensions, lowerBounds: bounds.lowerBounds };
}

type Bounds = { readonly dimensions: number[] | null; readonly lowerBounds: number[]; readonly end: number };

/** Reads `[l:u][l:u]=` where there is one. */
function readBounds(text: string): Bounds {
  let at = 0;
  while (isSpace(text[at])) at++;
  if (text[at] !== '[') {
    if (text[at] !== '{') throw malformed(text, 'Array value must start with "{" or dimension information.');
    return { dimensions: null, lowerBounds: [], end: at };
  }
  const dimensions: number[] = [];
  const lowerBounds: number[] = [];
  while (text[at] === '[') {
    const part = /^\[([+-]?\d+)(?::([+-]?\d*))?(\]?)/.exec(text.slice(at));
    if (part === null) throw malformed(text, '"[" must introduce explicitly-specified array dimensions.');
    if (part[2] === '') throw malformed(text, 'Missing array dimension value.');
    if (part[3] !== ']') throw malformed(text, 'Missing "]" after array dimensions.');
    const lower = part[2] === undefined ? 1 : Number(part[1]);
    const upper = Number(part[2] ?? part[1]);
    if (upper < lower) throw invalidBounds();
    if (dimensions.length === MAX_DIMENSIONS) throw tooManyDimensions(MAX_DIMENSIONS + 1);
    dimensions.push(upper - lower + 1);
    lowerBounds.push(lower);
    at += part[0].length;
    while (isSpace(text[at])) at++;
  }
  if (text[at] !== '=') throw malformed(text, 'Missing "=" after array dimensions.');
  at++;
  while (isSpace(text[at])) at++;
  if (text[at] !== '{') throw malformed(text, 'Array contents must start with "{".');
  return { dimensions, lowerBounds, end: at };
}

const invalidBounds = () => arraySubscriptError('upper bound cannot be less than lower bound');

/** Walks the braces once, collecting elements and checking that sub-arrays match in size. */
class ElementReader {
  readonly #text: string;
  #at: number;
  readonly #elements: (string | null)[] = [];
  /** Size of each level, set by the first sub-array that closes there. */
  readonly #dimensions: number[] = [];
  /** Depth at which elements stand, once one was seen. */
  #leafDepth = -1;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  read(): { elements: (string | null)[]; dimensions: number[] } {
    this.#readLevel(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#malformed('Junk after closing right brace.');
    if (this.#elements.length === 0) return { elements: [], dimensions: [] };
    return { elements: this.#elements, dimensions: this.#dimensions };
  }

  /** Reads `{ … }` starting at the brace. */
  #readLevel(depth: number): void {
    if (depth >= MAX_DIMENSIONS) throw tooManyDimensions(depth + 1);
    if (this.#leafDepth >= 0 && depth > this.#leafDepth) throw this.#mismatch();
    this.#at++;
    let count = 0;
    this.#skipSpace();
    if (this.#peek() === '}' && depth === 0) {
      this.#at++;
      return;
    }
    const holdsLevels = this.#peek() === '{';
    for (;;) {
      this.#skipSpace();
      const isLevel = this.#peek() === '{';
      if (isLevel && !holdsLevels) throw this.#malformed('Unexpected "{" character.');
      if (isLevel) this.#readLevel(depth + 1);
      else this.#readElement(depth, holdsLevels);
      count++;
      this.#skipSpace();
      const c = this.#peek();
      if (c === undefined) throw this.#endOfInput();
      this.#at++;
      if (c === '}') break;
      if (c !== ',')
        throw this.#malformed(c === '{' || c === '"' ? `Unexpected "${c}" character.` : 'Unexpected array element.');
    }
    this.#close(depth, count);
  }

  #close(depth: number, count: number): void {
    this.#dimensions[depth] ??= count;
    if (this.#dimensions[depth] !== count) throw this.#mismatch();
  }

  #readElement(depth: number, amongLevels: boolean): void {
    const c = this.#peek();
    if (c === undefined) throw this.#endOfInput();
    if (c === '}' || c === ',') throw this.#malformed(`Unexpected "${c}" character.`);
    if (amongLevels) throw this.#malformed('Unexpected array element.');
    if (this.#leafDepth < 0) this.#leafDepth = depth;
    else if (this.#leafDepth !== depth) throw this.#mismatch();
    this.#elements.push(c === '"' ? this.#readQuoted() : this.#readBare());
  }

  #readQuoted(): string {
    let out = '';
    for (this.#at++; ; this.#at++) {
      let c = this.#peek();
      if (c === '"') break;
      if (c === '\\') c = this.#text[++this.#at];
      if (c === undefined) throw this.#endOfInput();
      out += c;
    }
    this.#at++;
    return out;
  }

  #readBare(): string | null {
    let out = '';
    let kept = 0; // An escaped blank at the end is not trimmed.
    let escaped = false;
    for (; ; this.#at++) {
      let c = this.#peek();
      if (c === undefined) throw this.#endOfInput();
      if (c === ',' || c === '}') break;
      if (c === '{' || c === '"')
        throw this.#malformed(c === '{' ? 'Unexpected "{" character.' : 'Unexpected array element.');
      if (c === '\\') {
        escaped = true;
        c = this.#text[++this.#at];
        if (c === undefined) throw this.#endOfInput();
        kept = out.length + 1;
      } else if (!isSpace(c)) kept = out.length + 1;
      out += c;
    }
    out = out.slice(0, kept);
    return !escaped && out.toLowerCase() === 'null' ? null : out;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #skipSpace(): void {
    while (isSpace(this.#text[this.#at])) this.#at++;
  }

  #malformed(detail: string) {
    return malformed(this.#text, detail);
  }

  #mismatch() {
    return this.#malformed('Multidimensional arrays must have sub-arrays with matching dimensions.');
  }

  #endOfInput() {
    return this.#malformed('Unexpected end of input.');
  }
}

// --------------------------------------------------------------------------------------------------------- output

/** What must be quoted: nothing, the word NULL, and anything with braces, quotes, backslashes, commas or blanks. */
const quoteElement = (text: string): string =>
  text === '' || /[{}",\\ \t\n\v\f\r]/.test(text) || (text.length === 4 && text.toLowerCase() === 'null')
    ? `"${text.replace(/["\\]/g, '\\$&')}"`
    : text;

export function formatArrayText(array: ArrayText): string {
  const { elements, dimensions, lowerBounds } = array;
  if (dimensions.length === 0) return '{}';
  let next = 0;
  const level = (depth: number): string => {
    const parts: string[] = [];
    const isLeaf = depth === dimensions.length - 1;
    for (let i = 0; i < (dimensions[depth] as number); i++) {
      if (!isLeaf) parts.push(level(depth + 1));
      else {
        const element = elements[next++] as string | null;
        parts.push(element === null ? 'NULL' : quoteElement(element));
      }
    }
    return `{${parts.join(',')}}`;
  };
  const bounds = lowerBounds.every((lower) => lower === 1)
    ? ''
    : `${lowerBounds.map((lower, d) => `[${lower}:${lower + (dimensions[d] as number) - 1}]`).join('')}=`;
  return bounds + level(0);
}

/** `1 2 3`: the text of int2vector and oidvector. */
export const splitVector = (text: string): string[] => {
  const body = trimSpace(text);
  return body === '' ? [] : body.split(/[ \t\n\v\f\r]+/);
};
