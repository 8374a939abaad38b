import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { isWhippetError, userError } from '../../errors/index.ts';
import { fileNames, type Manifest } from '../artifact/manifest.ts';
import { explainGraph, readHead } from '../artifact/model-graph.ts';
import type { OpenArtifact } from '../artifact/open.ts';
import { tensorNames } from '../backbone/backbone.ts';
import type { Head } from '../head/head.ts';
import { encodeJpeg, encodePng } from '../image/codec.ts';
import { decodePicture, decodeUpright, thumbnail } from '../image/decode.ts';
import type { PictureFacts } from '../image/picture.ts';
import type { Raster } from '../image/resample.ts';
import { openNovelty } from '../novelty/novelty.ts';
import { decodeModel, encodeModel, type OnnxModel } from '../onnx/model.ts';
import { openSession, type Tensor } from '../onnx/session.ts';
import { rank } from '../prediction/rank.ts';
import { activationMethod, activationOffset, classActivation } from './class-activation.ts';
import type { ExplainedClass, ExplainedNeighbour, Explanation } from './explanation.ts';
import { nearest } from './nearest.ts';
import { drawOverlay, type Region, seenRegion } from './overlay.ts';
import { decodeTrainingIndex, type TrainingIndex } from './training-index.ts';

export interface ExplainOptions {
  /** Names the picture in errors and on the page. */
  readonly source: string;
  /** Where the training pictures lie: the data set's root. Without it neighbours have no thumbnail. */
  readonly trainingRoot?: string | undefined;
  /** Training pictures to show. Default 6. */
  readonly neighbours?: number | undefined;
  /** Threads of ONNX Runtime. */
  readonly threads: number;
}

/** At most this many classes are explained: the answer, and what else it might be. */
const explainedClasses = 3;
/** A runner-up below this is no alternative. */
const alternativeProbability = 0.02;
const photoSide = 900;

interface ModelAnswer {
  readonly logits: Float32Array;
  readonly features: Float32Array;
  readonly map?: { readonly data: Float32Array; readonly rows: number; readonly columns: number };
}

/**
 * Explains what a model says about one picture. ONNX Runtime runs on the calling thread, which is blocked for one picture's time.
 * @throws WHIPPET_IMAGE_* for what cannot be decoded, WHIPPET_ARTIFACT_MALFORMED
 */
export async function explainPicture(
  artifact: OpenArtifact,
  bytes: Uint8Array,
  options: ExplainOptions,
): Promise<Explanation> {
  const { manifest } = artifact;
  const { source } = options;
  const model = decodeModel(await readFile(requiredFile(artifact, fileNames.model)), fileNames.model);
  const head = readHead(model);
  const { pixels, facts } = await seenPixels(bytes, source, manifest);
  const answer = await runModel(model, manifest, { pixels, threads: options.threads });
  const photo = await decodeUpright(bytes, source, photoSide);
  const region = seenRegion(manifest.preprocessing, facts);
  const novelty = openNovelty(await readFile(requiredFile(artifact, fileNames.novelty)), manifest.novelty);
  const ranked = rank(answer.logits, manifest);
  return {
    source,
    model: manifest.digest,
    width: photo.width,
    height: photo.height,
    ranked,
    novelty: novelty(answer.features, answer.logits),
    region,
    maps: await explainClasses(answer, { head, ranked, labels: manifest.labels, photo, region }),
    method: answer.map
      ? activationMethod(head)
      : 'This backbone keeps no map of places, so nobody can say where it looked.',
    neighbours: await neighboursOf(answer.features, artifact, options),
    photo: await encodeJpeg(photo.data, { width: photo.width, height: photo.height, quality: 86 }),
  };
}

async function seenPixels(
  bytes: Uint8Array,
  source: string,
  { preprocessing }: Manifest,
): Promise<{ pixels: Uint8Array; facts: PictureFacts }> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const { views, facts } = await decodePicture(bytes, { source, preprocessing, views: [{ kind: 'center' }], digest });
  return { pixels: views[0] as Uint8Array, facts };
}

async function runModel(
  model: OnnxModel,
  { backbone, labels, preprocessing }: Manifest,
  { pixels, threads }: { pixels: Uint8Array; threads: number },
): Promise<ModelAnswer> {
  const graph = explainGraph(model, { dimension: backbone.dimension, classes: labels.length, hasMap: backbone.hasMap });
  const session = await openSession(encodeModel(graph), { threads, source: fileNames.model });
  try {
    const { size } = preprocessing;
    const results = await session.run({ [tensorNames.pixels]: { dims: [1, size, size, 3], data: pixels } });
    const map = results[tensorNames.map];
    const [, , rows = 0, columns = 0] = map?.dims ?? [];
    return {
      logits: floats(results[tensorNames.logits]),
      features: floats(results[tensorNames.features]),
      ...(map && { map: { data: floats(map), rows, columns } }),
    };
  } finally {
    await session.release();
  }
}

/** A copy: the runtime's own memory goes with the session. */
function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array))
    throw new Error('the model gave no float32 tensor where one was asked for');
  return Float32Array.from(tensor.data);
}

interface Surroundings {
  readonly head: Head;
  readonly ranked: Explanation['ranked'];
  readonly labels: readonly string[];
  readonly photo: Raster;
  readonly region: Region;
}

async function explainClasses({ logits, features, map }: ModelAnswer, around: Surroundings): Promise<ExplainedClass[]> {
  if (!map) return [];
  const { head, ranked, labels, photo, region } = around;
  const { rows, columns } = map;
  const wanted = ranked
    .slice(0, explainedClasses)
    .filter(({ probability }, place) => place === 0 || probability >= alternativeProbability);
  return Promise.all(
    wanted.map(async ({ label, probability }) => {
      const classIndex = labels.indexOf(label);
      const values = classActivation({ map: map.data, head, features, classIndex });
      const overlay = await encodePng(drawOverlay(photo, { values, rows, columns }, region), {
        width: photo.width,
        height: photo.height,
      });
      const offset = activationOffset(head, features, classIndex);
      return { label, probability, logit: logits[classIndex]!, rows, columns, values: [...values], offset, overlay };
    }),
  );
}

async function neighboursOf(
  features: Float32Array,
  artifact: OpenArtifact,
  { neighbours = 6, trainingRoot }: ExplainOptions,
): Promise<ExplainedNeighbour[]> {
  const file = artifact.file(fileNames.trainingIndex);
  if (!file) return [];
  const index: TrainingIndex = decodeTrainingIndex(await readFile(file), fileNames.trainingIndex);
  return Promise.all(
    nearest({ query: features, index, k: neighbours }).map(async ({ picture, similarity }) => {
      const { name, digest, label } = picture;
      const small =
        name !== undefined && trainingRoot !== undefined && (await pictureBelow(trainingRoot, name, digest));
      return {
        label: artifact.manifest.labels[label] ?? '',
        similarity,
        digest,
        ...(name !== undefined && { name }),
        ...(small && { thumbnail: small }),
      };
    }),
  );
}

/** The training picture as a thumbnail; undefined where it is gone, changed or no longer readable. The name comes from the artifact, so it may not lead out of the root. */
async function pictureBelow(root: string, name: string, digest: string): Promise<Uint8Array | undefined> {
  const path = resolve(root, name);
  const below = relative(resolve(root), path);
  if (below.startsWith('..') || isAbsolute(below)) return undefined;
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== digest) return undefined;
  return thumbnail(bytes, { side: 256, source: name }).catch((error: unknown) => {
    if (isWhippetError(error)) return undefined;
    throw error;
  });
}

function requiredFile(artifact: OpenArtifact, name: string): string {
  const file = artifact.file(name);
  if (!file) throw userError('WHIPPET_ARTIFACT_MALFORMED', { path: artifact.folder, reason: `it lists no ${name}` });
  return file;
}
