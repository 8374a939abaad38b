import { relative } from 'node:path';
import { type TrainOptions, type TrainResult, train } from '../../engine/index.ts';
import type { Context } from '../context.ts';
import { count, estimate, percent } from '../terminal/numbers.ts';
import { duration } from '../terminal/progress.ts';
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

function summary(
  { artifact, report, run }: TrainResult,
  { photos, seconds, context }: { photos: string; seconds: number; context: Context },
): string {
  const { style } = context;
  const { dataset, evaluation, trained } = run;
  const inSplit = (split: string): string => count(dataset.samples.filter((sample) => sample.split === split).length);
  const suspected = run.suspicions.filter(({ suspected: wrong }) => wrong).length;
  const here = (path: string): string => relative(process.cwd(), path) || '.';
  const best = `epoch ${trained.bestEpoch} of ${trained.epochs.length}`;
  const rows = [
    [
      'data',
      `${dataset.classes.length} classes · ${inSplit('train')} train, ${inSplit('valid')} valid, ${inSplit('test')} test (unopened)`,
    ],
    ['backbone', `${run.backbone.name}, ${count(run.backbone.dimension)} features`],
    [
      'head',
      `${artifact.manifest.head.join(' → ')}, ${best}${trained.stopped === 'completed' ? '' : ` (${trained.stopped})`}`,
    ],
    [
      'valid',
      `${style.bold(percent(evaluation.top1.value))} top-1 ${style.dim(estimate(evaluation.top1))}, ${percent(evaluation.top5.value)} top-5, chance ${percent(Math.max(evaluation.chance.largestClass, evaluation.chance.uniform))}`,
    ],
    [
      'labels',
      suspected > 0
        ? `${count(suspected)} training pictures look mislabelled: see the report`
        : 'no training picture looks mislabelled',
    ],
    ['written', `${here(artifact.folder)}/  ${here(artifact.archive)}  ${here(report)}`],
    ['time', duration(seconds)],
  ].filter(([name]) => name !== 'labels' || run.suspicions.length > 0);
  const warning = evaluation.warning ? `${style.red('✗')} ${evaluation.warning}\n` : '';
  const model = here(artifact.folder);
  return `${table(
    rows.map(([name = '', text = '']) => [`  ${style.dim(name)}`, text]),
    'll',
  )}${warning}\nNext: whippet evaluate ${model} ${printable(photos)}   opens the test split\n`;
}
