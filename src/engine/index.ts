/** The engine's door: `whippet/engine`. */
export { isWhippetError, WhippetError } from '../errors/index.ts';
export { type LocalFacts, readLocalFacts } from './artifact/local-facts.ts';
export type { Manifest, NoveltyScale } from './artifact/manifest.ts';
export { type OpenArtifact, openArtifact } from './artifact/open.ts';
export type { WrittenArtifact } from './artifact/write.ts';
export type { Suspicion } from './audit/confident-learning.ts';
export type { Backbone } from './backbone/backbone.ts';
export { type LoadBackboneOptions, loadBackbone } from './backbone/load.ts';
export { type BackboneSpec, parseBackboneSpec } from './backbone/spec.ts';
export { type CheckReport, checkDataset } from './dataset/check.ts';
export { type Dataset, type Sample, type Split, splits } from './dataset/dataset.ts';
export { describeCheck } from './dataset/describe.ts';
export { type DrawnSample, drawSample, type SampleOptions } from './dataset/drawing/sample.ts';
export { type FetchedDataset, type FetchOptions, fetchDataset } from './dataset/fetch/fetch.ts';
export { type FetchableDataset, fetchableDatasets } from './dataset/fetch/registry.ts';
export { type Inspection, inspectPictures } from './dataset/inspect.ts';
export { type Inventory, type InventoryFile, type ReadOptions, readInventory } from './dataset/inventory.ts';
export { type HostInventory, type MergedDataset, type MergeOptions, mergeInventories } from './dataset/merge.ts';
export { readDataset } from './dataset/read.ts';
export { type Assignment, assignPictures } from './distribution/assignment.ts';
export { type ComputeOptions, computeOnDemand, type Demand } from './distribution/compute-on-demand.ts';
export { findMissing, type MissingFeatures, type MissingOptions } from './distribution/missing.ts';
export type { ComputedPicture, WantedOutcome, WantedPicture } from './distribution/shared-work.ts';
export type { ChanceTest } from './evaluation/chance.ts';
export { type Evaluation, type EvaluationInput, evaluate } from './evaluation/evaluate.ts';
export type { Estimate } from './evaluation/statistics.ts';
export type { EngineEvent, EpochRecord, Listener, ProgressStage } from './events.ts';
export { type ExplainOptions, explainPicture } from './explanation/explain.ts';
export { type Explanation, explanationData } from './explanation/explanation.ts';
export { renderExplanation } from './explanation/render.ts';
export { extractFeatures } from './features/extract.ts';
export type { ExtractedFeatures, ExtractionOptions, FeatureMatrix } from './features/features.ts';
export { runtimeVersions } from './features/versions.ts';
export { parseViews } from './features/views.ts';
export type { CheckpointOptions } from './head/checkpoint-options.ts';
export type { DenseLayer, Ending, Head, StopKind, TrainedHead } from './head/head.ts';
export {
  type HeadOptions,
  type Hyperparameter,
  hyperparameters,
  parseHyperparameters,
} from './head/hyperparameters.ts';
export type { HeadRecording, TensorSchedule } from './head/recording.ts';
export type { PictureFacts, Preprocessing, View } from './image/picture.ts';
export type { BatchRecord } from './prediction/model-thread.ts';
export { openPredictor, type PredictorOptions } from './prediction/open.ts';
export { type PictureAnswer, type PictureSource, predictAll } from './prediction/predict-all.ts';
export type { Prediction, Predictor } from './prediction/prediction.ts';
export { findPictures } from './prediction/sources.ts';
export { renderAudit } from './report/audit-page.ts';
export { type AuditDatasetOptions, type AuditedDataset, auditDataset } from './training/audit-dataset.ts';
export { chooseBackbone } from './training/backbone-choice.ts';
export { type EvaluateOptions, type EvaluateResult, evaluateModel } from './training/evaluate-model.ts';
export { type Groundwork, type GroundworkOptions, layGroundwork } from './training/groundwork.ts';
export type {
  BackboneChoice,
  DatasetChoice,
  KnownRefusal,
  Recording,
  TrainOptions,
  WorkOptions,
} from './training/options.ts';
export { type TrainingRun, type TrainResult, train, trainOn } from './training/train.ts';
export { openTrials, type TrialHooks, type TrialRun, type Trials } from './training/trials.ts';
export { type PlottedTrial, renderTrials, type TrialsPageData } from './training/trials-page.ts';
