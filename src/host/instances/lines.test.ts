import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitLines } from './lines.ts';

/** Pieces of a text that comes in chunks of so many bytes, with `+` before those that go on. */
function pieces(text: string, { limit, chunk }: { limit: number; chunk: number }): string[] {
  const told: string[] = [];
  const splitter = splitLines({ limit, onPiece: (piece, isWhole) => told.push(isWhole ? piece : `+${piece}`) });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) splitter.push(bytes.subarray(at, at + chunk));
  splitter.end();
  return told;
}

test('lines end with \\n or \\r\\n; the last need not', () => {
  assert.deepEqual(pieces('a\nb\r\n\nc', { limit: 10, chunk: 100 }), ['a', 'b', '', 'c']);
  assert.deepEqual(pieces('a\n', { limit: 10, chunk: 1 }), ['a']);
  assert.deepEqual(pieces('', { limit: 10, chunk: 1 }), []);
});

test('characters are whole, however the bytes come', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 7 }), (texts, chunk) => {
      const lines = texts.map((text) => text.replace(/[\r\n]/g, ''));
      const all = pieces(lines.map((line) => `${line}\n`).join(''), { limit: 1000, chunk });
      assert.deepEqual(all, lines);
    }),
  );
});

test('an overlong line comes in pieces, and no character is cut in two', () => {
  for (const chunk of [1, 3, 5, 100]) {
    assert.deepEqual(pieces('abcdefgh\nx\n', { limit: 3, chunk }), ['+abc', '+def', 'gh', 'x']);
    const emoji = pieces('a😀😀😀\n', { limit: 4, chunk });
    assert.equal(emoji.map((piece) => piece.replace('+', '')).join(''), 'a😀😀😀');
    for (const piece of emoji) assert.ok(piece.isWellFormed() && piece.length <= 5, piece);
  }
});
