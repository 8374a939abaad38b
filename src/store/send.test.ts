import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { it } from 'node:test';
import { send } from './send.ts';

/** Gives the text in pieces, and keeps the buffers that it was asked to fill. */
function filling(text: string, piece: number) {
  const bytes = Buffer.from(text);
  const buffers = new Set<ArrayBufferLike>();
  let position = 0;
  return {
    buffers,
    async fill(buffer: Uint8Array) {
      buffers.add(buffer.buffer);
      const part = bytes.subarray(position, position + Math.min(piece, buffer.length));
      buffer.set(part);
      position += part.length;
      return part.length;
    },
  };
}

it('sends everything through two buffers, however slowly it is taken', async () => {
  const text = 'The quick brown fox jumps over the lazy dog. '.repeat(50);
  const taken: Buffer[] = [];
  const target = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      // Looked at when it has been on its way for a while: by then nobody may have written over it.
      setImmediate(() => {
        taken.push(Buffer.from(chunk));
        done();
      });
    },
  });
  const { fill, buffers } = filling(text, 7);
  await send(target, { fill, size: 16, total: text.length });
  assert.equal(Buffer.concat(taken).toString(), text);
  assert.equal(buffers.size, 2);
});

it('needs one buffer for what fits into it', async () => {
  const taken: Buffer[] = [];
  const target = new Writable({ write: (chunk: Buffer, _encoding, done) => done(void taken.push(Buffer.from(chunk))) });
  const { fill, buffers } = filling('dog', 16);
  await send(target, { fill, size: 16, total: 3 });
  assert.deepEqual([Buffer.concat(taken).toString(), buffers.size], ['dog', 1]);
});

it('sends nothing where there is nothing', async () => {
  const target = new Writable({ write: () => assert.fail() });
  await send(target, { fill: () => assert.fail(), size: 16, total: 0 });
  assert.equal(target.writableFinished, true);
});

it('ends with the failure of its source, and leaves the target open', async () => {
  const target = new Writable({ write: (_chunk, _encoding, done) => done() });
  const fill = async (): Promise<number> => {
    throw new Error('the disk is gone');
  };
  await assert.rejects(send(target, { fill, size: 16, total: 3 }), /the disk is gone/);
  assert.equal(target.writableEnded, false);
});

it('ends when the target closes, whether before or while it waits', async () => {
  const closed = new Writable({ write: () => {} });
  closed.destroy();
  await assert.rejects(send(closed, { fill: filling('dog', 1).fill, size: 1, total: 3 }), /closed/);
  const stuck = new Writable({ write: () => {} });
  const sent = send(stuck, { fill: filling('a longer text', 1).fill, size: 1, total: 13 });
  setImmediate(() => stuck.destroy());
  await assert.rejects(sent);
});
