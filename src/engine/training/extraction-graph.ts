import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { featureGraph } from '../artifact/model-graph.ts';
import type { Backbone } from '../backbone/backbone.ts';
import { encodeModel } from '../onnx/model.ts';

/**
 * The file extraction workers open: the backbone from pixels to features, by digest in the user's cache, so that a second run
 * finds it there.
 */
export async function extractionGraphFile(
  backbone: Pick<Backbone, 'digest' | 'model' | 'dimension'>,
  cacheDirectory: string,
): Promise<string> {
  const folder = join(cacheDirectory, 'graphs');
  const path = join(folder, `${backbone.digest}.onnx`);
  const encoded = encodeModel(featureGraph(backbone.model, backbone.dimension));
  const found = await stat(path).catch(() => undefined);
  if (found?.size === encoded.length) return path;
  await mkdir(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}.part`;
  await writeFile(unfinished, encoded);
  await rename(unfinished, path);
  return path;
}
