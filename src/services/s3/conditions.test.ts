import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkCopyConditions, checkReadConditions, checkWriteConditions, type ReadConditions } from './conditions.ts';

const version = { etag: 'abc', modified: new Date(Date.UTC(2026, 0, 1, 12, 0, 0, 500)) };
const now = new Date(Date.UTC(2026, 5, 1));
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds));

/** 200 for what is answered. */
function statusOf(work: () => void): number {
  try {
    work();
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

describe('checkReadConditions', () => {
  const cases: [ReadConditions, number][] = [
    [{}, 200],
    [{ IfMatch: '"abc"' }, 200],
    [{ IfMatch: 'abc' }, 200],
    [{ IfMatch: '*' }, 200],
    [{ IfMatch: '"x", "abc"' }, 200],
    [{ IfMatch: '"x"' }, 412],
    [{ IfMatch: '"*"' }, 412],
    [{ IfNoneMatch: '"x"' }, 200],
    [{ IfNoneMatch: 'W/"abc"' }, 304],
    [{ IfNoneMatch: '*' }, 304],
    // HTTP dates have no parts of seconds: half a second after is the same.
    [{ IfModifiedSince: at(0) }, 304],
    [{ IfModifiedSince: at(-1) }, 200],
    [{ IfModifiedSince: new Date(now.getTime() + 1000) }, 200],
    [{ IfUnmodifiedSince: at(0) }, 200],
    [{ IfUnmodifiedSince: at(-1) }, 412],
    [{ IfMatch: '"abc"', IfUnmodifiedSince: at(-1) }, 200],
    [{ IfNoneMatch: '"x"', IfModifiedSince: at(0) }, 200],
    [{ IfMatch: '"abc"', IfNoneMatch: '"abc"' }, 304],
    [{ IfMatch: '"x"', IfNoneMatch: '"abc"' }, 412],
  ];
  for (const [conditions, status] of cases) {
    it(`answers ${JSON.stringify(conditions)} with ${status}`, () => {
      assert.equal(
        statusOf(() => checkReadConditions(conditions, version, now)),
        status,
      );
      // A copy has the same conditions, but no 304.
      const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
      const copy = {
        ...(IfMatch !== undefined && { CopySourceIfMatch: IfMatch }),
        ...(IfNoneMatch !== undefined && { CopySourceIfNoneMatch: IfNoneMatch }),
        ...(IfModifiedSince && { CopySourceIfModifiedSince: IfModifiedSince }),
        ...(IfUnmodifiedSince && { CopySourceIfUnmodifiedSince: IfUnmodifiedSince }),
      };
      assert.equal(
        statusOf(() => checkCopyConditions(copy, version, now)),
        status === 304 ? 412 : status,
      );
    });
  }

  it('tells with a 304 what the client has', () => {
    assert.throws(() => checkReadConditions({ IfNoneMatch: '"abc"' }, version, now), {
      status: 304,
      headers: { ETag: '"abc"', 'Last-Modified': 'Thu, 01 Jan 2026 12:00:00 GMT' },
    });
  });
});

describe('checkWriteConditions', () => {
  const cases: [Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>, typeof version | undefined, string][] = [
    [{}, version, ''],
    [{ IfNoneMatch: '*' }, undefined, ''],
    [{ IfNoneMatch: '*' }, version, 'PreconditionFailed'],
    [{ IfNoneMatch: '"abc"' }, undefined, 'NotImplemented'],
    [{ IfMatch: '"abc"' }, version, ''],
    [{ IfMatch: '"x"' }, version, 'PreconditionFailed'],
    [{ IfMatch: '"abc"' }, undefined, 'NoSuchKey'],
    [{ IfMatch: '*' }, version, 'NotImplemented'],
    [{ IfMatch: '"*"' }, version, 'NotImplemented'],
    [{ IfMatch: '"abc"', IfNoneMatch: '*' }, version, 'NotImplemented'],
  ];
  for (const [conditions, current, code] of cases) {
    it(`holds ${JSON.stringify(conditions)} against ${current ? 'an object' : 'none'}: ${code || 'written'}`, () => {
      const check = () => checkWriteConditions(conditions, 'key', current);
      if (code) assert.throws(check, { code });
      else check();
    });
  }
});
