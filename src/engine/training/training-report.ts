import { basename } from 'node:path';
import type { Manifest } from '../artifact/manifest.ts';
import type { CheckReport } from '../dataset/check.ts';
import { type Finding, findingTitles } from '../dataset/findings.ts';
import { withoutPictures } from '../report/privacy.ts';
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
  const gallery = { pictures, pictureBytes: options.pictureBytes };
  const judged = { logits: run.validLogits, rows: run.valid, temperature: manifest.temperature };
  const { topLosses, mistakes } = await pickMistakes(judged, { ...gallery, pairs: evaluation.confusedPairs });
  const report: ReportData = {
    title: basename(dataset.root),
    createdAt: new Date().toISOString(),
    manifest,
    epochs: trained.epochs,
    bestEpoch: trained.bestEpoch,
    stopped: trained.stopped,
    valid: evaluation,
    topLosses,
    mistakes,
    ...(run.suspicions.length > 0 && { suspectedLabels: await pickSuspects(run.suspicions, run.train, gallery) }),
    refused: check.refused,
    findings: findingsByKind(check),
    warnings: [],
    timings: Object.entries(run.seconds).map(([stage, seconds]) => ({ stage, seconds })),
    pictures,
  };
  return pictures ? report : withoutPictures(report);
}

/** One entry a kind, with all its files: names of files stand nowhere else, so that a private report can leave them out. */
function findingsByKind({ findings }: CheckReport): ReportData['findings'] {
  const kinds = [...new Set(findings.map(({ code }) => code))];
  return kinds.map((kind) => {
    const all = findings.filter(({ code }) => code === kind);
    const [first] = all as [Finding, ...Finding[]];
    const files = all.flatMap(({ pictures }) => pictures);
    const summary =
      files.length > 0
        ? `${findingTitles[kind]}${all.length > 1 ? ` (${all.length})` : ''}`
        : all.map(({ message }) => message).join(' ');
    return { severity: first.severity === 'info' ? 'note' : first.severity, summary, files };
  });
}
