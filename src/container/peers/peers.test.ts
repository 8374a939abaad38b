import assert from 'node:assert/strict';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { drawSample, train, type WhippetError } from '../../engine/index.ts';
import { followExtraction, leadExtraction } from './index.ts';
import {
  filesIn,
  type HostProcess,
  isProgress,
  peersOf,
  shard,
  startHost,
  temporaryDirectory,
} from './testing/hosts.ts';
import type { HostSettings } from './testing/run-host.ts';

const weights = fileURLToPath(new URL('../../../../shared/data/weights/', import.meta.url));
const mobilenet = join(weights, 'mobilenet_v1_0.25_128-imagenet1k-deq.onnx');

const common = { seed: 1, workers: 1, hyperparameters: { epochs: '3' } };

let photos: string;
const cleanups: (() => void)[] = [];
after(() => {
  for (const clean of cleanups) clean();
});

before(async () => {
  const directory = temporaryDirectory({ after: (clean) => cleanups.push(clean as () => void) });
  photos = join(directory, 'photos');
  await drawSample(photos, { seed: 3, size: 96, picturesPerClass: { train: 4, valid: 2, test: 1 } });
});

interface Job {
  readonly directory: string;
  readonly out: string;
  readonly running: readonly HostProcess[];
}

/** Starts a host for each of `roots`; the first leads. */
function startJob(context: TestContext, roots: readonly string[], more: Partial<HostSettings> = {}): Job {
  const directory = temporaryDirectory(context);
  const hosts = roots.map((_, at) => `algo-${at + 1}`);
  const out = join(directory, 'model');
  const running = hosts.map((current, at) =>
    startHost(context, {
      ...{ photos: roots[at] as string, out, cacheDirectory: join(directory, `cache-${at}`) },
      ...{ peers: peersOf({ directory, hosts }, current), ...more },
    }),
  );
  return { directory, out, running };
}

/** The hosts of a job on this event loop: only their workers are processes. Resolves with what became of each. */
async function runTogether(context: TestContext, roots: readonly string[], backbones: readonly string[] = []) {
  const directory = temporaryDirectory(context);
  const hosts = roots.map((_, at) => `algo-${at + 1}`);
  const out = join(directory, 'model');
  const ended = await Promise.allSettled(
    roots.map(async (root, at) => {
      const backbone = { spec: backbones[at] ?? 'scatter' };
      const work = { ...common, backbone, cacheDirectory: join(directory, `cache-${at}`) };
      const peers = peersOf({ directory, hosts }, hosts[at] as string);
      if (at > 0) return followExtraction(root, { ...work, peers });
      const led = await leadExtraction(root, { ...work, peers });
      try {
        await train(root, { ...work, ...led.forTrain, out });
        await led.release({ ok: true });
      } catch (error) {
        await led.release({ ok: false, reason: (error as Error).message });
        throw error;
      }
    }),
  );
  return { ended };
}

test('leakage between the parts of two hosts is found as on one', async (context) => {
  const roots = shard(photos, temporaryDirectory(context), 2);
  const [one, other] = roots as [string, string];
  const leaked = filesIn(one).find((name) => name.startsWith('train/')) as string;
  copyFileSync(join(one, leaked), join(other, leaked.replace('train/', 'valid/').replace('.jpg', '-copy.jpg')));
  const { ended } = await runTogether(context, roots);
  const [leader, follower] = ended.map((end) => (end.status === 'rejected' ? (end.reason as WhippetError) : undefined));
  assert.equal(leader?.code, 'WHIPPET_TRAINING_LEAKAGE');
  assert.equal(follower?.code, 'WHIPPET_PEERS_ENDED');
  assert.match(follower?.message ?? '', /ended on its leading host algo-1: .*copy\.jpg/);
});

const skip = existsSync(mobilenet) ? false : 'no weights in ../shared/data';
test('a host with another backbone ends the job, and is named on both sides', { skip }, async (context) => {
  const { ended } = await runTogether(context, [photos, photos], ['scatter', `onnx:${mobilenet}`]);
  const errors = ended.map((end) => (end.status === 'rejected' ? (end.reason as WhippetError) : undefined));
  for (const error of errors) {
    assert.equal(error?.code, 'WHIPPET_PEERS_BACKBONE', error?.message);
    assert.match(error?.message ?? '', /algo-2 has another backbone than the leading host/);
  }
});

test('a host that is killed ends the job by name, and what had come is kept', async (context) => {
  const roots = shard(photos, temporaryDirectory(context), 2);
  const { directory, running } = startJob(context, roots);
  const [leader, follower] = running as [HostProcess, HostProcess];
  await follower.when((word) => isProgress(word, 0));
  follower.child.kill('SIGKILL');
  const error = await leader.ended;
  assert.equal(error?.code, 'WHIPPET_PEERS_LOST');
  assert.match(error?.message ?? '', /The host algo-2 was lost: its connection closed\./);
  assert.ok(filesIn(join(directory, 'cache-0')).length > 0);
});
