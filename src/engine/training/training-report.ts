import { basename } from 'node:path';
import type { Manifest } from '../artifact/manifest.ts';
import type { ReportData } from '../report/report-data.ts';
import { pickMistakes, pickSuspects } from './galleries.ts';
import type { TrainOptions } from './options.ts';
import type { TrainingRun } from './train.ts';

/** What the report of a training run shows. */
export async function trainingReport(
  run: TrainingRun,
  { manifest, options }: { manifest: Manifest; options: TrainOptions },
): Promise<ReportData> {
  const { dataset, trained, evaluation, check } = run;
  const pictures = options.pictures !== false;
  const judged = { logits: run.validLogits, rows: run.valid, temperature: manifest.temperature };
  const { topLosses, mistakes } = await pickMistakes(judged, { pictures, pairs: evaluation.confusedPairs });
  return {
    title: basename(dataset.root),
    createdAt: new Date().toISOString(),
    manifest,
    epochs: trained.epochs,
    bestEpoch: trained.bestEpoch,
    stopped: trained.stopped,
    valid: evaluation,
    topLosses,
    mistakes,
    ...(run.suspicions.length > 0 && { suspectedLabels: await pickSuspects(run.suspicions, run.train, { pictures }) }),
    refused: check.refused,
    findings: check.findings.map(({ severity, message, pictures: files }) => ({
      severity: severity === 'info' ? 'note' : severity,
      summary: message,
      files,
    })),
    warnings: [],
    timings: Object.entries(run.seconds).map(([stage, seconds]) => ({ stage, seconds })),
    pictures,
  };
}
