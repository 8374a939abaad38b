import { readFile } from 'node:fs/promises';
import type { InputRecord } from '../../rules/records.ts';
import type { Backbone } from '../backbone/backbone.ts';
import type { Dataset, Sample } from '../dataset/dataset.ts';
import { decodePicture } from '../image/decode.ts';
import type { Preprocessing } from '../image/picture.ts';
import type { TrainOptions } from './options.ts';

interface InputContext extends Pick<InputRecord, 'classWeights'> {
  readonly backbone: Pick<Backbone, 'preprocessing'>;
  readonly options: TrainOptions;
}

/** What goes into training, told before its first step. `train` are the training pictures that could be used. */
export async function inputRecord(
  { classes }: Pick<Dataset, 'classes'>,
  train: readonly Sample[],
  { backbone, classWeights, options }: InputContext,
): Promise<InputRecord> {
  const trainPictures = classes.map((_, label) => train.filter((sample) => sample.label === label).length);
  const wanted = options.record?.pixels ?? 0;
  const pixels = wanted > 0 ? await meanOfPixels(spread(train, wanted), { backbone, options }) : undefined;
  return { kind: 'inputs', classes, trainPictures, classWeights, ...(pixels && { pixels }) };
}

/** At most `count`, evenly over the order of classes. */
function spread(samples: readonly Sample[], count: number): Sample[] {
  const taken = Math.min(count, samples.length);
  return Array.from({ length: taken }, (_, i) => samples[Math.floor((i * samples.length) / taken)]!);
}

/** Pictures decoded at a time: as many as keep sharp busy. */
const atOnce = 4;

/** The mean over all pixels and channels as the backbone gets them; undefined where no picture could be decoded. */
async function meanOfPixels(
  samples: readonly Sample[],
  { backbone, options }: Omit<InputContext, 'classWeights'>,
): Promise<InputRecord['pixels']> {
  const { pictureBytes = ({ path }: Sample) => readFile(path), signal } = options;
  const { preprocessing } = backbone;
  const means: number[] = [];
  for (let from = 0; from < samples.length; from += atOnce) {
    signal?.throwIfAborted();
    const found = await Promise.all(
      samples.slice(from, from + atOnce).map(async (sample) => {
        const { digest, name: source } = sample;
        const decoding = { source, preprocessing, digest, views: [{ kind: 'center' as const }] };
        // A picture that is out of reach by now says nothing of the others.
        const picture = await pictureBytes(sample)
          .then((bytes) => decodePicture(bytes, decoding))
          .catch(() => undefined);
        return picture ? [normalisedMean(picture.views[0]!, preprocessing)] : [];
      }),
    );
    means.push(...found.flat());
  }
  if (means.length === 0) return undefined;
  return { mean: means.reduce((sum, one) => sum + one, 0) / means.length, pictures: means.length };
}

/** Mean of (pixel ÷ 255 − mean) ÷ std over the pixels of one picture, RGB row by row. */
function normalisedMean(pixels: Uint8Array, { mean, std }: Pick<Preprocessing, 'mean' | 'std'>): number {
  const sums = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 3) {
    for (let channel = 0; channel < 3; channel++) sums[channel]! += pixels[at + channel]!;
  }
  const perChannel = pixels.length / 3;
  const normalised = sums.map((sum, channel) => (sum / perChannel / 255 - mean[channel]!) / std[channel]!);
  return normalised.reduce((sum, one) => sum + one, 0) / 3;
}
