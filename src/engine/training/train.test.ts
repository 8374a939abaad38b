import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openArtifact } from '../artifact/open.ts';
import { drawSample } from '../dataset/drawing/sample.ts';
import type { EngineEvent } from '../events.ts';
import { openPredictor } from '../prediction/open.ts';
import { predictAll } from '../prediction/predict-all.ts';
import { auditDataset } from './audit-dataset.ts';
import { evaluateModel } from './evaluate-model.ts';
import type { TrainOptions } from './options.ts';
import { type TrainResult, train } from './train.ts';

describe('training on drawn pictures', () => {
  let home: string;
  let photos: string;
  let first: TrainResult;
  const work = () => ({ workers: 2, cacheDirectory: join(home, 'cache') });
  const options = (out: string, more: Partial<TrainOptions> = {}): TrainOptions => ({
    ...{ ...work(), out: join(home, out), backbone: {}, seed: 0, hyperparameters: { epochs: '12' }, ...more },
  });
  const evaluation = () => ({ ...work(), ledgerDirectory: join(home, 'ledger'), now: () => new Date(0) });

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-train-'));
    photos = join(home, 'photos');
    await drawSample(photos, { picturesPerClass: { train: 10, valid: 4, test: 2 }, size: 128 });
    first = await train(photos, options('model'));
  });
  after(() => rm(home, { recursive: true }));

  it('takes the scattering network for drawings, and is above chance', () => {
    assert.equal(first.artifact.manifest.backbone.name, 'scatter');
    assert.ok(first.run.evaluation.aboveChance, `valid ${first.run.evaluation.top1.value}`);
    assert.equal(first.run.dataset.samples.length, 12 * 16);
  });

  it('stops at an abort with the best model so far', async () => {
    const controller = new AbortController();
    const onEvent = (event: EngineEvent): void => {
      if (event.type === 'epoch' && event.epoch.epoch === 3) controller.abort();
    };
    const hyperparameters = { epochs: '10000', patience: '0' };
    const { run, artifact } = await train(
      photos,
      options('interrupted', { hyperparameters, onEvent, signal: controller.signal }),
    );
    assert.equal(run.trained.stopped, 'interrupted');
    assert.ok(run.trained.epochs.length < 10000);
    // The audit has a thread of its own and may have been quicker; cut short, it has found nothing.
    assert.ok([0, run.train.samples.length].includes(run.suspicions.length), String(run.suspicions.length));
    await (await openArtifact(artifact.folder)).close();
  });

  it('writes nothing when it is aborted before there is a model', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(train(photos, options('never', { signal })), { name: 'AbortError' });
    assert.ok(!(await readdir(home)).some((name) => name.startsWith('never')));
  });

  it('trains a hidden layer and several views, and the model opens', async () => {
    const { artifact } = await train(
      photos,
      options('mlp', { hyperparameters: { epochs: '5', hidden: '16' }, views: 'center,flip', audit: false }),
    );
    assert.deepEqual(artifact.manifest.head, [747, 16, 12]);
    const opened = await openArtifact(artifact.archive);
    const predictor = await openPredictor(opened, { threads: 1 });
    const picture = first.run.valid.samples[0]!;
    const sources = [{ name: picture.name, read: () => readFile(picture.path) }];
    for await (const { prediction } of predictAll(predictor, sources)) {
      const sum = prediction!.ranked.reduce((total, { probability }) => total + probability, 0);
      assert.ok(Math.abs(sum - 1) < 1e-9);
    }
    await predictor.close();
    await opened.close();
  });

  it('evaluates with the logits of the model itself', async () => {
    const { logits, rows, opened } = await evaluateModel(first.artifact.folder, photos, evaluation());
    assert.equal(opened, 1);
    const artifact = await openArtifact(first.artifact.folder);
    const predictor = await openPredictor(artifact, { threads: 1 });
    const samples = rows.samples.slice(0, 4);
    let row = 0;
    for await (const { prediction } of predictAll(
      predictor,
      samples.map(({ name, path }) => ({ name, read: () => readFile(path) })),
    )) {
      for (const [c, logit] of prediction!.logits.entries()) {
        assert.ok(Math.abs(logit - logits[row * 12 + c]!) < 1e-3 * (1 + Math.abs(logit)));
      }
      row++;
    }
    await predictor.close();
    await artifact.close();
  });

  it('refuses to evaluate on pictures it was trained on, and on classes it does not have', async () => {
    const leaky = join(home, 'leaky');
    await cp(join(photos, 'train'), join(leaky, 'test'), { recursive: true });
    await assert.rejects(evaluateModel(first.artifact.folder, leaky, evaluation()), {
      code: 'WHIPPET_EVALUATION_TRAINED_ON',
    });
    const other = join(home, 'other');
    const [breed = ''] = await readdir(join(photos, 'test'));
    await cp(join(photos, 'test', breed), join(other, 'test', 'Wolf'), { recursive: true });
    await assert.rejects(evaluateModel(first.artifact.folder, other, evaluation()), {
      code: 'WHIPPET_EVALUATION_UNKNOWN_CLASS',
      message: /Wolf/,
    });
    await assert.rejects(
      evaluateModel(first.artifact.folder, join(photos, 'train'), { ...evaluation(), split: 'test' }),
      (error: Error) => error.name === 'WhippetError',
    );
  });

  it('audits the labels of train and valid, the most doubtful first', async () => {
    const { suspects, judged } = await auditDataset(first.artifact.folder, photos, { ...work(), seed: 0 });
    assert.equal(judged, 12 * 14);
    const confidence = suspects.map(({ labelProbability }) => labelProbability);
    assert.deepEqual(
      confidence,
      confidence.toSorted((a, b) => a - b),
    );
    assert.ok(suspects.every(({ name, label, predicted }) => !name.startsWith('test/') && label !== predicted));
  });

  it('rejects impossible wishes before any work', async () => {
    const refused: [Partial<TrainOptions>, string][] = [
      [{ hyperparameters: { learning_rat: '1' } }, 'WHIPPET_HEAD_UNKNOWN_HYPERPARAMETER'],
      [{ hyperparameters: { epochs: '0' } }, 'WHIPPET_HEAD_BAD_HYPERPARAMETER'],
      [{ views: 'sideways' }, 'WHIPPET_FEATURES_VIEWS'],
      [{ backbone: { spec: 'resnet5' } }, 'WHIPPET_BACKBONE_UNKNOWN'],
      [{ backbone: { device: 'cuda' } }, 'WHIPPET_BACKBONE_DEVICE'],
    ];
    for (const [wish, code] of refused) {
      await assert.rejects(train(photos, options('refused', wish)), { code }, JSON.stringify(wish));
    }
  });
});
