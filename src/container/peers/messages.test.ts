import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComputedPicture, Inventory } from '../../engine/index.ts';
import { inventoryCollector, inventoryPieces } from './inventory-pieces.ts';
import { decodeDone, encodeDone, readFromFollower, readFromLeader } from './messages.ts';

const digest = '0f'.repeat(32);
const facts = { format: 'png', width: 3, height: 4, thumbprint: '0123456789abcdef' } as const;
const refused = { code: 'WHIPPET_IMAGE_EMPTY', message: 'm', remedy: 'r' };

test('computed pictures are the same bits on the other side', () => {
  const computed: ComputedPicture[] = [
    { digest, outcome: { facts }, rows: Float32Array.of(1.5, -0, 3e-39) },
    { digest: 'aa'.repeat(32), outcome: { refused, holds: 'ever' }, rows: new Float32Array(0) },
    { digest: 'bb'.repeat(32), outcome: { facts }, rows: new Float32Array([9, 8, 7, 6]).subarray(1, 3) },
  ];
  const { pictures, payload } = encodeDone(computed);
  const message = readFromFollower(JSON.parse(JSON.stringify({ type: 'done', pictures })));
  assert.ok(message.type === 'done');
  // Anywhere in memory.
  const moved = Buffer.concat([Buffer.alloc(3), payload]).subarray(3);
  const decoded = decodeDone(message.pictures, moved);
  assert.deepEqual(
    decoded.map(({ rows }) => [...rows]),
    computed.map(({ rows }) => [...rows]),
  );
  assert.ok(Object.is(decoded[0]?.rows[1], -0));
  assert.deepEqual(
    decoded.map(({ outcome }) => outcome),
    computed.map(({ outcome }) => outcome),
  );
  assert.throws(() => decodeDone(message.pictures, moved.subarray(1)), /19 bytes came for 5 numbers/);
});

test('messages with other members than they should have are refused', () => {
  const wrong: unknown[] = [
    undefined,
    null,
    [],
    {},
    { type: 'toString' },
    { type: 'work', pictures: [] },
    { type: 'hello', protocol: 'p', version: 1, runtime: [] },
    { type: 'inventory' },
    { type: 'done', pictures: [{ digest: 'x', outcome: { facts }, numbers: 1 }] },
    { type: 'done', pictures: [{ digest, outcome: { facts: { ...facts, width: -1 } }, numbers: 1 }] },
    { type: 'done', pictures: [{ digest, outcome: { refused, holds: 'never' }, numbers: 0 }] },
    { type: 'done', pictures: [{ digest, outcome: { facts }, numbers: 1.5 }] },
    { type: 'file', id: -1, found: true },
    { type: 'failed', error: { code: 'X' } },
  ];
  for (const header of wrong) assert.throws(() => readFromFollower(header), /message/, JSON.stringify(header));
  assert.throws(() =>
    readFromLeader({ type: 'work', pictures: [{ digest, views: [{ kind: 'up' }] }], done: 0, total: 1 }),
  );
  assert.throws(() => readFromLeader({ type: 'plan', backbone: '../../etc', drawn: false }));
  assert.throws(() => readFromLeader({ type: 'next' }));
});

const inventory: Inventory = {
  folders: ['a'],
  files: [
    { name: 'a/1.jpg', digest },
    { name: 'a/2.jpg', code: 'C', message: 'm' },
  ],
  loose: ['x'],
  refused: [],
  table: { digest, rows: [{ line: 2, written: 'a\\1.jpg', name: 'a/1.jpg', className: 'a', split: 'train' }] },
  drawn: false,
};

test('an inventory comes in pieces; what is none is refused', () => {
  const collect = inventoryCollector();
  const bytes = Buffer.from(JSON.stringify(inventory));
  assert.equal(collect(bytes.subarray(0, 100), false), undefined);
  assert.deepEqual(collect(bytes.subarray(100), true), inventory);
  assert.deepEqual([...inventoryPieces(inventory)], [{ piece: bytes, last: true }]);
  const wrong: unknown[] = [
    null,
    { ...inventory, drawn: 1 },
    { ...inventory, files: [{ name: 'a', digest: 'short' }] },
    { ...inventory, files: [null] },
    { ...inventory, folders: 'a' },
    { ...inventory, table: { digest, rows: [{ line: 1 }] } },
    { ...inventory, refused: [{ name: 'a' }] },
  ];
  for (const value of wrong) {
    assert.throws(() => inventoryCollector()(Buffer.from(JSON.stringify(value)), true), /other members/);
  }
  assert.throws(() => inventoryCollector()(Buffer.from('{'), true), /not JSON/);
});
