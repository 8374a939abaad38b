import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileNames } from '../artifact/manifest.ts';
import { replaceFile } from '../artifact/write.ts';
import { withoutPictures } from '../report/privacy.ts';
import { renderReport } from '../report/render.ts';
import type { ReportData } from '../report/report-data.ts';
import type { EvaluateOptions, EvaluateResult } from './evaluate-model.ts';
import { pickMistakes } from './galleries.ts';

/**
 * Adds an opened test split to the report beside the model, and writes its figures to `test-metrics.json`.
 * @returns the report's path; undefined where the model is an archive or its report is gone.
 */
export async function reportTest(
  model: string,
  result: Omit<EvaluateResult, 'report'>,
  pictureBytes?: EvaluateOptions['pictureBytes'],
): Promise<string | undefined> {
  const folder = resolve(model);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const before = isFolder ? await readReportData(join(folder, fileNames.reportData)) : undefined;
  if (!before || before.manifest.digest !== result.manifest.digest || result.opened === undefined) return undefined;
  const { evaluation, rows, logits, manifest, opened, refused } = result;
  const pictures = before.pictures !== false;
  const judged = { logits, rows, temperature: manifest.temperature };
  const { topLosses, mistakes } = await pickMistakes(judged, {
    pictures,
    pictureBytes,
    pairs: evaluation.confusedPairs,
  });
  const known = new Set(before.refused.map(({ name }) => name));
  const named: ReportData = {
    ...before,
    test: { evaluation, openings: opened },
    topLosses,
    mistakes,
    refused: [
      ...before.refused,
      ...refused
        .filter(({ sample }) => !known.has(sample.name))
        .map(({ sample, code, message }) => ({ name: sample.name, split: sample.split, code, message })),
    ],
  };
  const data = pictures ? named : withoutPictures(named);
  const report = join(folder, fileNames.report);
  await replaceFile(report, renderReport(data));
  await replaceFile(join(folder, fileNames.reportData), JSON.stringify(data));
  await replaceFile(join(folder, fileNames.testMetrics), `${JSON.stringify({ test: evaluation, opened }, null, 1)}\n`);
  return report;
}

async function readReportData(path: string): Promise<ReportData | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ReportData;
  } catch {
    // The report is a convenience: a model without one is still evaluated.
    return undefined;
  }
}
