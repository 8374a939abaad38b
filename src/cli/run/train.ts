import { type TrainingRun, type TrainOptions, type TrainResult, train } from '../../engine/index.ts';
import type { Context } from '../context.ts';
import { count, estimate, percent } from '../terminal/numbers.ts';
import { shortPath } from '../terminal/paths.ts';
import { duration } from '../terminal/progress.ts';
import type { Style } from '../terminal/style.ts';
import { printable, table } from '../terminal/table.ts';

export async function runTrain(
  photos: string,
  { options, json }: { options: TrainOptions; json: boolean },
  context: Context,
): Promise<void> {
  const started = performance.now();
  const result = await train(photos, options);
  context.progress.clear();
  const seconds = (performance.now() - started) / 1000;
  if (json) context.out(`${JSON.stringify(asJson(result, seconds), null, 2)}\n`);
  else context.out(summary(result, { photos, seconds, context }));
  if (result.run.trained.stopped === 'interrupted') context.exitCode = 130;
}

function asJson({ artifact, report, run }: TrainResult, seconds: number): object {
  const { top1, top5, crossEntropy, macroF1, chance, aboveChance } = run.evaluation;
  return {
    model: artifact.folder,
    archive: artifact.archive,
    report,
    digest: artifact.manifest.digest,
    valid: { pictures: run.evaluation.pictures, top1, top5, crossEntropy, macroF1, chance, aboveChance },
    bestEpoch: run.trained.bestEpoch,
    stopped: run.trained.stopped,
    temperature: run.calibration.temperature,
    suspectedLabels: run.suspicions.filter(({ suspected }) => suspected).length,
    refused: run.check.refused,
    seconds,
    secondsByStage: run.seconds,
  };
}

interface Surroundings {
  readonly photos: string;
  readonly seconds: number;
  readonly context: Context;
}

function summary({ artifact, report, run }: TrainResult, { photos, seconds, context }: Surroundings): string {
  const { style } = context;
  const { trained, evaluation, backbone } = run;
  const stopped = trained.stopped === 'completed' ? '' : ` (${trained.stopped})`;
  const rows = [
    ['data', dataInWords(run)],
    ['backbone', `${backbone.name}, ${count(backbone.dimension)} features`],
    ['input', inputInWords(run, style)],
    ['head', `${artifact.manifest.head.join(' → ')}, epoch ${trained.bestEpoch} of ${trained.epochs.length}${stopped}`],
    ['valid', accuracyInWords(run, style)],
    ...labelsInWords(run),
    ['written', [`${shortPath(artifact.folder)}/`, shortPath(artifact.archive), shortPath(report)].join('  ')],
    ['time', duration(seconds)],
  ].map(([name = '', text = '']) => [`  ${style.dim(name)}`, text]);
  const warning = evaluation.warning ? `${style.red('✗')} ${evaluation.warning}\n` : '';
  const next = `Next: whippet evaluate ${shortPath(artifact.folder)} ${printable(photos)}`;
  return `${table(rows, 'll')}${warning}\n${next}   opens the test split\n`;
}

function dataInWords({ dataset }: TrainingRun): string {
  const inSplit = (split: string): string => count(dataset.samples.filter((sample) => sample.split === split).length);
  return `${dataset.classes.length} classes · ${inSplit('train')} train, ${inSplit('valid')} valid, ${inSplit('test')} test (unopened)`;
}

function inputInWords({ backbone }: TrainingRun, style: Style): string {
  const { size } = backbone.preprocessing;
  return `${size} × ${size} pixels${backbone.preprocessingFrom ? style.dim(` (${backbone.preprocessingFrom})`) : ''}`;
}

function accuracyInWords({ evaluation }: TrainingRun, style: Style): string {
  const { top1, top5, chance } = evaluation;
  const blind = Math.max(chance.largestClass, chance.uniform);
  return `${style.bold(percent(top1.value))} top-1 ${style.dim(estimate(top1))}, ${percent(top5.value)} top-5, chance ${percent(blind)}`;
}

function labelsInWords({ suspicions }: TrainingRun): string[][] {
  if (suspicions.length === 0) return [];
  const suspected = suspicions.filter((suspicion) => suspicion.suspected).length;
  if (suspected === 0) return [['labels', 'no training label is doubtful']];
  return [['labels', `${count(suspected)} training labels are doubtful: the report shows the worst`]];
}
