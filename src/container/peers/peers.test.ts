import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { drawSample, type EngineEvent, train, type WhippetError } from '../../engine/index.ts';
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

const common = { seed: 1, workers: 1, backbone: { spec: 'scatter' }, hyperparameters: { epochs: '3' } };

let photos: string;
let alone: string;
const cleanups: (() => void)[] = [];
after(() => {
  for (const clean of cleanups) clean();
});

/** Photos of few breeds, and the model of one host that has them all. */
before(async () => {
  const directory = temporaryDirectory({ after: (clean) => cleanups.push(clean as () => void) });
  photos = join(directory, 'photos');
  alone = join(directory, 'alone');
  await drawSample(photos, { seed: 3, size: 96, picturesPerClass: { train: 4, valid: 2, test: 1 } });
  await train(photos, {
    ...common,
    ...{ out: alone, cacheDirectory: join(directory, 'cache') },
  });
});

function assertSameModel(out: string): void {
  for (const name of ['model.onnx', 'metrics.json', 'whippet.json']) {
    assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(alone, name))), `${name} differs`);
  }
}

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
async function runTogether(context: TestContext, roots: readonly string[]) {
  const directory = temporaryDirectory(context);
  const hosts = roots.map((_, at) => `algo-${at + 1}`);
  const out = join(directory, 'model');
  /** Progress that each host told of. */
  const told = hosts.map(() => 0);
  const ended = await Promise.allSettled(
    roots.map(async (root, at) => {
      const onEvent = ({ type }: EngineEvent): void => void (type === 'progress' && told[at]!++);
      const work = { ...common, cacheDirectory: join(directory, `cache-${at}`), onEvent };
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
  return { out, told, ended };
}

test('two hosts with the same files make the model of one', async (context) => {
  const { out, told, ended } = await runTogether(context, [photos, photos]);
  assert.deepEqual(
    ended.map(({ status }) => status),
    ['fulfilled', 'fulfilled'],
  );
  assertSameModel(out);
  assert.ok(
    told.every((count) => count > 84),
    `${told}`,
  );
});

test('three hosts with a part of the files each make the model of one', async (context) => {
  const { out, ended } = await runTogether(context, shard(photos, temporaryDirectory(context), 3));
  assert.deepEqual(
    ended.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled'],
  );
  assertSameModel(out);
});

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

test('a killed leader ends the others', async (context) => {
  const roots = shard(photos, temporaryDirectory(context), 2);
  const { running } = startJob(context, roots, { extractOnly: true });
  const [leader, follower] = running as [HostProcess, HostProcess];
  await follower.when((word) => isProgress(word, 0));
  leader.child.kill('SIGKILL');
  assert.equal((await follower.ended)?.code, 'WHIPPET_PEERS_LOST');
});

test('a host that stands still holds nobody up who has the same files', async (context) => {
  const { running } = startJob(context, [photos, photos], { extractOnly: true });
  const [leader, follower] = running as [HostProcess, HostProcess];
  await follower.when((word) => isProgress(word, 0));
  follower.child.kill('SIGSTOP');
  await leader.when(({ type }) => type === 'shared');
  follower.child.kill('SIGCONT');
  assert.deepEqual([await leader.ended, await follower.ended], [undefined, undefined]);
});
