import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackboneChoice, type BackboneSpec, parseBackboneSpec, type TrainOptions } from '../../engine/index.ts';
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
  { wish, channels, tree }: TrainingRequest,
  { environment, proxy, mirror }: ContainerTraining,
): Promise<BackboneChoice> {
  const kind = kindOf(wish);
  const folder = channels.get('weights');
  if (folder === undefined && kind === 'onnx') {
    const reason = `the job has none, and backbone=${wish.backbone} is a file of it`;
    throw userError('WHIPPET_CONTAINER_WEIGHTS', { path: join(tree.data, 'weights'), reason });
  }
  const weights = folder === undefined ? undefined : await weightsIn(folder, { backbone: wish.backbone, kind });
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

/** @throws WHIPPET_BACKBONE_UNKNOWN, WHIPPET_BACKBONE_NO_SUCH_WEIGHTS */
function kindOf({ backbone }: TrainingRequest['wish']): BackboneSpec['kind'] | undefined {
  // Alone it is the one file of the channel "weights".
  if (backbone === 'onnx') return 'onnx';
  return backbone === undefined ? undefined : parseBackboneSpec(backbone).kind;
}

/**
 * The file of the channel "weights": a .onnx is the backbone itself, a .safetensors the weights of a ResNet. `backbone=onnx:NAME` names
 * one of several.
 * @throws WHIPPET_CONTAINER_WEIGHTS, WHIPPET_CONTAINER_WEIGHTS_OF_ANOTHER
 */
async function weightsIn(
  folder: string,
  { backbone, kind }: { readonly backbone: string | undefined; readonly kind: BackboneSpec['kind'] | undefined },
): Promise<Partial<BackboneChoice>> {
  const named = /^onnx:(.+)$/.exec(backbone ?? '')?.[1];
  if (named !== undefined) return { spec: `onnx:${join(folder, named)}` };
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(onnx|safetensors)$/i.test(name)).sort();
  const [name] = names;
  if (name === undefined || names.length > 1) {
    const reason = name === undefined ? 'it has no such file' : `it has ${names.join(' and ')}`;
    throw userError('WHIPPET_CONTAINER_WEIGHTS', { path: folder, reason });
  }
  const path = join(folder, name);
  const found = /\.onnx$/i.test(name) ? 'onnx' : 'resnet';
  if (backbone !== undefined && kind !== found) {
    throw userError('WHIPPET_CONTAINER_WEIGHTS_OF_ANOTHER', { file: name, backbone });
  }
  return found === 'onnx' ? { spec: `onnx:${path}` } : { spec: backbone ?? 'resnet50', weightsFile: path };
}
