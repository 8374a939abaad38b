/** A thread that does what its jobs say. */
import { once } from 'node:events';
import { threadId } from 'node:worker_threads';
import { userError } from '../../../errors/index.ts';
import { serveThread, type ThreadHooks } from '../thread.ts';

const ways: Readonly<Record<string, (hooks: ThreadHooks<string>) => unknown>> = {
  id: () => threadId,
  signals: ({ signal, stop }) => (signal.aborted || stop.aborted ? 'some' : 'neither'),
  async wait({ signal, stop, onProgress }) {
    onProgress('waiting');
    await Promise.race([signal, stop].map((one) => once(one, 'abort')));
    if (stop.aborted) return `stopped: ${stop.reason}`;
    throw userError('WHIPPET_HEAD_NO_PICTURES', { split: 'train' });
  },
  refuse() {
    throw userError('WHIPPET_HEAD_NO_PICTURES', { split: 'train' });
  },
  crash() {
    throw new Error('a defect');
  },
  exit: () => process.exit(3),
};

serveThread<{ say: string }, string, unknown>(async ({ say }, hooks) => ways[say]?.(hooks));
