import type { PictureFormat } from '../image/picture.ts';
import { type Copies, findCopies, type PictureBytes } from './copies.ts';
import { checkCounts, type SplitCounts } from './counts.ts';
import { type Dataset, type Sample, splits } from './dataset.ts';
import { type Finding, namesOf, type Severity, someOf } from './findings.ts';
import type { Inspection } from './inspect.ts';
import { checkRefused } from './refusals.ts';

export interface CheckOptions {
  /** One picture in two splits is then a warning and not an error. */
  readonly allowLeakage?: boolean;
  /** Where the bytes of pictures come from that may be equal. Default: the files at their paths. */
  readonly pictureBytes?: PictureBytes | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SizeRange {
  /** Of the shorter side in pixels: from (inclusive) to (exclusive; undefined: no limit). */
  readonly from: number;
  readonly to: number | undefined;
  readonly count: number;
}

/** What is in a data set and what is wrong with it: plain data, for `--json` and for `describeCheck`. */
export interface CheckReport {
  readonly root: string;
  readonly layout: Dataset['layout'];
  readonly classes: readonly string[];
  readonly pictures: number;
  /** Decodable pictures by split, then class. */
  readonly counts: SplitCounts;
  /** Most train pictures of a class ÷ fewest; undefined where train is empty or lacks a class. */
  readonly imbalance: number | undefined;
  readonly formats: Readonly<Partial<Record<PictureFormat, number>>>;
  readonly shorterSides: readonly SizeRange[];
  readonly refused: readonly { readonly name: string; readonly code: string; readonly message: string }[];
  /** Errors first, then warnings, then notes. */
  readonly findings: readonly Finding[];
  /** No error among the findings. */
  readonly ok: boolean;
}

const sizeLimits = [0, 64, 128, 224, 384, 640, 1024, 2048] as const;

function sizeHistogram(sides: readonly number[]): SizeRange[] {
  return sizeLimits
    .map((from, i) => {
      const to = sizeLimits[i + 1];
      return { from, to, count: sides.filter((side) => side >= from && (to === undefined || side < to)).length };
    })
    .filter(({ count }) => count > 0);
}

const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)];

const splitsOf = (set: readonly Sample[]): string =>
  splits.filter((split) => set.some((sample) => sample.split === split)).join(' and ');

function copyFindings({ exact, near }: Copies, dataset: Dataset, leakSeverity: Severity): Finding[] {
  const findings: Finding[] = [];
  const add = (code: Finding['code'], severity: Severity, set: readonly Sample[], message: string): void => {
    findings.push({ severity, code, message, pictures: namesOf(set) });
  };
  const inTwoSplits = (set: readonly Sample[]): boolean => distinct(set.map(({ split }) => split)).length > 1;
  const labelsOf = (set: readonly Sample[]): string[] => distinct(set.map(({ label }) => dataset.classes[label]!));
  for (const set of exact) {
    const names = someOf(namesOf(set));
    const labels = labelsOf(set);
    if (labels.length > 1) add('two-labels', 'error', set, `One picture under ${someOf(labels)}: ${names}`);
    if (inTwoSplits(set)) add('leakage', leakSeverity, set, `One picture in ${splitsOf(set)}: ${names}`);
    if (labels.length === 1 && !inTwoSplits(set))
      add('duplicate', 'warning', set, `One picture ${set.length} times: ${names}`);
  }
  for (const set of near) {
    const names = someOf(namesOf(set));
    const labels = labelsOf(set);
    if (inTwoSplits(set)) {
      add('near-duplicate-across-splits', 'warning', set, `Alike in ${splitsOf(set)}: ${names}`);
    } else if (labels.length > 1) {
      add('near-duplicate-two-labels', 'warning', set, `Alike under ${someOf(labels)}: ${names}`);
    } else add('near-duplicate', 'warning', set, `Alike: ${names}`);
  }
  return findings;
}

function groupFindings(samples: readonly Sample[], severity: Severity): Finding[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (sample.group === undefined) continue;
    groups.set(sample.group, [...(groups.get(sample.group) ?? []), sample]);
  }
  return [...groups]
    .filter(([, set]) => distinct(set.map(({ split }) => split)).length > 1)
    .map(([group, set]) => ({
      severity,
      code: 'group-in-two-splits',
      message: `The group ${group} is in ${splitsOf(set)}: ${someOf(namesOf(set))}`,
      pictures: namesOf(set),
    }));
}

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/**
 * Everything that can be known of a data set without a model.
 * @param inspection from `inspectPictures`, or from features (their facts and refusals by digest).
 */
export async function checkDataset(
  dataset: Dataset,
  inspection: Inspection,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const leakSeverity: Severity = options.allowLeakage === true ? 'warning' : 'error';
  const samples = dataset.samples.filter(({ digest }) => inspection.facts.has(digest));
  const facts = samples.map(({ digest }) => inspection.facts.get(digest)!);
  const refused = [
    ...dataset.refused,
    ...dataset.samples.flatMap(({ name, digest }) => {
      const reason = inspection.refused.get(digest);
      return reason === undefined ? [] : [{ name, ...reason }];
    }),
  ];
  const { counts, imbalance, findings } = checkCounts(dataset, samples);
  const copies = await findCopies(samples, inspection.facts, options);
  const all = [
    ...findings,
    ...copyFindings(copies, dataset, leakSeverity),
    ...groupFindings(samples, leakSeverity),
    ...checkRefused(refused, dataset.root),
  ].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const formats: Partial<Record<PictureFormat, number>> = {};
  for (const { format } of facts) formats[format] = (formats[format] ?? 0) + 1;
  return {
    root: dataset.root,
    layout: dataset.layout,
    classes: dataset.classes,
    pictures: samples.length,
    counts,
    imbalance,
    formats,
    shorterSides: sizeHistogram(facts.map(({ width, height }) => Math.min(width, height))),
    refused,
    findings: all,
    ok: !all.some(({ severity }) => severity === 'error'),
  };
}
