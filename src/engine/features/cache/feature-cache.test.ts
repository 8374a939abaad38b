import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { View } from '../../image/picture.ts';
import { temporaryDirectory } from '../testing/fixture.ts';
import { type FeatureCacheOptions, openFeatureCache } from './feature-cache.ts';

const digest = 'ab'.repeat(32);
const facts = { format: 'png', width: 3, height: 2, thumbprint: '0123456789abcdef' } as const;
const center: View = { kind: 'center' };

function optionsFor(cacheDirectory: string, more: Partial<FeatureCacheOptions> = {}): FeatureCacheOptions {
  return {
    cacheDirectory,
    limitBytes: 1e9,
    backbone: {
      modelFile: 'anywhere',
      digest: 'cd'.repeat(32),
      dimension: 2,
      preprocessing: { size: 8, resize: 8, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
    },
    views: [center],
    versions: ['decoder 1'],
    now: () => 1_700_000_000_000,
    onTrouble: (error) => assert.fail(error),
    ...more,
  };
}

function save(options: FeatureCacheOptions): void {
  const cache = openFeatureCache(options);
  cache.saveFeatures(options.views.map((view, at) => ({ digest, view, row: Float32Array.of(at + 0.1, at + 0.2) })));
  cache.savePictures(new Map([[digest, { facts }]]));
  cache.close();
}

/** Features by index of view. */
function find(options: FeatureCacheOptions): Map<number, number[]> {
  const cache = openFeatureCache(options);
  const found = new Map<number, number[]>();
  cache.findFeatures([digest], (_, view, bytes) => {
    found.set(view, [...new Float32Array(new Uint8Array(bytes).buffer)]);
  });
  cache.close();
  return found;
}

test('features are found again under the same view, backbone, preprocessing and versions only', (context) => {
  const options = optionsFor(temporaryDirectory(context));
  save(options);
  assert.deepEqual(find(options), new Map([[0, [...Float32Array.of(0.1, 0.2)]]]));
  const { backbone } = options;
  const { preprocessing } = backbone;
  const others: Partial<FeatureCacheOptions>[] = [
    { versions: ['decoder 2'] },
    { backbone: { ...backbone, digest: 'ef'.repeat(32) } },
    { backbone: { ...backbone, dimension: 3 } },
    { backbone: { ...backbone, preprocessing: { ...preprocessing, resize: 'squash' } } },
    { backbone: { ...backbone, preprocessing: { ...preprocessing, interpolation: 'bicubic' } } },
    { backbone: { ...backbone, preprocessing: { ...preprocessing, std: [1, 1, 2] } } },
  ];
  for (const other of others) assert.equal(find({ ...options, ...other }).size, 0, JSON.stringify(other));
  const views: View[] = [
    { kind: 'flip' },
    { kind: 'random', index: 0, seed: 1 },
    { kind: 'random', index: 0, seed: 2 },
  ];
  assert.equal(find({ ...options, views }).size, 0);
  save({ ...options, views: views.slice(0, 2) });
  assert.deepEqual([...find({ ...options, views }).keys()], [0, 1]);
  assert.equal(find({ ...options, backbone: { ...backbone, modelFile: 'elsewhere' } }).size, 1);
});

test('what is known of a picture serves every backbone, until the decoder changes', (context) => {
  const options = optionsFor(temporaryDirectory(context));
  const refusal = { code: 'WHIPPET_IMAGE_EMPTY', message: 'is empty', remedy: '' };
  const bad = 'ef'.repeat(32);
  const cache = openFeatureCache(options);
  cache.savePictures(
    new Map([
      [digest, { facts }],
      [bad, { refusal }],
    ]),
  );
  cache.close();
  const pictures = (more: Partial<FeatureCacheOptions>) => {
    const again = openFeatureCache({ ...options, ...more });
    const found = again.findPictures([bad, digest, '00'.repeat(32)]);
    again.close();
    return found;
  };
  const expected = new Map<string, unknown>([
    [digest, { facts }],
    [bad, { refusal }],
  ]);
  assert.deepEqual(pictures({ backbone: { ...options.backbone, digest: '11'.repeat(32) } }), expected);
  assert.equal(pictures({ versions: ['decoder 2'] }).size, 0);
});

test('closing keeps within the limit', (context) => {
  const directory = join(temporaryDirectory(context), 'cache');
  save(optionsFor(directory));
  assert.equal(find(optionsFor(directory, { limitBytes: 0 })).size, 1, 'read before it is removed');
  assert.equal(find(optionsFor(directory)).size, 0);
});
