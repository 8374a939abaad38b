import { join } from 'node:path';
import { whippetVersion } from '../../entry/index.ts';
import type { LocalFacts } from '../artifact/local-facts.ts';
import { fileNames, type Manifest } from '../artifact/manifest.ts';
import { modelCard } from '../artifact/model-card.ts';
import { buildModelGraph } from '../artifact/model-graph.ts';
import { sealManifest, type UnsealedManifest, writeArtifact } from '../artifact/write.ts';
import type { WeightsFacts } from '../backbone/backbone.ts';
import { type Dataset, type Split, splits } from '../dataset/dataset.ts';
import { packageVersion } from '../features/versions.ts';
import { completeNovelty } from '../novelty/novelty.ts';
import { encodeModel } from '../onnx/model.ts';
import { renderReport } from '../report/render.ts';
import type { TrainOptions } from './options.ts';
import type { TrainingRun, TrainResult } from './train.ts';
import { trainingReport } from './training-report.ts';

/** Writes model folder, archive and report of a finished run. */
export async function saveTraining(run: TrainingRun, options: TrainOptions): Promise<TrainResult> {
  const { dataset, backbone, evaluation, shared } = run;
  const novelty = completeNovelty(shared.novelty(), run.validLogits);
  const unsealed = manifestOf(run, { options, novelty: novelty.scale });
  const files = {
    [fileNames.model]: encodeModel(buildModelGraph(backbone, run.head)),
    [fileNames.novelty]: novelty.state,
    [fileNames.trainingIndex]: shared.trainingIndex(),
    [fileNames.metrics]: `${JSON.stringify({ valid: evaluation, epochs: run.trained.epochs }, null, 1)}\n`,
    [fileNames.card]: modelCard(unsealed, evaluation),
  };
  const manifest = sealManifest(unsealed, files);
  const artifact = await writeArtifact(options.out, {
    manifest,
    files,
    unlisted: {
      [fileNames.timings]: `${JSON.stringify({ seconds: run.seconds }, null, 2)}\n`,
      ...(options.report !== 'none' && (await reportFiles(run, { manifest, options }))),
      [fileNames.local]: `${JSON.stringify({ trainingRoot: dataset.root } satisfies LocalFacts)}\n`,
    },
    archive: options.archive,
  });
  return { artifact, run, report: join(artifact.folder, fileNames.report) };
}

async function reportFiles(
  run: TrainingRun,
  context: { readonly manifest: Manifest; readonly options: TrainOptions },
): Promise<Readonly<Record<string, string>>> {
  const report = await trainingReport(run, context);
  return { [fileNames.report]: renderReport(report), [fileNames.reportData]: JSON.stringify(report) };
}

function manifestOf(
  run: TrainingRun,
  { options, novelty }: { options: TrainOptions; novelty: Manifest['novelty'] },
): UnsealedManifest {
  const { dataset, backbone, head, hyperparameters, trained, calibration } = run;
  const { name, digest, dimension, hasMap, pretrainedOn, preprocessing, weights } = backbone;
  return {
    labels: dataset.classes,
    backbone: {
      ...{ name, digest, dimension, hasMap, pretrainedOn },
      ...(weights && { weights: publicWeights(weights) }),
    },
    preprocessing,
    head: [dimension, ...head.layers.map(({ outputs }) => outputs)],
    temperature: calibration.temperature,
    novelty,
    hyperparameters: {
      ...hyperparameters,
      ...{ seed: options.seed, views: options.views ?? 'center', best_epoch: trained.bestEpoch },
    },
    data: {
      digests: run.shared.splitDigests(),
      counts: perSplit((split) => counts(dataset, split)),
    },
    versions: {
      whippet: whippetVersion(),
      node: process.versions.node,
      onnxruntime: packageVersion('onnxruntime-node'),
      sharp: packageVersion('sharp'),
      platform: `${process.platform}-${process.arch}`,
    },
  };
}

/** A path of this machine is nobody else's business; a URL tells where the weights can be had. */
function publicWeights({ source, sha256, bytes }: WeightsFacts): NonNullable<Manifest['backbone']['weights']> {
  return { ...(/^https?:/.test(source) && { url: source }), sha256, bytes };
}

function perSplit<T>(value: (split: Split) => T | undefined): Partial<Record<Split, T>> {
  return Object.fromEntries(splits.map((split) => [split, value(split)]).filter(([, one]) => one !== undefined));
}

/** Pictures per class; undefined for a split without any. */
function counts({ classes, samples }: Dataset, split: Split): number[] | undefined {
  const perClass = classes.map(() => 0);
  for (const sample of samples) if (sample.split === split) perClass[sample.label] = (perClass[sample.label] ?? 0) + 1;
  return perClass.some((n) => n > 0) ? perClass : undefined;
}
