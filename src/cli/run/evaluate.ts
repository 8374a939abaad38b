import { type EvaluateResult, evaluateModel } from '../../engine/index.ts';
import type { EvaluateFlags } from '../commands/evaluate.ts';
import { type Context, listener } from '../context.ts';
import { count, estimate, percent } from '../terminal/numbers.ts';
import { shortPath } from '../terminal/paths.ts';
import { fit, printable, table } from '../terminal/table.ts';

export async function runEvaluate(
  request: { model: string; photos: string; flags: EvaluateFlags },
  context: Context,
): Promise<void> {
  const { flags } = request;
  const result = await evaluateModel(request.model, request.photos, {
    dataset: { labelsFile: flags.labels, groupBy: flags.groupBy },
    split: flags.split,
    allowLeakage: flags.allowLeakage === true,
    strict: flags.strict === true,
    workers: flags.workers ?? context.cores,
    cacheDirectory: context.environment.cacheDirectory,
    ledgerDirectory: context.environment.ledgerDirectory,
    now: () => new Date(),
    onEvent: listener(context),
    signal: context.signal,
  });
  context.progress.clear();
  if (flags.json) context.out(`${JSON.stringify(asJson(result), null, 2)}\n`);
  else context.out(summary(result, context));
}

function asJson({ manifest, split, evaluation, opened, splitDigest, leaked, refused, report }: EvaluateResult): object {
  return {
    model: manifest.digest,
    split,
    splitDigest,
    opened,
    evaluation,
    leaked: leaked.map(({ name }) => name),
    refused: refused.map(({ sample, code, message }) => ({ name: sample.name, code, message })),
    report,
  };
}

function summary({ split, evaluation, opened, report }: EvaluateResult, { style }: Context): string {
  const { top1, top5, crossEntropy, macroF1, chance, calibration, confusedPairs, classes } = evaluation;
  const rows = [
    [
      'top-1',
      style.bold(percent(top1.value)),
      estimate(top1),
      `chance ${percent(Math.max(chance.largestClass, chance.uniform))}`,
    ],
    ['top-5', percent(top5.value), estimate(top5), ''],
    ['macro-F1', percent(macroF1.value), estimate(macroF1), ''],
    [
      'cross-entropy',
      crossEntropy.value.toFixed(3),
      `(${crossEntropy.low.toFixed(3)}–${crossEntropy.high.toFixed(3)})`,
      'nats per picture',
    ],
    [
      'calibration',
      percent(calibration.ece),
      `(${(100 * calibration.perfectEce.low).toFixed(1)}–${(100 * calibration.perfectEce.high).toFixed(1)} if perfect)`,
      'expected error of the probabilities',
    ],
  ].map(([name = '', value = '', interval = '', note = '']) => [
    `  ${style.dim(name)}`,
    value,
    style.dim(interval),
    style.dim(note),
  ]);
  const pairs = confusedPairs
    .slice(0, 3)
    .map(({ first, second, firstAsSecond, secondAsFirst }) => {
      const name = (index: number): string => fit(printable(classes[index] ?? ''), 32);
      return `  ${name(first)} taken for ${name(second)} ${firstAsSecond}×${secondAsFirst > 0 ? `, the other way ${secondAsFirst}×` : ''}\n`;
    })
    .join('');
  const times = opened === undefined ? '' : openedInWords(opened, style.yellow);
  const warning = evaluation.warning ? `${style.red('✗')} ${evaluation.warning}\n` : '';
  return (
    `${style.bold(`${split}: ${count(evaluation.pictures)} pictures, ${classes.length} classes`)}\n${table(rows, 'lrll')}${warning}` +
    `${pairs ? `Most confused:\n${pairs}` : ''}${times}${report ? `Report: ${shortPath(report)}\n` : ''}`
  );
}

function openedInWords(opened: number, loud: (text: string) => string): string {
  if (opened === 1) return 'This test split was opened for the first time.\n';
  const text = `This test split has been opened ${opened} times: choices made on its figures make them flatter.`;
  return `${opened > 3 ? loud(text) : text}\n`;
}
