import { readFile } from 'node:fs/promises';
import type { Suspicion } from '../audit/confident-learning.ts';
import type { Sample } from '../dataset/dataset.ts';
import type { ConfusedPair } from '../evaluation/classes.ts';
import { thumbnail } from '../image/decode.ts';
import { softmax } from '../prediction/rank.ts';
import type { ReportedPicture } from '../report/report-data.ts';
import type { SplitRows } from './rows.ts';

const lossGallery = 24;
const suspectGallery = 24;
const pairsWithExamples = 12;
const thumbnailSide = 160;
/** A page with more of them is slow to open, and nobody looks at all of them. */
const mostThumbnails = 100;

/** How a gallery shows its pictures. */
export interface GalleryOptions {
  /** With thumbnails. */
  readonly pictures: boolean;
  /** Default: the file at the picture's path. */
  readonly pictureBytes?: ((sample: Sample) => Promise<Uint8Array>) | undefined;
}

export interface Judged {
  readonly logits: Float32Array;
  readonly rows: SplitRows;
  readonly temperature: number;
}

/** The pictures a model is most wrong about, and one example for each of the most confused pairs. */
export async function pickMistakes(
  { logits, rows, temperature }: Judged,
  { pairs, ...gallery }: GalleryOptions & { readonly pairs: readonly ConfusedPair[] },
): Promise<{ topLosses: ReportedPicture[]; mistakes: ReportedPicture[] }> {
  const classes = logits.length / rows.samples.length;
  const all = rows.samples.map((sample, row) =>
    judge(sample, softmax(logits.subarray(row * classes, (row + 1) * classes), temperature)),
  );
  const wrong = all
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => a.labelProbability - b.labelProbability);
  const shown = wrong.slice(0, lossGallery);
  const examples = pairs.slice(0, pairsWithExamples).flatMap((pair) => {
    const example = wrong.find(({ label, predicted }) => label === pair.first && predicted === pair.second);
    return example && !shown.includes(example) ? [example] : [];
  });
  return { topLosses: await illustrated(shown, gallery), mistakes: await illustrated(examples, gallery) };
}

interface JudgedPicture extends ReportedPicture {
  readonly sample: Sample;
}

function judge(sample: Sample, probabilities: Float64Array): JudgedPicture {
  const predicted = probabilities.indexOf(Math.max(...probabilities));
  return {
    ...{ sample, name: sample.name, digest: sample.digest, label: sample.label, predicted },
    labelProbability: probabilities[sample.label] as number,
    predictedProbability: probabilities[predicted] as number,
  };
}

/** Training pictures whose labels are believed least. */
export async function pickSuspects(
  suspicions: readonly Suspicion[],
  rows: SplitRows,
  { limit = suspectGallery, ...gallery }: GalleryOptions & { readonly limit?: number },
): Promise<ReportedPicture[]> {
  const suspects = suspicions.filter(({ suspected }) => suspected).slice(0, limit);
  return illustrated(
    suspects.map(({ row, confidence, suggested, suggestedConfidence }) => {
      const sample = rows.samples[row] as Sample;
      const { name, digest, label } = sample;
      return {
        ...{ sample, name, digest, label },
        predicted: suggested,
        labelProbability: confidence,
        predictedProbability: suggestedConfidence,
      };
    }),
    gallery,
  );
}

async function illustrated(
  chosen: readonly JudgedPicture[],
  { pictures, pictureBytes = ({ path }) => readFile(path) }: GalleryOptions,
): Promise<ReportedPicture[]> {
  return Promise.all(
    chosen.map(async ({ sample, ...reported }, place) => {
      if (!pictures || place >= mostThumbnails) return reported;
      const jpeg = await pictureBytes(sample)
        .then((bytes) => thumbnail(bytes, { side: thumbnailSide }))
        .catch(() => undefined);
      // A picture that vanished since it was read is shown without its thumbnail.
      return jpeg
        ? { ...reported, thumbnail: `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}` }
        : reported;
    }),
  );
}
