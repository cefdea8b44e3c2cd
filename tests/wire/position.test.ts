/** Positions in statements: from UTF-16 code units to the characters that clients count. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientPosition } from '../../src/wire/position.ts';

test('a position is the number of characters in front, and one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat(30), (text, characters) => {
      const before = [...text].slice(0, characters);
      expect(clientPosition(text, before.join('').length)).toBe(before.length + 1);
    }),
  );
});

test('an emoji is one character, and half of one is counted as a whole', () => {
  expect(clientPosition("select '😀', x", 13)).toBe(13);
  expect(clientPosition('\ud83d x', 2)).toBe(3);
  expect(clientPosition('\ud83d\ude00', 1)).toBe(2);
});

test('an offset beyond the text, where the text is not known, is passed on', () => {
  expect(clientPosition('', 7)).toBe(8);
});
