import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileNames } from '../artifact/manifest.ts';
import { buildModelGraph } from '../artifact/model-graph.ts';
import { type OpenArtifact, openArtifact } from '../artifact/open.ts';
import { sealManifest, writeArtifact } from '../artifact/write.ts';
import type { Backbone } from '../backbone/backbone.ts';
import type { Head } from '../head/head.ts';
import { encodePng } from '../image/codec.ts';
import { decodeUpright } from '../image/decode.ts';
import { fitNovelty } from '../novelty/novelty.ts';
import { encodeModel, graph, model, node, value } from '../onnx/model.ts';
import { explainPicture } from './explain.ts';
import { explanationData } from './explanation.ts';
import { renderExplanation } from './render.ts';
import { buildTrainingIndex, encodeTrainingIndex } from './training-index.ts';

const size = 32;
const labels = ['red', 'green', '<script>alert(1)</script>'];
const preprocessing = { size, resize: size, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] } as const;
/** A picture is called what its colour is: the features are the means of the channels. */
const head: Head = {
  layers: [
    {
      inputs: 3,
      outputs: 3,
      weight: Float32Array.of(0.1, 0, 0, 0, 0.1, 0, 0, 0, 0.1),
      bias: Float32Array.of(1, 0, -1),
    },
  ],
};

function backboneOf(hasMap: boolean): Backbone {
  const ints = (...values: number[]) => ({ ints: values });
  const nodes = [
    node('Cast', ['pixels'], ['floats'], { to: { int: 1 } }),
    node('Transpose', ['floats'], ['planes'], { perm: ints(0, 3, 1, 2) }),
    node('AveragePool', ['planes'], ['map'], { kernel_shape: ints(8, 8), strides: ints(8, 8) }),
    node('ReduceMean', ['map'], ['features'], { axes: ints(2, 3), keepdims: { int: 0 } }),
  ];
  const outputs = [value('features', 'float32', ['N', 3]), value('map', 'float32', ['N', 3, 4, 4])];
  return {
    name: 'colours',
    model: model(graph('colours', { nodes, inputs: [value('pixels', 'uint8', ['N', size, size, 3])], outputs })),
    digest: 'b',
    dimension: 3,
    hasMap,
    preprocessing,
    pretrainedOn: 'nothing',
  };
}

let root: string;
let picture: Uint8Array;
let trainingBytes: Uint8Array;
const trainingDigest = (): string => createHash('sha256').update(trainingBytes).digest('hex');

/** Grey, with a red square in the upper right of the part that is seen: a 64 × 32 photo of which the middle 32 × 32 remains. */
async function drawPicture(): Promise<Uint8Array> {
  const rgb = new Uint8Array(64 * 32 * 3).fill(90);
  for (let y = 0; y < 8; y++) for (let x = 40; x < 48; x++) rgb.set([255, 0, 0], (y * 64 + x) * 3);
  return encodePng(rgb, { width: 64, height: 32 });
}

async function artifactOf(folder: string, hasMap: boolean): Promise<OpenArtifact> {
  const features = { rows: 4, dimension: 3, data: Float32Array.of(200, 10, 10, 10, 200, 10, 10, 10, 200, 90, 100, 80) };
  const row = (r: number): Float32Array => features.data.subarray(r * 3, r * 3 + 3);
  const novelty = fitNovelty({
    ...{ train: features, labels: Int32Array.of(0, 1, 2, 0), classCount: 3, valid: features },
    validLogits: Float32Array.from({ length: 12 }, (_, i) => 0.1 * row(Math.floor(i / 3))[i % 3]! + 1 - (i % 3)),
  });
  const pictures = ['train/red/a.png', 'train/green/gone.png', '../outside.png', 'train/red/changed.png'].map(
    (name, r) => ({
      ...{ name, label: r % 3 },
      digest: trainingDigest(),
    }),
  );
  const files = {
    [fileNames.model]: encodeModel(buildModelGraph(backboneOf(hasMap), head)),
    [fileNames.novelty]: novelty.state,
    [fileNames.trainingIndex]: encodeTrainingIndex(buildTrainingIndex(features, pictures)),
  };
  const manifest = sealManifest(
    {
      labels,
      backbone: { name: 'colours', digest: 'b', dimension: 3, hasMap, pretrainedOn: 'nothing' },
      preprocessing,
      head: [3, 3],
      temperature: 1,
      novelty: novelty.scale,
      hyperparameters: {},
      data: { digests: {}, counts: {} },
      versions: { whippet: '0', node: '0', onnxruntime: '0', sharp: '0', platform: 'test' },
    },
    files,
  );
  await writeArtifact(folder, { manifest, files, unlisted: {} });
  return openArtifact(folder);
}

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'whippet-explain-'));
  picture = await drawPicture();
  trainingBytes = await encodePng(new Uint8Array(16 * 16 * 3).fill(200), { width: 16, height: 16 });
  await mkdir(join(root, 'data', 'train', 'red'), { recursive: true });
  await writeFile(join(root, 'data', 'train', 'red', 'a.png'), trainingBytes);
  await writeFile(join(root, 'data', 'train', 'red', 'changed.png'), picture);
  await writeFile(join(root, 'outside.png'), trainingBytes);
});
after(() => rm(root, { recursive: true, force: true }));

test('a picture is explained by places that add up to the score, drawn where they are', async () => {
  const artifact = await artifactOf(join(root, 'mapped'), true);
  const explanation = await explainPicture(artifact, picture, { source: 'p.png', threads: 1 });
  const [best] = explanation.maps;
  assert.equal(best?.label, 'red');
  assert.deepEqual([best.rows, best.columns], [4, 4]);
  assert.ok(Math.abs(best.values.reduce((a, b) => a + b, 0) + best.offset - best.logit) < 1e-4);
  assert.equal(best.values.indexOf(Math.max(...best.values)), 3, 'row 0, column 3');
  assert.deepEqual(explanation.region, { left: 0.25, top: 0, width: 0.5, height: 1 });

  const drawn = await decodeUpright(best.overlay, 'overlay', 1000);
  assert.deepEqual([drawn.width, drawn.height], [64, 32]);
  const pixel = (x: number, y: number): number[] => [...drawn.data.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3)];
  assert.ok(
    pixel(5, 5).every((channel) => channel < 40),
    'outside of the crop it is dark',
  );
  assert.deepEqual(pixel(20, 28), [90, 90, 90], 'the lowest places are the photo');
  assert.ok(pixel(46, 2)[0]! > 180 && pixel(46, 2)[2]! < 180, `${pixel(46, 2)}`);
});

test('neighbours have a thumbnail where the training picture is there, unchanged and below its root', async () => {
  const artifact = await artifactOf(join(root, 'neighbours'), true);
  const { neighbours } = await explainPicture(artifact, picture, {
    ...{ source: 'p.png', threads: 1, neighbours: 4 },
    trainingRoot: join(root, 'data'),
  });
  const shown = new Map(neighbours.map(({ name, thumbnail }) => [name, thumbnail !== undefined]));
  assert.deepEqual([...shown].sort(), [
    ['../outside.png', false],
    ['train/green/gone.png', false],
    ['train/red/a.png', true],
    ['train/red/changed.png', false],
  ]);
  assert.equal(neighbours[0]?.name, 'train/red/changed.png', 'the nearest to a grey picture');
});

test('without a map of places the neighbours remain, and the page says why', async () => {
  const artifact = await artifactOf(join(root, 'unmapped'), false);
  const explanation = await explainPicture(artifact, picture, { source: 'p.png', threads: 1 });
  assert.deepEqual(explanation.maps, []);
  assert.equal(explanation.neighbours.length, 4);
  assert.match(renderExplanation(explanation), /keeps no map of places/);
});

test('the page fetches nothing, runs nothing and escapes names; the data hold no pictures', async () => {
  const artifact = await artifactOf(join(root, 'page'), true);
  const explanation = await explainPicture(artifact, picture, { source: '<img src=x>.png', threads: 1 });
  const html = renderExplanation(explanation);
  assert.doesNotMatch(html, /<script|https?:|<img src=x/);
  assert.match(html, /script-src 'none'/);
  assert.match(html, /&lt;script&gt;alert\(1\)/);
  const data = JSON.stringify(explanationData(explanation));
  assert.ok(data.length < 4000, `${data.length}`);
  assert.equal(JSON.parse(data).maps[0].values.length, 16);
});
