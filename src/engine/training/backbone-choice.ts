import type { Backbone } from '../backbone/backbone.ts';
import { checkDevice } from '../backbone/device.ts';
import { loadBackbone } from '../backbone/load.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { isDrawnSample } from '../dataset/drawing/stamp.ts';
import type { Preprocessing } from '../image/picture.ts';
import type { TrainOptions } from './options.ts';

/**
 * The backbone that was asked for; without a wish, the scattering network for the drawn sample and ResNet-50 for everything else.
 * @throws WHIPPET_BACKBONE_*
 */
export async function chooseBackbone(
  dataset: Pick<Dataset, 'root' | 'drawn'>,
  options: Pick<TrainOptions, 'backbone' | 'cacheDirectory' | 'baseCacheDirectories' | 'onEvent' | 'signal'>,
): Promise<Backbone> {
  const { backbone: choice, cacheDirectory, onEvent, signal } = options;
  checkDevice(choice.device ?? 'cpu');
  const drawn = dataset.drawn ?? (await isDrawnSample(dataset.root));
  const spec = choice.spec ?? (drawn ? 'scatter' : 'resnet50');
  if (spec === 'scatter' && !drawn) onEvent?.({ type: 'warning', code: 'scatter-on-photos', message: scatterWarning });
  return loadBackbone(spec, {
    features: choice.features,
    weightsFile: choice.weightsFile,
    preprocessing: choice.preprocessing as Partial<Preprocessing> | undefined,
    proxy: choice.proxy,
    mirror: choice.mirror,
    offline: choice.offline,
    cacheDirectory,
    baseCacheDirectories: options.baseCacheDirectories,
    onEvent,
    signal,
  });
}

export const scatterWarning =
  'The scattering network has never seen a photo: expect far less from it than from --backbone resnet50 (98 MB, downloaded once).';
