import type { Dataset, EngineEvent, EpochRecord, Evaluation, TrainingRun } from '../../engine/index.ts';
import { inHyperparameters } from './hyperparameters.ts';

/** Writes one line of the job's log. */
export type Log = (line: string) => void;

/**
 * The format that docs/container.md gives MetricDefinitions for:
 * `epoch=3 train:loss=1.234567 validation:loss=0.987654 validation:accuracy=0.736111 validation:calibrated_loss=0.876543
 * learning_rate=0.001900 seconds=0.041`, in one line.
 */
export function epochLine(epoch: EpochRecord, seconds: number): string {
  const { trainLoss, validLoss, validAccuracy, calibratedLoss, learningRate } = epoch;
  return [
    `epoch=${epoch.epoch}`,
    ...[metric('train:loss', trainLoss), metric('validation:loss', validLoss)],
    ...[metric('validation:accuracy', validAccuracy), metric('validation:calibrated_loss', calibratedLoss)],
    metric('learning_rate', learningRate),
    `seconds=${seconds.toFixed(3)}`,
  ].join(' ');
}

/** `Data: 12 classes, 120 train, 48 valid, 24 test pictures from "training"`; of a trial, which pictures it leaves alone. */
export function datasetLine(
  { classes, samples }: Dataset,
  { channels, isTrial }: { readonly channels: readonly string[]; readonly isTrial: boolean },
): string {
  const inSplit = (split: string): string => `${samples.filter((sample) => sample.split === split).length} ${split}`;
  const from = channels.map((name) => `"${name}"`).join(', ');
  const used = isTrial ? ['train', 'valid'] : ['train', 'valid', 'test'];
  const rest = isTrial ? ` (${inSplit('test')} left alone, as this is a trial)` : '';
  return `Data: ${classes.length} classes, ${used.map(inSplit).join(', ')} pictures from ${from}${rest}`;
}

/**
 * Figures of the model that is saved. Its loss on `valid` is that of its calibrated probabilities, so it may lie below that of its
 * epoch's line.
 */
export function finalLine({ trained, evaluation }: TrainingRun, test?: Evaluation): string {
  const best = trained.epochs.find(({ epoch }) => epoch === trained.bestEpoch);
  return [
    `final epoch=${trained.bestEpoch}`,
    metric('train:loss', best?.trainLoss ?? Number.NaN),
    metric('validation:loss', evaluation.crossEntropy.value),
    metric('validation:accuracy', evaluation.top1.value),
    ...(test ? [metric('test:accuracy', test.top1.value), metric('test:loss', test.crossEntropy.value)] : []),
  ].join(' ');
}

/** Why fewer epochs were trained than were asked for, where the log does not say so elsewhere. */
export function endingLines({
  stopped,
  epochs,
  bestEpoch,
}: Pick<TrainingRun['trained'], 'stopped' | 'epochs' | 'bestEpoch'>): string[] {
  if (stopped === 'interrupted') return [`Stopped after epoch ${epochs.length}; the best so far is saved.`];
  if (stopped !== 'early-stopping') return [];
  const since = epochs.length - bestEpoch;
  return [
    `Stopped early after epoch ${epochs.length}: validation:calibrated_loss has been no lower than in epoch ${bestEpoch} for ${since} ${since === 1 ? 'epoch' : 'epochs'} (patience).`,
  ];
}

/**
 * Whether the model knows more than which class is the largest, by the test of its report. A tuning job takes no winner that does not,
 * and holds the p-value to a level that falls with the number of its trials; a model that does not says so in words too.
 */
export function chanceLines({ evaluation: { chance } }: TrainingRun): string[] {
  const line = [
    metric('validation:chance', Math.max(chance.largestClass, chance.uniform)),
    `validation:chance_p_value=${chance.pValue.toPrecision(6)}`,
    `validation:above_chance=${chance.above ? 1 : 0}`,
  ].join(' ');
  return chance.warning === undefined ? [line] : [chance.warning, line];
}

/** Always a number: training ends where a loss is none. */
function metric(name: string, value: number): string {
  return `${name}=${value.toFixed(6)}`;
}

const stages: Partial<Record<string, string>> = {
  read: 'Reading files',
  download: 'Downloading weights',
  features: 'Extracting features',
  audit: 'Auditing labels',
};

/**
 * Lines for the engine's events: every epoch, every picture that is left out, and how far long stages are, every five seconds.
 * `elapsed` in milliseconds.
 */
export function logEvents(log: Log, elapsed: () => number): (event: EngineEvent) => void {
  let lastProgress = elapsed();
  return (event) => {
    if (event.type === 'epoch') {
      log(epochLine(event.epoch, event.seconds ?? 0));
    } else if (event.type === 'picture-refused') {
      log(`Left out: ${event.name}: ${event.message} (${event.code})`);
    } else if (event.type === 'warning') {
      log(`Warning: ${inHyperparameters(event.message)}`);
    } else if (stages[event.stage] !== undefined && elapsed() - lastProgress >= 5000) {
      lastProgress = elapsed();
      log(`${stages[event.stage]}: ${event.done} of ${event.total} ${event.unit}`);
    }
  };
}
