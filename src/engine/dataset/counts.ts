import { type Dataset, type Sample, type Split, splits } from './dataset.ts';
import { type Finding, someOf } from './findings.ts';

/** Pictures by class index, for each split that has any. */
export type SplitCounts = Readonly<Partial<Record<Split, readonly number[]>>>;

/** Above this, the small classes suffer visibly and class weights are worth a try. */
const notableImbalance = 10;

/** Below this, a class is learnt from too little to be told from its background. */
const fewPictures = 10;

function countSamples(samples: readonly Sample[], classes: number): SplitCounts {
  const counts: Partial<Record<Split, number[]>> = {};
  for (const { split, label } of samples) {
    const row = counts[split] ?? new Array<number>(classes).fill(0);
    row[label]!++;
    counts[split] = row;
  }
  return counts;
}

function missingClasses(classes: readonly string[], counts: SplitCounts): Finding[] {
  return splits.flatMap((split) => {
    const missing = classes.filter((_, label) => counts[split]?.[label] === 0);
    if (missing.length === 0) return [];
    const message = `${missing.length} of ${classes.length} classes have no picture in ${split}: ${someOf(missing)}`;
    const severity = split === 'train' ? 'error' : 'warning';
    return [{ severity, code: `class-not-in-${split}`, message, pictures: [] } satisfies Finding];
  });
}

function finding(severity: Finding['severity'], code: Finding['code'], message: string): Finding {
  return { severity, code, message, pictures: [] };
}

/** @param samples the decodable ones: a class whose pictures are all broken is missing. */
export function checkCounts(
  { classes }: Pick<Dataset, 'classes'>,
  samples: readonly Sample[],
): { counts: SplitCounts; imbalance: number | undefined; findings: Finding[] } {
  const counts = countSamples(samples, classes.length);
  const findings = missingClasses(classes, counts);
  if (classes.length < 2)
    findings.push(finding('error', 'one-class', `There is only one class: ${classes[0] ?? 'none'}`));
  if (counts.valid === undefined) findings.push(finding('warning', 'no-valid', 'There is no picture for validation'));
  const { train } = counts;
  if (train === undefined) {
    findings.push(finding('warning', 'no-train', 'There is no picture to train on'));
    return { counts, imbalance: undefined, findings };
  }
  const fewest = Math.min(...train);
  const imbalance = fewest === 0 ? undefined : Math.max(...train) / fewest;
  if (imbalance !== undefined && imbalance >= notableImbalance) {
    const [smallest, largest] = [train.indexOf(fewest), train.indexOf(Math.max(...train))];
    const message = `${classes[largest]} has ${imbalance.toFixed(1)} times the train pictures of ${classes[smallest]} (${train[largest]} and ${fewest})`;
    findings.push(finding('warning', 'imbalance', message));
  }
  const few = classes.filter((_, label) => train[label]! > 0 && train[label]! < fewPictures);
  if (few.length > 0) {
    const message = `${few.length} of ${classes.length} classes have fewer than ${fewPictures} train pictures: ${someOf(few)}`;
    findings.push(finding('info', 'few-pictures', message));
  }
  return { counts, imbalance, findings };
}
