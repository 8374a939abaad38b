import { userError } from '../../errors/index.ts';
import { download, type ProxySettings } from '../../net/index.ts';
import type { Listener } from '../events.ts';
import type { Backbone } from './backbone.ts';
import { onnxBackbone } from './onnx-file.ts';
import type { PreprocessingWish } from './preprocessing.ts';
import { resnetBackbone } from './resnet.ts';
import { scatterBackbone } from './scatter.ts';
import { parseBackboneSpec } from './spec.ts';
import type { DownloadFunction } from './weights.ts';

export interface LoadBackboneOptions {
  /** `--features`: the tensor of an `onnx:` model that holds the features. */
  readonly features?: string | undefined;
  /** From flags; stronger than what the model says. */
  readonly preprocessing?: PreprocessingWish | undefined;
  /** `--weights`: a safetensors file instead of the download. */
  readonly weightsFile?: string | undefined;
  /** Where downloaded weights are kept, one copy per user. */
  readonly cacheDirectory: string;
  /** Caches of others where weights are looked for before they are downloaded. */
  readonly baseCacheDirectories?: readonly string[] | undefined;
  /** As in HTTPS_PROXY and its kin. */
  readonly proxy?: ProxySettings | undefined;
  /** Base URL that takes the place of https://huggingface.co. */
  readonly mirror?: string | undefined;
  /** Weights that are not in the cache are refused, not downloaded. */
  readonly offline?: boolean | undefined;
  readonly onEvent?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The backbone that `--backbone` names: `scatter`, `resnet18|34|50|101|152[:v1|:v2]` or `onnx:FILE`. Runs ONNX models once on a test
 * picture, which blocks the calling thread for a moment.
 * @throws WHIPPET_BACKBONE_UNKNOWN with the nearest name, WHIPPET_BACKBONE_OPTION for an option that means nothing to it, and whatever
 * reading, downloading and checking it can say.
 */
export async function loadBackbone(spec: string, options: LoadBackboneOptions): Promise<Backbone> {
  const parsed = parseBackboneSpec(spec);
  const refuse = (option: string, where: string): never => {
    throw userError('WHIPPET_BACKBONE_OPTION', { option, spec, where });
  };
  if (options.features !== undefined && parsed.kind !== 'onnx') refuse('--features', 'onnx:FILE');
  if (options.weightsFile !== undefined && parsed.kind !== 'resnet') refuse('--weights', 'a ResNet');
  if (parsed.kind === 'onnx') return await onnxBackbone(parsed.path, options);
  if (parsed.kind === 'scatter') {
    if (hasValues(options.preprocessing)) refuse('The preprocessing', 'onnx:FILE or a ResNet');
    return scatterBackbone();
  }
  return await resnetBackbone(parsed.depth, parsed.version, { ...options, download: downloadThrough(options) });
}

function downloadThrough({ proxy, mirror, offline }: LoadBackboneOptions): DownloadFunction {
  if (offline) return (url, path) => Promise.reject(userError('WHIPPET_BACKBONE_OFFLINE', { url, path }));
  const route = { ...(proxy ? { proxy } : {}), ...(mirror === undefined ? {} : { mirror }) };
  return (url, destination, options) => download(url, destination, { ...options, ...route });
}

function hasValues(wish: PreprocessingWish | undefined): boolean {
  return wish !== undefined && Object.values(wish).some((value) => value !== undefined);
}
