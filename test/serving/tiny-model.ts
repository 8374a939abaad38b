import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileNames } from '../../src/engine/artifact/manifest.ts';
import { type OpenArtifact, openArtifact } from '../../src/engine/artifact/open.ts';
import { sealManifest, writeArtifact } from '../../src/engine/artifact/write.ts';
import { fitNovelty } from '../../src/engine/novelty/novelty.ts';
import { encodeModel, graph, model, node, scalar, tensor, value } from '../../src/engine/onnx/model.ts';
import { seededRandom } from '../../src/random/index.ts';

/** Class k answers to one colour: red, green, blue, and their opposites. */
export const tinyLabels = ['red', 'green', 'blue', 'cyan', 'magenta', 'yellow'] as const;
const weights = Float32Array.of(9, 0, 0, 0, 5, 5, 0, 9, 0, 5, 0, 5, 0, 0, 9, 5, 5, 0);
const size = 16;

/**
 * Writes and opens a real artifact with a real graph, only small: features are the mean colour, logits a linear map of it. Fast
 * enough to test a server without waiting for a backbone.
 */
export async function tinyArtifact(folder: string): Promise<OpenArtifact> {
  await mkdir(dirname(folder), { recursive: true });
  const random = seededRandom('tiny model');
  const colours = Float32Array.from({ length: 60 * 3 }, () => random.next());
  const rows = { data: colours, rows: 60, dimension: 3 };
  const novelty = fitNovelty({
    train: rows,
    labels: Int32Array.from({ length: 60 }, (_, row) => row % tinyLabels.length),
    classCount: tinyLabels.length,
    valid: rows,
    validLogits: Float32Array.from({ length: 60 * 6 }, () => random.next() * 9),
  });
  const files = {
    [fileNames.model]: encodeModel(tinyGraph()),
    [fileNames.novelty]: novelty.state,
    [fileNames.metrics]: '{}',
  };
  const manifest = sealManifest(
    {
      labels: tinyLabels,
      backbone: { name: 'mean-colour', digest: 'none', dimension: 3, hasMap: false, pretrainedOn: 'nothing' },
      preprocessing: { size, resize: size, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
      head: [3, tinyLabels.length],
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

function tinyGraph(): ReturnType<typeof model> {
  return model(
    graph('tiny', {
      nodes: [
        node('Cast', ['pixels'], ['levels'], { to: { int: 1 } }),
        node('Mul', ['levels', 'scale'], ['colours']),
        node('ReduceMean', ['colours'], ['features'], { axes: { ints: [1, 2] }, keepdims: { int: 0 } }),
        node('MatMul', ['features', 'weights'], ['logits']),
      ],
      inputs: [value('pixels', 'uint8', ['N', size, size, 3])],
      outputs: [value('logits', 'float32', ['N', 6]), value('features', 'float32', ['N', 3])],
      initializers: [scalar('scale', 1 / 255), tensor('weights', [3, 6], weights)],
    }),
  );
}
