import { basename } from 'node:path';

/** What is wrong with a parsed `whippet.json`, in words; undefined when it has the shape of a Manifest. */
export function manifestProblem(parsed: unknown): string | undefined {
  if (!isRecord(parsed)) return 'not an object';
  if (parsed.format !== 1) return `format is ${JSON.stringify(parsed.format)}, not a number this version knows`;
  if (typeof parsed.digest !== 'string') return 'digest is missing';
  return (
    labelsProblem(parsed.labels) ?? backboneProblem(parsed) ?? numbersProblem(parsed) ?? filesProblem(parsed.files)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function labelsProblem(labels: unknown): string | undefined {
  const good = Array.isArray(labels) && labels.length >= 2 && labels.every((label) => typeof label === 'string');
  return good ? undefined : 'labels is not a list of two or more names';
}

function backboneProblem({ backbone, preprocessing, head, labels }: Record<string, unknown>): string | undefined {
  if (!isRecord(backbone) || !isCount(backbone.dimension) || typeof backbone.digest !== 'string')
    return 'backbone is incomplete';
  if (!isRecord(preprocessing) || !isCount(preprocessing.size) || preprocessing.size > 4096)
    return 'preprocessing.size is not a size';
  if (preprocessing.resize !== 'squash' && !isCount(preprocessing.resize))
    return 'preprocessing.resize is neither a number nor "squash"';
  if (!['bilinear', 'bicubic'].includes(String(preprocessing.interpolation)))
    return 'preprocessing.interpolation is unknown';
  const widths = Array.isArray(head) && head.every(isCount) ? head : [];
  if (widths.length < 2) return 'head is not a list of widths';
  return widths.at(-1) === (labels as unknown[]).length ? undefined : 'head and labels differ in the number of classes';
}

function numbersProblem({ temperature, novelty }: Record<string, unknown>): string | undefined {
  if (typeof temperature !== 'number' || !(temperature > 0) || !Number.isFinite(temperature))
    return 'temperature is not above 0';
  return isRecord(novelty) && Array.isArray(novelty.quantiles) ? undefined : 'novelty is incomplete';
}

function filesProblem(files: unknown): string | undefined {
  if (!isRecord(files) || !('model.onnx' in files)) return 'files does not list model.onnx';
  for (const [name, file] of Object.entries(files)) {
    if (name !== basename(name) || name.includes('\\') || name.startsWith('.'))
      return `files lists the path ${JSON.stringify(name)}`;
    if (!isRecord(file) || typeof file.sha256 !== 'string' || !Number.isSafeInteger(file.bytes))
      return `files › ${name} is incomplete`;
  }
  return undefined;
}
