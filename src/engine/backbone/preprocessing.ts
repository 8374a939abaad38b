import { nearest, userError } from '../../errors/index.ts';
import type { Preprocessing } from '../image/picture.ts';

/** ImageNet's channel means and deviations, as every torchvision model uses them. */
export const imagenetMean = [0.485, 0.456, 0.406] as const;
export const imagenetStd = [0.229, 0.224, 0.225] as const;

const largestSide = 4096;

/** What a command asks for; what it leaves open is undefined or absent. */
export type PreprocessingWish = { readonly [K in keyof Preprocessing]?: Preprocessing[K] | undefined };

/** What one place says of the preprocessing. The documented schema of the JSON beside an ONNX file and of its metadata. */
export interface PreprocessingSource {
  /** What people are told: "the flags", "model.onnx.json". */
  readonly from: string;
  readonly values: PreprocessingWish;
}

export interface ResolvedPreprocessing {
  readonly preprocessing: Preprocessing;
  /** "size from the model, mean from the flags, …": each value's origin, grouped. */
  readonly from: string;
}

/**
 * Takes each value from the first source that has it. Without a `resize` it is size × 256 ÷ 224, rounded: torchvision's V1 evaluation.
 * @throws WHIPPET_BACKBONE_PREPROCESSING when the result is impossible.
 */
export function resolvePreprocessing(sources: readonly PreprocessingSource[]): ResolvedPreprocessing {
  const origins = new Map<string, string[]>();
  const pick = <K extends keyof Preprocessing>(key: K, fallback: Preprocessing[K]): Preprocessing[K] => {
    const source = sources.find(({ values }) => values[key] !== undefined);
    const from = source?.from ?? 'the default';
    origins.set(from, [...(origins.get(from) ?? []), key]);
    return (source?.values[key] as Preprocessing[K] | undefined) ?? fallback;
  };
  const size = pick('size', 224);
  const preprocessing: Preprocessing = {
    size,
    resize: pick('resize', Math.round((size * 256) / 224)),
    interpolation: pick('interpolation', 'bilinear'),
    mean: pick('mean', imagenetMean),
    std: pick('std', imagenetStd),
  };
  const from = [...origins].map(([origin, keys]) => `${keys.join(', ')} from ${origin}`).join('; ');
  if (preprocessing.resize !== 'squash' && preprocessing.resize < size) {
    refuse(from, `resize (${preprocessing.resize}) is smaller than size (${size})`);
  }
  return { preprocessing, from };
}

function refuse(source: string, problem: string): never {
  throw userError('WHIPPET_BACKBONE_PREPROCESSING', { source, problem });
}

const isSide = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 8 && (value as number) <= largestSide;
const isTriple = (value: unknown): value is [number, number, number] =>
  Array.isArray(value) && value.length === 3 && value.every((one) => typeof one === 'number' && Number.isFinite(one));

const checks: Readonly<
  Record<keyof Preprocessing | 'pretrainedOn', { valid: (value: unknown) => boolean; is: string }>
> = {
  size: { valid: isSide, is: `a whole number from 8 to ${largestSide}` },
  resize: {
    valid: (value) => value === 'squash' || isSide(value),
    is: `a whole number from 8 to ${largestSide}, or "squash"`,
  },
  interpolation: { valid: (value) => value === 'bilinear' || value === 'bicubic', is: '"bilinear" or "bicubic"' },
  mean: { valid: isTriple, is: 'three numbers' },
  std: { valid: (value) => isTriple(value) && value.every((one) => one > 0), is: 'three numbers above 0' },
  pretrainedOn: { valid: (value) => typeof value === 'string', is: 'a text' },
};

/**
 * Checks what a file or a command says of the preprocessing.
 * @throws WHIPPET_BACKBONE_PREPROCESSING for unknown keys and impossible values.
 */
export function checkPreprocessing(
  given: unknown,
  source: string,
): { readonly values: PreprocessingWish; readonly pretrainedOn: string | undefined } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) refuse(source, 'it is not a JSON object');
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(checks, key)) {
      const meant = nearest(key, Object.keys(checks));
      refuse(source, `it has no setting "${key}"${meant === undefined ? '' : ` (${meant} is one)`}`);
    }
    const { valid, is } = checks[key as keyof typeof checks];
    if (!valid(value)) refuse(source, `${key} must be ${is}, not ${JSON.stringify(value)}`);
  }
  const { pretrainedOn, ...values } = given as PreprocessingWish & { pretrainedOn?: string };
  return { values, pretrainedOn };
}

/** Reads JSON text of the documented schema. @throws WHIPPET_BACKBONE_PREPROCESSING */
export function parsePreprocessing(text: string, source: string): ReturnType<typeof checkPreprocessing> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw userError(
      'WHIPPET_BACKBONE_PREPROCESSING',
      { source, problem: `it is not JSON (${(error as Error).message})` },
      error,
    );
  }
  return checkPreprocessing(given, source);
}
