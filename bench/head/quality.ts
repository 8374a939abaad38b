/**
 * Is the head, with its defaults, as good as a tuned solver on the same features? And what do more views of each picture add?
 *
 *     node bench/head/quality.ts [PYTHON]
 *
 * Photos and backbone are read from ../shared/data. Nothing is chosen here: the defaults were, on the valid splits.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDataset } from '../../src/engine/dataset/read.ts';
import { parseViews } from '../../src/engine/features/views.ts';
import { applyHead } from '../../src/engine/head/apply.ts';
import { defaultHeadOptions, type HeadOptions } from '../../src/engine/head/hyperparameters.ts';
import { scoreLogits } from '../../src/engine/head/scores.ts';
import { trainHeadInWorker } from '../../src/engine/head/testing/in-worker.ts';
import { type Backbone, loadBackbone } from '../../src/engine/index.ts';
import { gatherFeatures } from '../../src/engine/training/gather.ts';
import { rowsOf, type SplitRows } from '../../src/engine/training/rows.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const python = process.argv[2] ?? process.env.PYTHON;

const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(5)} %`;

interface Splits {
  readonly train: SplitRows;
  readonly valid: SplitRows;
  readonly test: SplitRows;
}

async function splitsOf(name: string, views: string, context: { backbone: Backbone; folder: string }) {
  const { backbone, folder } = context;
  const dataset = await readDataset(join(data, name));
  const work = { workers: 2, cacheDirectory: join(folder, 'cache') };
  const gathered = await gatherFeatures(dataset, { backbone, trainViews: parseViews(views, 1), work });
  const { train, held } = gathered;
  const splits = {
    train: rowsOf(train, 'train'),
    valid: rowsOf(held, 'valid', true),
    test: rowsOf(held, 'test', true),
  };
  return { splits, classes: dataset.classes.length };
}

async function reportHead(title: string, { splits, classes }: { splits: Splits; classes: number }, head: HeadOptions) {
  const { train, valid, test } = splits;
  const start = performance.now();
  const trained = await trainHeadInWorker(
    { train: train.features, trainLabels: train.labels, valid: valid.features, validLabels: valid.labels, classes },
    { ...head, seed: 1, threads: 1 },
  );
  const seconds = (performance.now() - start) / 1000;
  const score = ({ features, labels }: SplitRows): string =>
    percent(scoreLogits(applyHead(trained.head, features), labels, classes).accuracy);
  console.log(`${title.padEnd(46)} ${score(valid)} ${score(test)}   ${seconds.toFixed(1)} s`);
}

function reportSolver(title: string, splits: Splits, folder: string): void {
  if (!python) {
    console.log(`${title.padEnd(46)} skipped: no Python given`);
    return;
  }
  for (const [name, { features, labels }] of Object.entries(splits) as [string, SplitRows][]) {
    writeFileSync(join(folder, `${name}.f32`), features.data);
    writeFileSync(join(folder, `${name}.i32`), labels);
  }
  const script = fileURLToPath(new URL('solver.py', import.meta.url));
  const best = JSON.parse(execFileSync(python, [script, folder], { encoding: 'utf8' })) as Record<string, number>;
  console.log(`${title.padEnd(46)} ${percent(best.valid!)} ${percent(best.test!)}   decay ${best.decay}`);
}

const weights = join(data, 'weights/mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx');
if (!existsSync(weights)) {
  console.log(`skipped: no weights at ${weights}`);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'whippet-quality-'));
try {
  const backbone = await loadBackbone(`onnx:${weights}`, { cacheDirectory: join(folder, 'cache') });
  console.log(`${''.padEnd(46)}   valid    test`);
  for (const name of ['flowers', 'dogs']) {
    const centre = await splitsOf(name, 'center', { backbone, folder });
    reportSolver(`${name}: softmax regression, tuned`, centre.splits, folder);
    await reportHead(`${name}: linear head, defaults`, centre, defaultHeadOptions);
    await reportHead(`${name}: 128 hidden units`, centre, { ...defaultHeadOptions, hidden: 128 });
    for (const views of ['center,flip', '4']) {
      const more = await splitsOf(name, views, { backbone, folder });
      await reportHead(`${name}: linear head, views ${views}`, more, defaultHeadOptions);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
