import { nats } from './format.ts';
import { leading, type ReportData } from './report-data.ts';

export interface ReportWarning {
  readonly text: string;
  readonly loud: boolean;
}

/** What a reader must know before believing the numbers: what the caller says, and what follows from the data. Loudest first. */
export function warningsOf(data: ReportData): ReportWarning[] {
  const { evaluation, split } = leading(data);
  const found: ReportWarning[] = [];
  if (evaluation.warning !== undefined) found.push({ text: evaluation.warning, loud: true });
  const quiet = (text: string): void => void found.push({ text, loud: false });
  for (const text of data.warnings) quiet(text);
  if (data.manifest.backbone.name.startsWith('scatter')) {
    quiet(
      'The backbone is the built-in scattering network: fixed filters that have learnt nothing. It proves that the machinery works; on photos expect far less than with a pretrained backbone (--backbone resnet50).',
    );
  }
  if (data.test && data.test.openings > 1) {
    quiet(
      `The test split has been opened ${data.test.openings} times. Each time something is chosen after looking at it, its accuracy becomes more flattering than that on new pictures.`,
    );
  }
  if (evaluation.crossEntropy.value > evaluation.rawCrossEntropy.value + 1e-9) {
    quiet(
      `Temperature scaling makes the cross-entropy on ${split} worse (${nats(evaluation.rawCrossEntropy.value)} → ${nats(evaluation.crossEntropy.value)} nats): this split and the one it was fitted on differ.`,
    );
  }
  if (data.stopped === 'interrupted') quiet('Training was interrupted; this is the best model up to then.');
  return found;
}
