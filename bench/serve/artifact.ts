import { join } from 'node:path';
import { fileNames } from '../../src/engine/artifact/manifest.ts';
import { buildModelGraph } from '../../src/engine/artifact/model-graph.ts';
import { sealManifest, writeArtifact } from '../../src/engine/artifact/write.ts';
import type { Backbone } from '../../src/engine/index.ts';
import { fitNovelty } from '../../src/engine/novelty/novelty.ts';
import { encodeModel } from '../../src/engine/onnx/model.ts';
import { seededRandom } from '../../src/random/index.ts';

const classes = 133;

/** A model of the founding shape (133 breeds) on a backbone, with a drawn head: costs what a trained one costs. */
export async function writeDrawnModel(backbone: Backbone, folder: string): Promise<string> {
  const random = seededRandom('drawn head');
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal() / 30);
  const { dimension } = backbone;
  const head = {
    layers: [{ inputs: dimension, outputs: classes, weight: draw(dimension * classes), bias: draw(classes) }],
  };
  const rows = { data: draw(2 * classes * dimension).map(Math.abs), rows: 2 * classes, dimension };
  const novelty = fitNovelty({
    train: rows,
    labels: Int32Array.from({ length: rows.rows }, (_, row) => row % classes),
    classCount: classes,
    valid: rows,
    validLogits: draw(rows.rows * classes),
  });
  const files = {
    [fileNames.model]: encodeModel(buildModelGraph(backbone, head)),
    [fileNames.novelty]: novelty.state,
    [fileNames.metrics]: '{}',
  };
  const { name, digest, hasMap, pretrainedOn, preprocessing } = backbone;
  const manifest = sealManifest(
    {
      labels: Array.from({ length: classes }, (_, index) => `class ${index}`),
      backbone: { name, digest, dimension, hasMap, pretrainedOn },
      preprocessing,
      head: [dimension, classes],
      temperature: 1,
      novelty: novelty.scale,
      hyperparameters: {},
      data: { digests: {}, counts: {} },
      versions: { whippet: '0', node: '0', onnxruntime: '0', sharp: '0', platform: 'bench' },
    },
    files,
  );
  const path = join(folder, name.replace(/[^\w]+/g, '-'));
  await writeArtifact(path, { manifest, files, unlisted: {} });
  return path;
}
