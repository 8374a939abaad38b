import { readFile } from 'node:fs/promises';
import {
  findPictures,
  openArtifact,
  openPredictor,
  type Prediction,
  type Predictor,
  predictAll,
} from '../../engine/index.ts';
import { isWhippetError } from '../../errors/index.ts';
import { type Context, listener } from '../context.ts';
import { percent } from '../terminal/numbers.ts';
import { fit, fitEnd, printable, table } from '../terminal/table.ts';

export interface PredictFlags {
  readonly top: number;
  readonly abstain?: number;
  readonly threads?: number;
  readonly logits?: boolean;
  readonly json?: boolean;
}

interface Answer {
  readonly source: string;
  readonly prediction?: Prediction;
  readonly error?: Error;
}

export async function runPredict(
  request: { model: string; pictures: readonly string[]; flags: PredictFlags },
  context: Context,
): Promise<void> {
  const { flags } = request;
  const artifact = await openArtifact(request.model);
  try {
    const sources = await sourcesOf(request.pictures, context);
    const predictor = await openPredictor(artifact, { threads: flags.threads ?? context.cores });
    try {
      const answers = await answerAll(predictor, sources, { context, quiet: sources.length < 2 });
      if (flags.json)
        context.out(
          `${JSON.stringify(
            answers.map((answer) => asJson(answer, flags)),
            null,
            2,
          )}\n`,
        );
      else show(answers, { flags, context, labels: predictor.manifest.labels.length });
      if (answers.some(({ error }) => error)) context.exitCode = 1;
    } finally {
      await predictor.close();
    }
  } finally {
    await artifact.close();
  }
}

interface Source {
  readonly name: string;
  readonly read: () => Promise<Buffer>;
}

async function sourcesOf(names: readonly string[], context: Context): Promise<Source[]> {
  if (names.length === 1 && names[0] === '-') return [{ name: 'standard input', read: context.readInput }];
  return (await findPictures(names)).map((name) => ({ name, read: () => readFile(name) }));
}

async function answerAll(
  predictor: Predictor,
  sources: readonly Source[],
  { context, quiet }: { context: Context; quiet: boolean },
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const onEvent = listener(context, quiet);
  for await (const answer of predictAll(predictor, sources, context.signal)) {
    answers.push(answer);
    onEvent({ type: 'progress', stage: 'predict', done: answers.length, total: sources.length, unit: 'pictures' });
  }
  context.progress.clear();
  return answers;
}

function abstains(prediction: Prediction, { abstain }: PredictFlags): boolean {
  return abstain !== undefined && prediction.novelty >= abstain;
}

function asJson({ source, prediction, error }: Answer, flags: PredictFlags): object {
  if (!prediction) return { source, error: isWhippetError(error) ? error : { message: error?.message } };
  return {
    source,
    predictions: prediction.ranked.slice(0, flags.top),
    novelty: prediction.novelty,
    ...(flags.abstain !== undefined && { abstained: abstains(prediction, flags) }),
    ...(flags.logits && { logits: [...prediction.logits] }),
    width: prediction.facts.width,
    height: prediction.facts.height,
    format: prediction.facts.format,
  };
}

interface View {
  readonly flags: PredictFlags;
  readonly context: Context;
  readonly labels: number;
}

function show(answers: readonly Answer[], view: View): void {
  const { context } = view;
  const good = answers.filter((answer) => answer.prediction);
  if (answers.length === 1 && good[0]?.prediction) context.out(single(good[0].source, good[0].prediction, view));
  else if (good.length > 0) context.out(many(good, view));
  for (const { error } of answers) {
    if (error) context.note(`${context.noteStyle.red('✗')} ${printable(error.message)}\n`);
  }
}

function single(source: string, prediction: Prediction, { flags, context }: View): string {
  const { style } = context;
  const rows = prediction.ranked
    .slice(0, flags.top)
    .map(({ label, probability }) => [
      `  ${fit(printable(label), 40)}`,
      percent(probability),
      style.cyan('█'.repeat(Math.round(probability * 24))),
    ]);
  const { novelty } = prediction;
  const verdict = abstains(prediction, flags)
    ? style.yellow(`No class given: novelty ${novelty.toFixed(1)} is at least ${flags.abstain}.`)
    : `${noveltyInWords(novelty)} (novelty ${novelty.toFixed(1)} of 100)`;
  return `${style.bold(printable(source))}\n${table(rows, 'lrl')}  ${novelty >= 99 ? style.yellow(verdict) : style.dim(verdict)}\n`;
}

function noveltyInWords(novelty: number): string {
  if (novelty >= 99) return 'Unlike anything in the training pictures: do not rely on the classes above';
  if (novelty >= 90) return 'Less like the training pictures than most';
  return 'Much like the training pictures';
}

function many(answers: readonly Answer[], { flags, context }: View): string {
  const { style } = context;
  const rows = answers.flatMap(({ source, prediction }) => {
    if (!prediction) return [];
    const [best, second] = prediction.ranked;
    const given = abstains(prediction, flags);
    return [
      [
        fitEnd(printable(source), 48),
        given ? style.yellow('(none)') : fit(printable(best?.label ?? ''), 32),
        percent(best?.probability ?? 0),
        prediction.novelty >= 99 ? style.yellow(prediction.novelty.toFixed(1)) : prediction.novelty.toFixed(1),
        style.dim(second ? `${fit(printable(second.label), 24)} ${percent(second.probability)}` : ''),
      ],
    ];
  });
  const header = ['picture', 'class', 'sure', 'novelty', 'next'].map(style.bold);
  return table([header, ...rows], 'llrrl');
}
