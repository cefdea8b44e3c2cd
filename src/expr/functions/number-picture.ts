/**
 * Format pictures for numbers (`FM999,990.00`), as formatting.c reads them: digits 9 and 0, separators , . G D, signs S MI PL SG PR,
 * L RN TH V and text. EEEE is not supported, as it is not for most types in PostgreSQL either.
 */
import { featureNotSupported, SqlError, syntaxError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { toInt } from '../../types/int64.ts';
import {
  absNumeric,
  formatNumeric,
  isFiniteNumeric,
  mulNumeric,
  Numeric,
  parseNumeric,
  roundNumeric,
  signNumeric,
} from '../../types/numeric.ts';

type Token = {
  readonly kind: '9' | '0' | ',' | '.' | 'S' | 'MI' | 'PL' | 'SG' | 'PR' | 'L' | 'RN' | 'TH' | 'V' | 'B' | 'text';
  readonly text: string;
};

type Picture = {
  readonly tokens: readonly Token[];
  readonly compact: boolean;
  /** Digits before and after the point, and multiplied in by V. */
  readonly before: number;
  readonly after: number;
  readonly shift: number;
  /** Index (among the digits before the point) of the first 0; `before` when there is none. */
  readonly zeroFrom: number;
  readonly sign: 'none' | 'S' | 'MI' | 'PL' | 'SG' | 'PR';
};

const WORDS = ['MI', 'PL', 'SG', 'PR', 'RN', 'TH', 'FM', 'EEEE'];

const pictures = new Map<string, Picture>();

function pictureOf(text: string): Picture {
  let picture = pictures.get(text);
  if (picture === undefined) {
    picture = readPicture(text);
    if (pictures.size > 1000) pictures.clear();
    pictures.set(text, picture);
  }
  return picture;
}

function readTokens(text: string): { tokens: Token[]; compact: boolean } {
  const tokens: Token[] = [];
  let compact = false;
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const quoted = /^"((?:[^"\\]|\\.)*)"?/s.exec(rest);
    if (quoted !== null) {
      tokens.push({ kind: 'text', text: (quoted[1] as string).replaceAll(/\\(.)/gs, '$1') });
      at += quoted[0].length;
      continue;
    }
    const upper = rest.slice(0, 4).toUpperCase();
    const word = WORDS.find((each) => upper.startsWith(each));
    if (word === 'EEEE') throw featureNotSupported('"EEEE" is not supported in number pictures');
    if (word === 'FM') compact = true;
    else if (word !== undefined) tokens.push({ kind: word as Token['kind'], text: rest.slice(0, 2) });
    else tokens.push(singleToken(rest[0] as string));
    at += word?.length ?? 1;
  }
  return { tokens, compact };
}

function singleToken(c: string): Token {
  const upper = c.toUpperCase();
  if (upper === 'D') return { kind: '.', text: '.' };
  if (upper === 'G') return { kind: ',', text: ',' };
  const isToken = '90,.SLVB'.includes(upper);
  return { kind: (isToken ? upper : 'text') as Token['kind'], text: c };
}

function readPicture(text: string): Picture {
  const { tokens, compact } = readTokens(text);
  let before = 0;
  let after = 0;
  let shift = 0;
  let zeroFrom = -1;
  let place: 'before' | 'after' | 'shift' = 'before';
  for (const { kind } of tokens) {
    if (kind === '.') {
      if (place === 'after') throw syntaxError('multiple decimal points');
      place = 'after';
    } else if (kind === 'V') place = 'shift';
    else if (kind === '9' || kind === '0') {
      if (place === 'after') after++;
      else {
        if (kind === '0' && zeroFrom < 0) zeroFrom = before;
        before++;
        if (place === 'shift') shift++;
      }
    }
  }
  const sign = tokens.find(({ kind }) => ['S', 'MI', 'PL', 'SG', 'PR'].includes(kind))?.kind ?? 'none';
  return {
    tokens,
    compact,
    before,
    after,
    shift,
    zeroFrom: zeroFrom < 0 ? before : zeroFrom,
    sign: sign as Picture['sign'],
  };
}

// -------------------------------------------------------------------------------------------------------- to_char

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function roman(n: number): string {
  if (n < 1 || n > 3999) return '#'.repeat(15);
  let rest = n;
  let out = '';
  for (const [value, letters] of ROMAN) {
    while (rest >= value) {
      out += letters;
      rest -= value;
    }
  }
  return out;
}

export function numericToChar(value: Numeric, text: string): string {
  const picture = pictureOf(text);
  if (picture.tokens.some(({ kind }) => kind === 'RN')) {
    const n = Number(roundNumeric(value, 0).coefficient);
    const shown = roman(n);
    const lower = picture.tokens.find(({ kind }) => kind === 'RN')?.text === 'rn';
    const cased = lower ? shown.toLowerCase() : shown;
    return picture.compact ? cased : cased.padStart(15);
  }
  const scaled =
    picture.shift > 0 && isFiniteNumeric(value) ? mulNumeric(value, new Numeric(10 ** picture.shift, 0)) : value;
  const isNegative = signNumeric(value) < 0;
  const rounded = isFiniteNumeric(scaled) ? formatNumeric(roundNumeric(absNumeric(scaled), picture.after)) : '';
  const [whole = '', fraction = ''] = rounded.split('.');
  const fits = isFiniteNumeric(value) && whole.replace(/^0+/, '').length <= picture.before;
  const digits = whole === '0' ? '' : whole;
  const isZero = fits && /^0*$/.test(digits + fraction);
  return layOut(picture, fits ? digits : null, fits ? fraction : '', isNegative && !isZero);
}

/** Fills the digits into the picture. `digits` null: `#` in place of each. */
function layOut(picture: Picture, digits: string | null, fraction: string, isNegative: boolean): string {
  const { tokens, compact, before, after, zeroFrom, sign } = picture;
  const start = digits === null ? 0 : Math.min(before - digits.length, zeroFrom);
  // With no digit before the point a picture without decimals still shows the last one.
  const first = digits === '' && after === 0 ? Math.min(start, before - 1) : start;
  const padded = (digits ?? '').padStart(before, '0');
  const lastShown = lastFraction(picture, fraction);
  const signText = isNegative ? '-' : sign === 'S' || sign === 'SG' ? '+' : ' ';
  const floats = sign === 'none' || sign === 'PR' || sign === 'PL' || (sign === 'S' && leads(tokens));
  const opening = sign === 'PR' ? (isNegative ? '<' : ' ') : signText;
  let out = '';
  let place = 0;
  let decimals = 0;
  let isSigned = !floats;
  let isAfter = false;
  const putSign = (): void => {
    if (!isSigned && !(compact && opening === ' ')) out += opening;
    isSigned = true;
  };
  for (const token of tokens) {
    switch (token.kind) {
      case '9':
      case '0':
        if (isAfter) {
          if (decimals < lastShown) out += digits === null ? '#' : (fraction[decimals] ?? '0');
          decimals++;
        } else {
          if (place === first) putSign();
          if (place >= first) out += digits === null ? '#' : (padded[place] as string);
          else if (!compact) out += ' ';
          place++;
        }
        break;
      case ',':
        if (place > first) out += ',';
        else if (!compact) out += ' ';
        break;
      case '.':
        isAfter = true;
        putSign();
        out += '.';
        break;
      case 'S':
        if (!leads(tokens)) out += isNegative ? '-' : '+';
        break;
      case 'MI':
        out += isNegative ? '-' : compact ? '' : ' ';
        break;
      case 'PL':
        out += isNegative ? (compact ? '' : ' ') : '+';
        break;
      case 'SG':
        out += isNegative ? '-' : '+';
        break;
      case 'PR':
        out += isNegative ? '>' : compact ? '' : ' ';
        break;
      case 'TH':
        out += isNegative || after > 0 ? '' : cased(token.text, ordinal(padded));
        break;
      case 'L':
        out += compact ? '' : ' ';
        break;
      case 'V':
      case 'B':
      case 'RN':
        break;
      default:
        out += token.text;
    }
  }
  return out;
}

const cased = (like: string, text: string): string => (like === like.toUpperCase() ? text.toUpperCase() : text);

function ordinal(digits: string): string {
  const n = Number(digits.slice(-2));
  if (n >= 11 && n <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th';
}

const leads = (tokens: readonly Token[]): boolean => {
  const at = tokens.findIndex(({ kind }) => kind === 'S');
  return at >= 0 && !tokens.slice(0, at).some(({ kind }) => kind === '9' || kind === '0' || kind === '.');
};

/** Compact pictures drop zeros at the end that stand in places written 9. */
function lastFraction(picture: Picture, fraction: string): number {
  if (!picture.compact) return picture.after;
  const at = picture.tokens.findIndex(({ kind }) => kind === '.');
  const places = picture.tokens.slice(at + 1).filter(({ kind }) => kind === '9' || kind === '0');
  let last = picture.after;
  while (last > 0 && (fraction[last - 1] ?? '0') === '0' && places[last - 1]?.kind === '9') last--;
  return last;
}

// ------------------------------------------------------------------------------------------------------ to_number

/** Reads digits where the picture has digits; separators are passed over, a sign may stand anywhere the picture allows. */
export function numberByPicture(text: string, picture: string): Numeric | null {
  if (picture === '') return null;
  const { tokens, shift } = pictureOf(picture);
  let at = 0;
  let isNegative = false;
  let whole = '';
  let fraction = '';
  let isAfter = false;
  const sign = (): void => {
    while (/[\s]/.test(text[at] ?? '')) at++;
    const c = text[at];
    if (c === '-' || c === '<') isNegative = true;
    if (c === '-' || c === '+' || c === '<') at++;
  };
  for (const { kind } of tokens) {
    if (at >= text.length) break;
    if (kind === '9' || kind === '0') {
      if (whole === '' && !isAfter) sign();
      const c = text[at] as string;
      if (c === '.' && !isAfter && tokens.some((t) => t.kind === '.')) continue;
      if (!/\d/.test(c)) continue;
      if (isAfter) fraction += c;
      else whole += c;
      at++;
    } else if (kind === '.') {
      isAfter = true;
      if (text[at] === '.') at++;
    } else if (kind === ',') {
      if (text[at] === ',') at++;
    } else if (kind === 'S' || kind === 'MI' || kind === 'SG' || kind === 'PL' || kind === 'PR') sign();
    else if (kind !== 'V' && kind !== 'TH') at++;
  }
  if (whole + fraction === '') {
    throw new SqlError(SqlState.invalidTextRepresentation, 'invalid input syntax for type numeric: " "');
  }
  const value = parseNumeric(
    `${isNegative ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`,
  );
  return shift === 0 ? value : new Numeric(toInt(BigInt(value.coefficient)), value.scale + shift);
}
