import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { hammingDistance, largestRadius, nearPairs } from './near.ts';

const random = seededRandom('near');
const randomHash = (): string => Array.from({ length: 16 }, () => random.integer(16).toString(16)).join('');

function flipped(hash: string, bits: number): string {
  const positions = random.shuffle(Array.from({ length: 64 }, (_, i) => i)).slice(0, bits);
  const digits = [...hash].map((digit) => Number.parseInt(digit, 16));
  for (const position of positions) digits[position >> 2]! ^= 1 << (position & 3);
  return digits.map((digit) => digit.toString(16)).join('');
}

test('the distance counts differing bits', () => {
  assert.equal(hammingDistance('0'.repeat(16), 'f'.repeat(16)), 64);
  assert.equal(hammingDistance('8000000000000001', '0000000000000000'), 2);
  for (let bits = 0; bits < 64; bits += 7) {
    const hash = randomHash();
    assert.equal(hammingDistance(hash, flipped(hash, bits)), bits);
  }
});

test('exactly the pairs that comparing all with all finds, each once', () => {
  const hashes = Array.from({ length: 60 }, randomHash);
  for (let i = 0; i < 240; i++) hashes.push(flipped(hashes[i % 60]!, random.integer(12)));
  const distinct = [...new Set(hashes)];
  for (const radius of [0, 3, 6, largestRadius]) {
    const expected: string[] = [];
    distinct.forEach((a, i) => {
      for (let j = i + 1; j < distinct.length; j++)
        if (hammingDistance(a, distinct[j]!) <= radius) expected.push(`${i} ${j}`);
    });
    assert.deepEqual(
      nearPairs(distinct, radius)
        .map((pair) => pair.join(' '))
        .sort(),
      expected.sort(),
    );
    assert.ok(radius < 3 || expected.length > 50);
  }
});

test('a hundred thousand hashes are searched without comparing all pairs', () => {
  const hashes = Array.from({ length: 100_000 }, randomHash);
  hashes.push(flipped(hashes[5]!, 6));
  const pairs = nearPairs(hashes, 6);
  assert.ok(pairs.some(([a, b]) => a === 5 && b === 100_000));
});
