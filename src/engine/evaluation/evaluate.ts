import { seededRandom } from '../../random/index.ts';
import { bootstrapMacroF1, bootstrapMean } from './bootstrap.ts';
import { type Calibration, calibrationOf } from './calibration.ts';
import { type ChanceTest, testAgainstChance } from './chance.ts';
import {
  type ClassScore,
  type ConfusedPair,
  type ConfusionCell,
  classScores,
  confusedPairs,
  confusionCells,
} from './classes.ts';
import { type PictureScores, scorePictures } from './pictures.ts';
import { type Estimate, wilson } from './statistics.ts';

export interface EvaluationInput {
  /** [n × classes] row-major. */
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly temperature: number;
}

/** What is known of a model from one split. Plain data: goes into `metrics.json` as it is. Proportions are 0–1, intervals 95 %. */
export interface Evaluation {
  readonly pictures: number;
  readonly classes: readonly string[];
  readonly temperature: number;
  readonly top1: Estimate;
  /** The true class is among the first five (or all, where there are fewer classes). */
  readonly top5: Estimate;
  /** Mean cross-entropy per picture in nats, of the raw logits and after temperature scaling. */
  readonly rawCrossEntropy: Estimate;
  readonly crossEntropy: Estimate;
  /** Over the classes that have pictures. */
  readonly macroF1: Estimate;
  readonly chance: ChanceTest;
  readonly aboveChance: boolean;
  /** For the user, loudly: the model is not above chance. */
  readonly warning?: string;
  readonly perClass: readonly ClassScore[];
  readonly confusion: readonly ConfusionCell[];
  readonly confusedPairs: readonly ConfusedPair[];
  readonly calibration: Calibration;
}

const pairLimit = 50;

/**
 * Evaluates a model on one split. Pure and deterministic: resampling is seeded by constants, so equal logits give equal intervals.
 * @throws RangeError without pictures, for lengths that do not fit, and for logits that are not finite.
 */
export function evaluate(input: EvaluationInput): Evaluation {
  const { labels, classes, temperature } = input;
  if (labels.length === 0) throw new RangeError('There is no picture to evaluate on');
  const scores = scorePictures({ ...input, classCount: classes.length });
  const correct = Uint8Array.from(scores.rank, (rank) => (rank === 0 ? 1 : 0));
  const hits = (places: number): number => scores.rank.reduce((sum, rank) => sum + (rank < places ? 1 : 0), 0);
  const cells = confusionCells(labels, scores.predicted, classes.length);
  const perClass = classScores(classes, cells);
  const largest = Math.max(...perClass.map(({ support }) => support));
  const chance = testAgainstChance(hits(1), labels.length, largest / labels.length, classes.length);
  return {
    pictures: labels.length,
    classes,
    temperature,
    top1: wilson(hits(1), labels.length),
    top5: wilson(hits(5), labels.length),
    // The same seed for both, so that they differ by the temperature and not by the draw.
    rawCrossEntropy: bootstrapMean(scores.rawLoss, seededRandom('evaluation/cross-entropy')),
    crossEntropy: bootstrapMean(scores.loss, seededRandom('evaluation/cross-entropy')),
    macroF1: bootstrapMacroF1(labels, scores.predicted, classes.length, seededRandom('evaluation/macro-f1')),
    chance,
    aboveChance: chance.above,
    ...(chance.warning !== undefined && { warning: chance.warning }),
    perClass,
    confusion: cells,
    confusedPairs: confusedPairs(cells, pairLimit),
    calibration: calibrationOf(
      scores.confidence,
      rawConfidence(input, scores),
      correct,
      seededRandom('evaluation/calibration'),
    ),
  };
}

function rawConfidence(input: EvaluationInput, scores: PictureScores): Float64Array {
  if (input.temperature === 1) return scores.confidence;
  return scorePictures({ ...input, classCount: input.classes.length, temperature: 1 }).confidence;
}
