import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cbor } from '@smithy/core/cbor';
import { hasOddTags } from './cbor-tags.ts';

describe('hasOddTags', () => {
  it('takes what AWS sends: timestamps, nested values, strings that look like tags', () => {
    const value = {
      Namespace: '\u00c2Z',
      MetricData: [
        { Timestamp: new Date(1.7e12), Values: [1, -2, 0.5, -452_000_000_000, 2 ** 40], Long: 'x'.repeat(70_000) },
        { Bytes: new Uint8Array([0xc2, 0x5a, 0xff]), Nothing: null, Yes: true },
      ],
    };
    assert.equal(hasOddTags(cbor.serialize(value)), false);
  });

  it('finds bignums and decimal fractions wherever they are', () => {
    const bignum = Buffer.from('c2420100', 'hex');
    const decimal = Buffer.from('c4821a7fffffff01', 'hex');
    for (const odd of [bignum, decimal]) {
      assert.equal(hasOddTags(odd), true);
      assert.equal(hasOddTags(Buffer.concat([Buffer.from('a1614182fb3ff0000000000000', 'hex'), odd])), true);
      assert.equal(hasOddTags(Buffer.concat([Buffer.from('9f7f6161ff', 'hex'), odd])), true);
    }
  });

  it('ends at the end of what is cut short', () => {
    for (const text of ['5a', '5bffffffffffffffff', 'c1', '1f', '']) {
      assert.equal(hasOddTags(Buffer.from(text, 'hex')), false, text);
    }
  });
});
