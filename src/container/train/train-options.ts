import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackboneChoice, TrainOptions } from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import type { ContainerTraining } from './container-training.ts';
import type { TrainingRequest } from './request.ts';

/** Time between two checkpoints at least, where WHIPPET_CHECKPOINT_SECONDS does not say: a restart repeats no more than that. */
const checkpointSeconds = 10;

/** What decides which features are needed: all hosts of a job must agree on it. */
export async function workOptions(request: TrainingRequest, training: ContainerTraining) {
  const { wish, channels } = request;
  const { environment, cores, cacheDirectory } = training;
  const root = channels.get('training') ?? channels.get('train') ?? '';
  return {
    dataset: {
      ...(wish.labels !== undefined && { labelsFile: join(root, wish.labels) }),
      ...(wish.groupBy !== undefined && { groupBy: wish.groupBy }),
    },
    backbone: await backboneChoice(request, training),
    views: wish.views,
    seed: wish.seed,
    workers: environment.threads ?? cores,
    cacheDirectory: environment.cache ?? cacheDirectory,
    ...(environment.cacheBase !== undefined && { baseCacheDirectories: environment.cacheBase }),
    strict: wish.strict,
  } satisfies Partial<TrainOptions>;
}

/** How the head is trained and what is written. A trial of a search gets no more than its objective needs. */
export async function headOptions({ wish, tree }: TrainingRequest, { environment }: ContainerTraining) {
  const trial = wish.objective !== undefined;
  const keepsCheckpoints = await stat(tree.checkpoints).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return {
    hyperparameters: wish.head,
    allowLeakage: wish.allowLeakage,
    audit: wish.audit && !trial,
    pictures: wish.pictures,
    report: trial ? 'none' : 'full',
    // Who started the job packs model/.
    archive: false,
    // SageMaker makes the folder where CheckpointConfig asks for it.
    ...(keepsCheckpoints && {
      checkpoints: {
        directory: tree.checkpoints,
        everySeconds: environment.checkpointSeconds ?? checkpointSeconds,
      },
    }),
  } satisfies Partial<TrainOptions>;
}

async function backboneChoice(
  { wish, channels }: TrainingRequest,
  { environment, proxy, mirror }: ContainerTraining,
): Promise<BackboneChoice> {
  const folder = channels.get('weights');
  const weights = folder === undefined ? undefined : await weightsIn(folder, wish.backbone);
  return {
    spec: wish.backbone,
    ...weights,
    features: wish.features,
    preprocessing: wish.preprocessing,
    proxy,
    mirror,
    offline: environment.offline,
  };
}

/**
 * The file of the channel "weights": a .onnx is the backbone itself, a .safetensors the weights of a ResNet. `backbone=onnx:NAME` names
 * one of several.
 * @throws WHIPPET_CONTAINER_WEIGHTS
 */
async function weightsIn(folder: string, backbone: string | undefined): Promise<Partial<BackboneChoice>> {
  const named = /^onnx:(.+)$/.exec(backbone ?? '')?.[1];
  if (named !== undefined) return { spec: `onnx:${join(folder, named)}` };
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(onnx|safetensors)$/i.test(name)).sort();
  const [name] = names;
  if (name === undefined || names.length > 1) {
    const reason = name === undefined ? 'it has no such file' : `it has ${names.join(' and ')}`;
    throw userError('WHIPPET_CONTAINER_WEIGHTS', { path: folder, reason });
  }
  const path = join(folder, name);
  if (/\.safetensors$/i.test(name)) return { spec: backbone ?? 'resnet50', weightsFile: path };
  if (backbone === undefined || backbone === 'onnx') return { spec: `onnx:${path}` };
  throw userError('WHIPPET_CONTAINER_WEIGHTS', { path: folder, reason: `${name} is no weights file for ${backbone}` });
}
