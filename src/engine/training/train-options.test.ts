import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { InputRecord, TrainingRecord } from '../../rules/records.ts';
import { openArtifact } from '../artifact/open.ts';
import type { Sample } from '../dataset/dataset.ts';
import { drawSample } from '../dataset/drawing/sample.ts';
import { readDataset } from '../dataset/read.ts';
import type { EngineEvent } from '../events.ts';
import type { StopKind } from '../head/head.ts';
import { decodePicture } from '../image/decode.ts';
import type { TrainOptions } from './options.ts';
import { type TrainResult, train } from './train.ts';

describe('what a container asks of a training', () => {
  let home: string;
  let photos: string;
  let plain: TrainResult;
  const options = (out: string, more: Partial<TrainOptions> = {}): TrainOptions => ({
    ...{ workers: 2, cacheDirectory: join(home, 'cache'), out: join(home, out), backbone: {}, seed: 0 },
    ...{ hyperparameters: { epochs: '8' }, audit: false, report: 'none', archive: false, ...more },
  });
  const modelOf = ({ artifact }: TrainResult) => artifact.manifest.files['model.onnx']?.sha256;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-train-options-'));
    photos = join(home, 'photos');
    await drawSample(photos, { picturesPerClass: { train: 6, valid: 3, test: 1 }, size: 96 });
    plain = await train(photos, options('plain'));
  });
  after(() => rm(home, { recursive: true }));

  it('writes neither report nor archive where they are not wanted, and the model opens', async () => {
    assert.ok(!existsSync(plain.report));
    assert.ok(!existsSync(plain.artifact.archive));
    assert.ok(!(await readdir(plain.artifact.folder)).some((name) => name.startsWith('report')));
    await (await openArtifact(plain.artifact.folder)).close();
    const full = await train(photos, options('full', { report: 'full', archive: true }));
    assert.ok(existsSync(full.report) && existsSync(full.artifact.archive));
    assert.equal(full.artifact.manifest.digest, plain.artifact.manifest.digest);
  });

  it('records inputs, steps and epochs without changing the model', async () => {
    const records: TrainingRecord[] = [];
    const recorded = await train(photos, options('recorded', { record: { onRecord: (one) => records.push(one) } }));
    assert.equal(modelOf(recorded), modelOf(plain));
    const [inputs, first] = records;
    assert.ok(inputs?.kind === 'inputs' && first?.kind === 'step' && first.step === 0);
    assert.deepEqual(inputs.classes, plain.run.dataset.classes);
    assert.deepEqual(inputs.trainPictures, Array(12).fill(6));
    assert.equal(inputs.classWeights, 'none');
    assert.equal(inputs.pixels, undefined);
    const epochs = records.filter(({ kind }) => kind === 'epoch').length;
    assert.equal(epochs, recorded.run.trained.epochs.length);
    assert.equal(records.filter(({ kind }) => kind === 'step').length, 2 * epochs);
  });

  it('tells the mean of the normalised pixels of as many pictures as are asked for', async () => {
    const inputsWith = async (pixels: number, more: Partial<TrainOptions> = {}): Promise<InputRecord> => {
      const found: InputRecord[] = [];
      const onRecord = (one: TrainingRecord) => void (one.kind === 'inputs' && found.push(one));
      await train(photos, options('pixels', { ...more, record: { stepsEvery: 0, pixels, onRecord } }));
      return found[0]!;
    };
    const { pixels } = await inputsWith(1000);
    assert.equal(pixels?.pictures, 72);
    const { preprocessing } = plain.run.backbone;
    const samples = plain.run.train.samples;
    let sum = 0;
    for (const { path, digest, name: source } of samples) {
      const look = { source, digest, preprocessing, views: [{ kind: 'center' as const }] };
      const { views } = await decodePicture(await readFile(path), look);
      sum += views[0]!.reduce((total, level) => total + level, 0) / views[0]!.length / 255;
    }
    assert.ok(Math.abs(pixels.mean - sum / 72) < 1e-9, 'the scattering network shifts and scales nothing');
    assert.equal((await inputsWith(12)).pixels?.pictures, 12);
    const lost = await inputsWith(12, { pictureBytes: ({ name }) => Promise.reject(new Error(name)) });
    assert.equal(lost.pixels, undefined);
  });

  it('goes on from a checkpoint to the same model', async () => {
    const checkpoints = { directory: join(home, 'checkpoints'), everySeconds: 0 };
    const controller = new AbortController();
    const onEvent = (event: EngineEvent): void => {
      if (event.type === 'epoch' && event.epoch.epoch === 2) controller.abort();
    };
    const hyperparameters = { epochs: '300', patience: '0' };
    const whole = await train(photos, options('whole', { hyperparameters }));
    const cut = await train(
      photos,
      options('cut', { hyperparameters, checkpoints, onEvent, signal: controller.signal }),
    );
    assert.equal(cut.run.trained.stopped, 'interrupted');
    let resumedAt = 0;
    const onResume = ({ epoch }: { epoch: number }) => {
      resumedAt = epoch;
    };
    const resumed = await train(photos, options('cut', { hyperparameters, checkpoints: { ...checkpoints, onResume } }));
    assert.ok(resumedAt >= 2 && resumedAt === cut.run.trained.epochs.length);
    assert.equal(resumed.artifact.manifest.digest, whole.artifact.manifest.digest);
    const warnings: string[] = [];
    const onWarning = (event: EngineEvent) => void (event.type === 'warning' && warnings.push(event.code));
    await train(photos, options('other', { seed: 1, checkpoints, onEvent: onWarning }));
    assert.ok(warnings.includes('checkpoint-ignored'));
  });

  it('ends when it is stopped, audit and all, and saves the best as what stopped it', async () => {
    for (const kind of ['rule', 'tuning'] satisfies StopKind[]) {
      const controller = new AbortController();
      const onEvent = (event: EngineEvent): void => {
        if (event.type === 'epoch' && event.epoch.epoch === 2) controller.abort(kind);
      };
      const hyperparameters = { epochs: '10000', patience: '0' };
      const stopped = await train(
        photos,
        options(kind, { hyperparameters, onEvent, stop: controller.signal, audit: true, report: 'full' }),
      );
      assert.equal(stopped.run.trained.stopped, kind);
      assert.ok(stopped.run.trained.epochs.length < 10_000);
      await (await openArtifact(stopped.artifact.folder)).close();
      assert.match(await readFile(stopped.report, 'utf8'), /Training was stopped by/);
    }
  });

  it('trains on a data set that was read already, its pictures out of reach but for who asks for their bytes', async () => {
    const dataset = await readDataset(photos);
    const away = join(home, 'away');
    await rename(photos, away);
    try {
      const asked: string[] = [];
      const pictureBytes = ({ name }: Sample) => {
        asked.push(name);
        return readFile(join(away, name));
      };
      const { artifact, report, run } = await train(
        photos,
        options('elsewhere', { source: dataset, backbone: { spec: 'scatter' }, pictureBytes, report: 'full' }),
      );
      assert.equal(artifact.manifest.digest, plain.artifact.manifest.digest);
      const wrong = run.valid.samples.length - Math.round(run.evaluation.top1.value * run.valid.samples.length);
      assert.ok(wrong > 0, 'there are mistakes to show');
      const thumbnails = (await readFile(report, 'utf8')).match(/data:image\/jpeg/g)?.length ?? 0;
      assert.ok(asked.length > 0 && thumbnails >= asked.length, `${thumbnails} of ${asked.length}`);
    } finally {
      await rename(away, photos);
    }
  });
});
