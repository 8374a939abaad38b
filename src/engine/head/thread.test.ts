import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openThreads, runInThread } from './thread.ts';

const entry = new URL('./testing/thread-entry.ts', import.meta.url);
const said = (job: object, more: object = {}) => ({ job, transfer: [], ...more });

test('one piece of work after another is done in one thread, side by side in several', async () => {
  const threads = openThreads(entry);
  const one = await threads.run<object, never, number>(said({ say: 'id' }));
  assert.equal(await threads.run(said({ say: 'id' })), one);
  const both = await Promise.all([threads.run(said({ say: 'id' })), threads.run(said({ say: 'id' }))]);
  assert.equal(new Set(both).size, 2);
  threads.close();
});

test('an abort or a stop is for the work that it was meant for', async () => {
  const threads = openThreads(entry);
  const [abort, stop] = [new AbortController(), new AbortController()];
  const aborted = threads.run(said({ say: 'wait' }, { signal: abort.signal, onProgress: () => abort.abort('enough') }));
  await assert.rejects(aborted, (reason) => reason === 'enough');
  const stopped = threads.run(said({ say: 'wait' }, { stop: stop.signal, onProgress: () => stop.abort('rule') }));
  assert.equal(await stopped, 'stopped: rule');
  assert.equal(await threads.run(said({ say: 'signals' })), 'neither');
  threads.close();
});

test('an error of the user leaves the thread at work, a defect ends it and no other', async () => {
  const threads = openThreads(entry);
  const before = await threads.run(said({ say: 'id' }));
  await assert.rejects(threads.run(said({ say: 'refuse' })), { code: 'WHIPPET_HEAD_NO_PICTURES' });
  assert.equal(await threads.run(said({ say: 'id' })), before);
  await assert.rejects(threads.run(said({ say: 'crash' })), /a defect/);
  await assert.rejects(threads.run(said({ say: 'exit' })), /ended early with code 3/);
  assert.notEqual(await threads.run(said({ say: 'id' })), before);
  threads.close();
});

test('what is at work when threads are closed is finished', async () => {
  const threads = openThreads(entry);
  const work = threads.run(said({ say: 'id' }));
  threads.close();
  assert.equal(typeof (await work), 'number');
  assert.equal(typeof (await runInThread(entry, said({ say: 'id' }))), 'number');
});
