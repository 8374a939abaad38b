import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { contentRange, parseRange } from './range.ts';

describe('parseRange', () => {
  it('reads the three forms', () => {
    assert.deepEqual(parseRange('bytes=0-0', 10), { start: 0, end: 1 });
    assert.deepEqual(parseRange('bytes=3-', 10), { start: 3, end: 10 });
    assert.deepEqual(parseRange('bytes=-3', 10), { start: 7, end: 10 });
    assert.deepEqual(parseRange('bytes=-30', 10), { start: 0, end: 10 });
    assert.deepEqual(parseRange('bytes=9-99999999999999999999', 10), { start: 9, end: 10 });
  });

  it('ignores what is no single range of bytes', () => {
    for (const header of [undefined, '', 'bytes', 'bytes=-', 'bytes=2-1', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b']) {
      assert.equal(parseRange(header, 10), undefined);
    }
  });

  it('refuses what begins past the end', () => {
    for (const [header, size] of [
      ['bytes=10-', 10],
      ['bytes=10-12', 10],
      ['bytes=-0', 10],
      ['bytes=0-', 0],
      ['bytes=-1', 0],
    ] as const) {
      assert.throws(() => parseRange(header, size), { code: 'InvalidRange', status: 416 });
    }
  });

  it('gives a part of the object, never nothing', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1 }), (first, last, size) => {
        fc.pre(first < size);
        const range = parseRange(`bytes=${first}-${last}`, size);
        if (last < first) return range === undefined;
        return range !== undefined && range.start === first && range.end === Math.min(last + 1, size);
      }),
    );
  });

  it('is named in the answer', () => {
    assert.equal(contentRange({ start: 2, end: 5 }, 10), 'bytes 2-4/10');
  });
});
