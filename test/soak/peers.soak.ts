import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type HostProcess,
  isProgress,
  peersOf,
  shard,
  startHost,
  temporaryDirectory,
} from '../../src/container/peers/testing/hosts.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const photos = join(data, 'flowers');
const backbone = `onnx:${join(data, 'weights/mobilenet_v1_0.25_128-imagenet1k-deq.onnx')}`;
const skip = existsSync(photos) ? false : 'no photos in ../shared/data';

const timing = { patience: 120_000 };

test('photos on one, two and three hosts, whole and in parts, make one model', { skip }, async (context) => {
  const models: { name: string; model: Buffer; metrics: Buffer }[] = [];
  for (const [count, way] of [
    [1, 'whole'],
    [2, 'whole'],
    [2, 'parts'],
    [3, 'whole'],
    [3, 'parts'],
  ] as const) {
    const directory = temporaryDirectory(context);
    const hosts = Array.from({ length: count }, (_, at) => `algo-${at + 1}`);
    const roots = way === 'parts' ? shard(photos, directory, count) : hosts.map(() => photos);
    const out = join(directory, 'model');
    const running = hosts.map((current, at) =>
      startHost(context, {
        ...{ photos: roots[at] as string, out, backbone, cacheDirectory: join(directory, `cache-${at}`) },
        ...{ peers: peersOf({ directory, hosts, timing }, current), views: 'center,flip' },
      }),
    );
    for (const { ended } of running) assert.equal(await ended, undefined);
    const [model, metrics] = ['model.onnx', 'metrics.json'].map((name) => readFileSync(join(out, name)));
    models.push({ name: `${count} ${way}`, model: model as Buffer, metrics: metrics as Buffer });
  }
  const [first, ...others] = models;
  for (const { name, model, metrics } of others) {
    assert.ok(model.equals(first?.model as Buffer), `the model of ${name} differs`);
    assert.ok(metrics.equals(first?.metrics as Buffer), `the metrics of ${name} differ`);
  }
});

test('a host killed at any moment of the work ends it, and another try goes on from there', {
  skip,
}, async (context) => {
  const directory = temporaryDirectory(context);
  const hosts = ['algo-1', 'algo-2'];
  const roots = shard(photos, directory, 2);
  const start = (current: string): HostProcess =>
    startHost(context, {
      photos: roots[hosts.indexOf(current)] as string,
      ...{ out: join(directory, 'model'), backbone, extractOnly: true },
      cacheDirectory: join(directory, `cache-${current}`),
      peers: peersOf({ directory, hosts, timing }, current),
    });
  for (const [victim, least] of [
    ['algo-2', 60],
    ['algo-1', 120],
    ['algo-2', 60],
  ] as const) {
    const running = new Map(hosts.map((host) => [host, start(host)]));
    const killed = running.get(victim) as HostProcess;
    await killed.when((word) => isProgress(word, least));
    killed.child.kill('SIGKILL');
    const [other] = hosts.filter((host) => host !== victim);
    const error = await running.get(other as string)?.ended;
    assert.equal(error?.code, 'WHIPPET_PEERS_LOST');
  }
  const last = hosts.map(start);
  for (const { ended } of last) assert.equal(await ended, undefined);
  const first = last[0]?.words.find((word) => isProgress(word, 0));
  assert.ok(
    first?.type === 'event' && first.event.type === 'progress' && first.event.done >= 180,
    JSON.stringify(first),
  );
});

test('a host that stands still holds nobody up who has the same files', {
  skip,
}, async (context) => {
  const directory = temporaryDirectory(context);
  const hosts = ['algo-1', 'algo-2'];
  const [leader, follower] = hosts.map((current) =>
    startHost(context, {
      ...{ photos, out: join(directory, 'model'), backbone, extractOnly: true },
      ...{ cacheDirectory: join(directory, `cache-${current}`), peers: peersOf({ directory, hosts, timing }, current) },
    }),
  ) as [HostProcess, HostProcess];
  await follower.when((word) => isProgress(word, 0));
  follower.child.kill('SIGSTOP');
  await leader.when(({ type }) => type === 'shared');
  follower.child.kill('SIGCONT');
  assert.deepEqual([await leader.ended, await follower.ended], [undefined, undefined]);
});
