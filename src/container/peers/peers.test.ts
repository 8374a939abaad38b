import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { drawSample, train } from '../../engine/index.ts';
import { peersOf, shard, startHost, temporaryDirectory } from './testing/hosts.ts';

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
  await drawSample(photos, { seed: 3, size: 96, picturesPerClass: { train: 8, valid: 3, test: 2 } });
  await train(photos, {
    ...{ seed: 1, workers: 1, backbone: { spec: 'scatter' }, hyperparameters: { epochs: '3' } },
    ...{ out: alone, cacheDirectory: join(directory, 'cache') },
  });
});

function assertSameModel(out: string): void {
  for (const name of ['model.onnx', 'metrics.json', 'whippet.json']) {
    assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(alone, name))), `${name} differs`);
  }
}

for (const count of [2, 3]) {
  for (const way of ['replicated', 'sharded']) {
    test(`${count} hosts with ${way} files make the model of one`, async (context) => {
      const directory = temporaryDirectory(context);
      const hosts = Array.from({ length: count }, (_, at) => `algo-${at + 1}`);
      const roots = way === 'sharded' ? shard(photos, directory, count) : hosts.map(() => photos);
      const out = join(directory, 'model');
      const running = hosts.map((current, at) =>
        startHost(context, {
          ...{ photos: roots[at] as string, out, cacheDirectory: join(directory, `cache-${at}`) },
          peers: peersOf({ directory, hosts }, current),
        }),
      );
      for (const { ended } of running) assert.equal(await ended, undefined);
      assertSameModel(out);
    });
  }
}
