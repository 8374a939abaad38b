import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ListingPosition } from './listing.ts';
import { listedObject, nameWriter, pageSize, readToken, writeToken } from './listing-answers.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const shown = { key: 'k', size: 3, etag: 'abc', modified: 1_700_000_000_999, checksum: null, headers: '{}' };

describe('names in listings', () => {
  it('come back from a form’s encoding, which is plain ASCII', () => {
    const encode = nameWriter('url');
    fc.assert(
      fc.property(text, (name) => {
        const encoded = encode(name);
        assert.match(encoded, /^[A-Za-z0-9/._*%+-]*$/);
        assert.equal(decodeURIComponent(encoded.replaceAll('+', ' ')), name);
      }),
      { numRuns: 300 },
    );
    assert.equal(encode("a b/c+(1)~!'*"), 'a+b/c%2B%281%29%7E%21%27*');
  });

  it('are as they are where no encoding is asked for', () => {
    fc.assert(fc.property(text, (name) => assert.equal(nameWriter(undefined)(name), name)));
  });
});

describe('tokens', () => {
  it('stand for positions', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('key', 'prefix'), (name, kind) => {
        const position = { kind, text: name } as ListingPosition;
        const token = writeToken(position);
        assert.match(token, /^[\w-]+$/);
        assert.deepEqual(readToken(token), position);
      }),
    );
  });

  it('are refused when they never were tokens', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (token) => {
        try {
          assert.equal(writeToken(readToken(token)), token);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'InvalidArgument');
        }
      }),
    );
    for (const token of ['', 'what', 'eA', 'a===', '\u0000']) {
      assert.throws(() => readToken(token), { code: 'InvalidArgument', status: 400 }, token);
    }
  });
});

describe('entries', () => {
  it('have times of whole seconds', () => {
    const { LastModified } = listedObject(shown, nameWriter(undefined));
    assert.equal(LastModified?.getTime(), 1_700_000_000_000);
  });

  it('name their storage class and checksum', () => {
    const plain = listedObject(shown, nameWriter(undefined));
    assert.deepEqual([plain.StorageClass, plain.ChecksumAlgorithm], ['STANDARD', undefined]);
    const checksum = JSON.stringify({ algorithm: 'SHA256', value: 'x', type: 'COMPOSITE' });
    const headers = JSON.stringify({ StorageClass: 'STANDARD_IA' });
    const told = listedObject({ ...shown, checksum, headers }, nameWriter(undefined));
    assert.deepEqual(
      [told.StorageClass, told.ChecksumAlgorithm, told.ChecksumType],
      ['STANDARD_IA', ['SHA256'], 'COMPOSITE'],
    );
  });

  it('are at most a thousand on a page', () => {
    assert.deepEqual([undefined, 0, 1, 1000, 1001, 2 ** 31 - 1].map(pageSize), [1000, 0, 1, 1000, 1000, 1000]);
    for (const size of [-1, 1.5, 2 ** 31, Number.NaN]) {
      assert.throws(() => pageSize(size), { code: 'InvalidArgument' }, String(size));
    }
  });
});
