import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, frameLimits, frameReader } from './frames.ts';

test('frames come out as they went in, however the stream is cut', () => {
  const frames = fc.array(fc.record({ header: fc.dictionary(fc.string(), fc.jsonValue()), payload: fc.uint8Array() }));
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (given, cuts) => {
      const stream = Buffer.concat(given.flatMap(({ header, payload }) => encodeFrame(header, payload)));
      const read = frameReader();
      const found: unknown[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = cuts[turn % cuts.length] as number;
        for (const { header, payload } of read(stream.subarray(at, at + size))) found.push([header, [...payload]]);
        at += size;
      }
      const expected = given.map(({ header, payload }) => [JSON.parse(JSON.stringify(header)), [...payload]]);
      assert.deepEqual(found, expected);
    }),
    { numRuns: 100 },
  );
});

test('what claims to be too large or is no JSON is refused before it is there', () => {
  const claim = (header: number, payload: number): Buffer => {
    const prefix = Buffer.alloc(8);
    prefix.writeUInt32LE(header, 0);
    prefix.writeUInt32LE(payload, 4);
    return prefix;
  };
  assert.throws(() => frameReader()(claim(frameLimits.headerBytes + 1, 0)), /too large/);
  assert.throws(() => frameReader()(claim(2, frameLimits.payloadBytes + 1)), /too large/);
  assert.throws(() => frameReader()(Buffer.concat([claim(3, 0), Buffer.from('{x}')])), /not JSON/);
  assert.throws(() => encodeFrame({}, new Uint8Array(frameLimits.payloadBytes + 1)), RangeError);
});

test('a large payload is read once it is whole, and not before', () => {
  const payload = new Uint8Array(3_000_000).fill(7);
  const stream = Buffer.concat(encodeFrame({ a: 1 }, payload));
  const read = frameReader();
  for (let at = 0; at < stream.length - 1; at += 65_536) {
    const end = Math.min(at + 65_536, stream.length - 1);
    assert.deepEqual(read(stream.subarray(at, end)), []);
  }
  const [frame] = read(stream.subarray(-1));
  assert.deepEqual(frame?.header, { a: 1 });
  assert.ok(frame?.payload.equals(payload));
});
