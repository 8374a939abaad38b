import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lengthOf, openResultMemory, type Response, readProblem, readResult } from './answer.ts';

const megabyte = 1024 ** 2;

/** Megabytes without end that are said to be so many, and how many were taken until somebody had enough. */
function endless(megabytes: number) {
  const taken = { count: 0, hasEnded: false };
  async function* answer() {
    try {
      for (; ; taken.count++) yield Buffer.alloc(megabyte, 'a');
    } finally {
      taken.hasEnded = true;
    }
  }
  return { answer: said(answer(), megabytes * megabyte), taken };
}

function said(body: AsyncIterable<Buffer>, length: number): Response {
  return Object.assign(body, { headers: { 'content-length': String(length) } });
}

function chunks(...all: readonly (string | Buffer)[]): Response {
  async function* body() {
    for (const chunk of all) yield Buffer.from(chunk);
  }
  return said(body(), Buffer.concat(all.map((chunk) => Buffer.from(chunk))).length);
}

test('results come whole, and count together', async () => {
  const memory = openResultMemory();
  const results = [
    await readResult(chunks('a', 'bc', 'd'), memory),
    await readResult(chunks(), memory),
    await readResult(chunks(...Array(3).fill(Buffer.alloc(megabyte, 'e'))), memory),
  ];
  assert.deepEqual(results.slice(0, 2).map(String), ['abcd', '']);
  assert.deepEqual(results[2], Buffer.alloc(3 * megabyte, 'e'));
  assert.equal(memory.held, 3 * megabyte + 4);
});

test('a result that is too large is not read', async () => {
  const memory = openResultMemory();
  const { answer, taken } = endless(5);
  await assert.rejects(readResult(answer, memory), { message: 'the answer is larger than 4194304 bytes' });
  assert.deepEqual(taken, { count: 0, hasEnded: false });
  assert.equal(memory.held, 0);
});

test('results that are large together are refused, those that are held stay', async () => {
  const memory = openResultMemory();
  const read = () => readResult(chunks(...Array(4).fill(Buffer.alloc(megabyte))), memory);
  const ends = await Promise.allSettled(Array.from({ length: 100 }, read));
  const held = ends.filter(({ status }) => status === 'fulfilled').length;
  assert.deepEqual([held, memory.held], [4, 16 * megabyte]);
  memory.held -= 4 * megabyte;
  assert.equal((await read()).length, 4 * megabyte);
});

test('chunks are not kept: those of one byte take much more room than their bytes', async () => {
  async function* reused() {
    const chunk = Buffer.alloc(1);
    for (let at = 0; at < 1000; at++) {
      chunk[0] = at;
      yield chunk;
    }
  }
  const result = await readResult(said(reused(), 1000), openResultMemory());
  assert.deepEqual(result, Buffer.from(Array.from({ length: 1000 }, (_, at) => at)));
});

test('of a problem its message is read, or what it begins with', async () => {
  assert.equal(await readProblem(chunks('{"message": "a\\n b"}')), 'a b');
  assert.equal(await readProblem(chunks('plain')), 'plain');
  const { answer, taken } = endless(100);
  assert.equal(await readProblem(answer), 'a'.repeat(500));
  assert.deepEqual(taken, { count: 0, hasEnded: true });
});

test('an answer in chunks does not say how long it is', () => {
  assert.equal(lengthOf({ headers: { 'content-length': '7' } }), 7);
  assert.equal(lengthOf({ headers: {} }), undefined);
  assert.equal(lengthOf({ headers: { 'transfer-encoding': 'chunked', 'content-length': '7' } }), undefined);
});
