import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { afterPrefix, compareKeys } from './key-order.ts';

const point = fc.constantFrom(0, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f415, 0x10ffff);
const text = fc.array(point, { maxLength: 5 }).map((points) => String.fromCodePoint(...points));

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

describe('the order of keys', () => {
  it('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(Math.sign(compareKeys(a, b)), byBytes(a, b));
      }),
    );
  });

  it('has a first text after all with a prefix', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const after = afterPrefix(prefix);
        const isPast = after !== undefined && byBytes(other, after) >= 0;
        assert.equal(isPast, byBytes(other, prefix) > 0 && !other.startsWith(prefix));
      }),
      { numRuns: 500 },
    );
    assert.equal(afterPrefix(''), undefined);
    assert.equal(afterPrefix('\u{10ffff}\u{10ffff}'), undefined);
    assert.equal(afterPrefix('a\u{10ffff}'), 'b');
    assert.equal(afterPrefix('\ud7ff'), '\ue000');
  });
});
