import { writeFile } from 'node:fs/promises';
import {
  type AuditedDataset,
  auditDataset,
  checkDataset,
  describeCheck,
  drawSample,
  fetchableDatasets,
  fetchDataset,
  inspectPictures,
  readDataset,
  renderAudit,
} from '../../engine/index.ts';
import type { DatasetFlags } from '../commands/flags.ts';
import { type Context, listener } from '../context.ts';
import { count, percent } from '../terminal/numbers.ts';
import { formatBytes } from '../terminal/progress.ts';
import { fit, fitEnd, printable, table } from '../terminal/table.ts';

export interface CheckFlags extends DatasetFlags {
  readonly audit?: string;
  readonly gallery: string;
  readonly workers?: number;
  readonly json?: boolean;
}

export async function runCheck(photos: string, flags: CheckFlags, context: Context): Promise<void> {
  const { signal } = context;
  const onEvent = listener(context);
  const choice = { labelsFile: flags.labels, groupBy: flags.groupBy };
  // Refused files stand in the table: telling them while it is made would tell them twice.
  const quietly = (event: Parameters<typeof onEvent>[0]): void => {
    if (event.type !== 'picture-refused') onEvent(event);
  };
  const dataset = await readDataset(photos, { ...choice, onEvent: quietly, signal });
  const inspection = await inspectPictures(dataset.samples, { onEvent: quietly, signal });
  const report = await checkDataset(dataset, inspection, { allowLeakage: flags.allowLeakage === true, signal });
  const audited = flags.audit
    ? await auditDataset(flags.audit, photos, {
        dataset: choice,
        seed: 0,
        workers: flags.workers ?? context.cores,
        cacheDirectory: context.environment.cacheDirectory,
        onEvent: quietly,
        signal,
      })
    : undefined;
  context.progress.clear();
  if (audited) await writeFile(flags.gallery, renderAudit(audited));
  if (flags.json)
    context.out(`${JSON.stringify({ ...report, ...(audited && { audit: auditJson(audited) }) }, null, 2)}\n`);
  else
    context.out(
      `${describeCheck(report)}\n${audited ? describeAudit(audited, { gallery: flags.gallery, context }) : ''}`,
    );
  if (!report.ok) context.exitCode = 1;
}

function auditJson({ judged, suspects, classes }: AuditedDataset): object {
  return {
    judged,
    suspects: suspects.map(({ name, label, predicted, labelProbability, predictedProbability }) => ({
      name,
      label: classes[label],
      confidence: labelProbability,
      suggested: classes[predicted],
      suggestedConfidence: predictedProbability,
    })),
  };
}

const listed = 15;

function describeAudit(
  { judged, suspects, classes }: AuditedDataset,
  { gallery, context }: { gallery: string; context: Context },
): string {
  const { style } = context;
  const title = style.bold(`Labels: ${count(suspects.length)} of ${count(judged)} are doubtful`);
  if (suspects.length === 0) return `\n${title}\n`;
  const rows = suspects
    .slice(0, listed)
    .map(({ name, label, predicted, labelProbability, predictedProbability }) => [
      `  ${fitEnd(printable(name), 44)}`,
      `${fit(printable(classes[label] ?? ''), 24)} ${percent(labelProbability)}`,
      `${fit(printable(classes[predicted] ?? ''), 24)} ${percent(predictedProbability)}`,
    ]);
  const header = ['  picture', 'labelled', 'more likely'].map(style.dim);
  const rest = suspects.length > listed ? `  … and ${suspects.length - listed} more\n` : '';
  return `\n${title}\n${table([header, ...rows], 'lll')}${rest}  Look at them all: ${gallery}\n`;
}

export interface SampleFlags {
  readonly seed: number;
  readonly json?: boolean;
}

export async function runSample(folder: string, flags: SampleFlags, context: Context): Promise<void> {
  const drawn = await drawSample(folder, { seed: flags.seed, onEvent: listener(context), signal: context.signal });
  context.progress.clear();
  if (flags.json) {
    context.out(`${JSON.stringify(drawn, null, 2)}\n`);
    return;
  }
  const verb = drawn.reused ? 'holds already' : 'now holds';
  context.out(
    `${printable(folder)} ${verb} ${count(drawn.pictures)} pictures of ${drawn.classes.length} invented breeds.\n`,
  );
  context.out(`Next: whippet train ${printable(folder)}\n`);
}

export interface FetchFlags {
  readonly json?: boolean;
}

export async function runFetch(
  { name, folder, flags }: { name: string | undefined; folder: string | undefined; flags: FetchFlags },
  context: Context,
): Promise<void> {
  if (name === undefined) {
    listFetchable(flags, context);
    return;
  }
  const { proxy, mirror } = context.environment;
  const fetched = await fetchDataset(name, folder ?? name, {
    proxy,
    ...(mirror !== undefined && { mirror }),
    onEvent: listener(context),
    signal: context.signal,
  });
  context.progress.clear();
  if (flags.json) {
    context.out(`${JSON.stringify(fetched, null, 2)}\n`);
    return;
  }
  const verb = fetched.reused ? 'holds already' : 'now holds';
  context.out(
    `${printable(fetched.directory)} ${verb} ${name}: ${count(fetched.files)} files, ${formatBytes(fetched.bytes)}.\n`,
  );
  context.out(`Next: whippet data check ${printable(fetched.directory)}\n`);
}

function listFetchable({ json }: FetchFlags, context: Context): void {
  const rows = fetchableDatasets.map(({ name, description }) => [`  ${name}`, description]);
  context.out(json ? `${JSON.stringify(fetchableDatasets, null, 2)}\n` : table(rows, 'll'));
}
