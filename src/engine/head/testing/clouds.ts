import { seededRandom } from '../../../random/index.ts';
import type { HeadData } from '../preparation.ts';

/** Pictures of some classes as clouds of features, with offsets and scales as wild as raw features have. For tests. */
export function clouds(
  counts: readonly number[],
  {
    dimension = 12,
    spread = 0.7,
    validPerClass = 6,
  }: { dimension?: number; spread?: number; validPerClass?: number } = {},
): HeadData {
  const random = seededRandom('training');
  const classes = counts.length;
  const centres = Float64Array.from({ length: classes * dimension }, () => random.normal());
  const draw = (labels: Int32Array) => ({
    rows: labels.length,
    dimension,
    data: Float32Array.from({ length: labels.length * dimension }, (_, at) => {
      const j = at % dimension;
      const value = centres[labels[Math.floor(at / dimension)]! * dimension + j]! + spread * random.normal();
      return j === 0 ? 4 : 10 * j + value * 10 ** (j % 4);
    }),
  });
  const repeat = (of: (c: number) => number) => Int32Array.from(counts.flatMap((_, c) => Array<number>(of(c)).fill(c)));
  const trainLabels = repeat((c) => counts[c]!);
  const validLabels = repeat(() => validPerClass);
  return { train: draw(trainLabels), trainLabels, valid: draw(validLabels), validLabels, classes };
}
