/** Tokens by the rules of PostgreSQL's scanner. */
import { expect, test } from 'vitest';
import { tokenize } from '../../src/parser/lexer.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { TokenKind } from '../../src/parser/token.ts';

/** Kind and value of every token but the end. */
function tokens(sql: string): string[] {
  const { kinds, values, error } = tokenize(sql);
  if (error !== null) throw error;
  const names = Object.entries(TokenKind);
  return values.slice(0, -1).map((value, i) => `${names.find(([, kind]) => kind === kinds[i])?.[0]} ${value}`);
}

const values = (sql: string) => tokens(sql).map((token) => token.slice(token.indexOf(' ') + 1));

test('unquoted names fold to lower case in ASCII only', () => {
  expect(tokens('Abc "Abc" ÉCOLE _a$1')).toEqual(['word abc', 'quoted Abc', 'word École', 'word _a$1']);
});

test('names are cut at 63 bytes and never inside a character', () => {
  expect(values(`${'A'.repeat(70)} "${'é'.repeat(40)}" "${'a'.repeat(62)}é"`)).toEqual([
    'a'.repeat(63),
    'é'.repeat(31),
    'a'.repeat(62),
  ]);
});

test('backticks quote names as double quotes do', () => {
  expect(tokens('`Select` `a``b`')).toEqual(['quoted Select', 'quoted a`b']);
});

test('strings go on behind a line end and nowhere else', () => {
  expect(values("'a'\n  'b' -- c\n 'd'")).toEqual(['abd']);
  expect(values("'a' 'b'")).toEqual(['a', 'b']);
  expect(values("E'a'\n'\\n' B'0'\n'1'")).toEqual(['a\n', 'b01']);
});

test('escape strings know the escapes of C, bytes and code points', () => {
  expect(values(String.raw`E'\b\f\n\r\t\v\\\'\q'`)).toEqual(["\b\f\n\r\t\v\\'q"]);
  expect(values(String.raw`E'\x41\101\u00e9\U0001F600\ud83d\ude00'`)).toEqual(['AAé😀😀']);
  expect(values(String.raw`E'\xc3\xa9' E'\x'`)).toEqual(['é', 'x']);
});

test('plain strings leave backslashes alone', () => {
  expect(values(String.raw`'a\nb\' 'it''s'`)).toEqual([String.raw`a\nb\ `.trim(), "it's"]);
});

test('U& strings and names decode with their escape character', () => {
  expect(tokens(String.raw`U&'d\0061t\+000061' U&"d!0061t" UESCAPE '!' U&'\\' u&x`)).toEqual([
    'string data',
    'quoted dat',
    'string \\',
    'word u',
    'operator &',
    'word x',
  ]);
});

test('dollar quotes hold anything but their tag', () => {
  expect(values("$$a'b$$ $x$ $$ $y$ $x$ $é$1$é$")).toEqual(["a'b", ' $$ $y$ ', '1']);
  expect(tokens('a$$b')).toEqual(['word a$$b']);
});

test('comments nest and count as blanks', () => {
  expect(values('a /* b /* c */ d */ e -- f\rg')).toEqual(['a', 'e', 'g']);
  expect(values('a+/*b*/-c--d')).toEqual(['a', '+', '-', 'c']);
});

test('an operator ends in a sign only with a special character in it', () => {
  expect(values('a=-1 a@-1 a<--1\n b *- c ->- ~-- x')).toEqual([
    'a',
    '=',
    '-',
    '1',
    'a',
    '@-',
    '1',
    'a',
    '<',
    'b',
    '*',
    '-',
    'c',
    '->',
    '-',
    '~',
  ]);
  expect(values('!= <> => >= := :: .. .')).toEqual(['<>', '<>', '=>', '>=', ':=', '::', '..', '.']);
});

test('numbers keep their text', () => {
  expect(tokens('1 1. .5 1.5e-3 2E5 1..2 00099999999999999999 $1 $23')).toEqual([
    'integer 1',
    'decimal 1.',
    'decimal .5',
    'decimal 1.5e-3',
    'decimal 2E5',
    'integer 1',
    'punctuation ..',
    'integer 2',
    'integer 00099999999999999999',
    'parameter 1',
    'parameter 23',
  ]);
});

test('prefixes of strings are prefixes only right before the quote', () => {
  expect(tokens("N'x' B'1' x'F' e 'x' n")).toEqual([
    'columnName nchar',
    'string x',
    'bits b1',
    'bits xF',
    'word e',
    'string x',
    'word n',
  ]);
});

test('positions count code units of the whole text, and each statement knows its own text', () => {
  const parsed = parseStatements("  SELECT '😀', a ;;\n/* c */ SELECT b -- d\n;");
  expect(parsed.map(({ text, start }) => [text, start])).toEqual([
    ["SELECT '😀', a", 2],
    ['SELECT b', 28],
  ]);
  const second = parsed[1]?.statement;
  expect(second?.kind === 'select-statement' && second.query.body).toMatchObject({ targets: [{ at: 35 }] });
});

test('nothing is no statement', () => {
  expect(parseStatements('')).toEqual([]);
  expect(parseStatements(' ; -- x\n ;; /* y */ ')).toEqual([]);
});
