import { isAbsolute } from 'node:path';
import { hyperparameters, type Preprocessing, parseHyperparameters } from '../../engine/index.ts';
import { nearest, userError } from '../../errors/index.ts';

/** What HyperParameters of a job say, apart from the head's own, which the engine reads. */
export interface TrainingWish {
  /** By the engine's names. */
  readonly head: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly backbone?: string;
  readonly features?: string;
  readonly views?: string;
  readonly preprocessing: { readonly [K in keyof Preprocessing]?: Preprocessing[K] };
  /** Path within the channel of a CSV table. */
  readonly labels?: string;
  readonly groupBy?: string;
  readonly allowLeakage: boolean;
  readonly audit: boolean;
  readonly pictures: boolean;
  readonly strict: boolean;
  readonly evaluateTest: boolean;
  /** The metric that a search compares this job by: then the job is one of its trials. */
  readonly objective?: string;
}

type Reader<T> = { readonly expected: string; readonly read: (text: string) => T | undefined };

const text: Reader<string> = { expected: 'a text', read: (value) => (value.trim() === '' ? undefined : value.trim()) };
/** Hyperparameters come from whoever may start a job, who need not be who owns the machine that it runs on. */
const pathInside: Reader<string> = {
  expected: 'the path of a file within its channel',
  read: (value) => (leadsOutside(value) ? undefined : text.read(value)),
};

const backbone: Reader<string> = {
  expected: 'the name of a backbone, or onnx: and the path of a file within the channel "weights"',
  read: (value) => (leadsOutside(value.trim().replace(/^onnx:/, '')) ? undefined : text.read(value)),
};

function leadsOutside(path: string): boolean {
  return isAbsolute(path.trim()) || path.includes('\0') || path.trim().split(/[\\/]/).includes('..');
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const flag: Reader<boolean> = {
  expected: 'true or false',
  // Python's str(True) is what its SDK's users often send.
  read: (value) => flags.get(value.trim().toLowerCase()),
};

function wholeNumber(minimum: number, maximum: number): Reader<number> {
  return {
    expected: `a whole number from ${minimum} to ${maximum}`,
    read(given) {
      const value = given.trim() === '' ? Number.NaN : Number(given);
      return Number.isInteger(value) && value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

const side: Reader<number | 'squash'> = {
  expected: 'a whole number from 8 to 4096, or squash',
  read: (value) => (value.trim() === 'squash' ? 'squash' : wholeNumber(8, 4096).read(value)),
};

const triple: Reader<readonly [number, number, number]> = {
  expected: 'three numbers such as 0.485,0.456,0.406',
  read(given) {
    const values = given.replace(/^\s*\[|\]\s*$/g, '').split(',');
    const numbers = values.map((value) => (value.trim() === '' ? Number.NaN : Number(value)));
    return numbers.length === 3 && numbers.every(Number.isFinite) ? (numbers as [number, number, number]) : undefined;
  },
};

const interpolation: Reader<'bilinear' | 'bicubic'> = {
  expected: 'bilinear or bicubic',
  read: (value) => (value === 'bilinear' || value === 'bicubic' ? value : undefined),
};

/** The container's own names beside the head's: the command line's flags, with underscores. */
const own = {
  ...{ seed: wholeNumber(0, 2 ** 31 - 1), backbone, features: text, views: text },
  ...{ size: wholeNumber(8, 4096), resize: side, mean: triple, std: triple, interpolation },
  ...{ labels: pathInside, group_by: text, allow_leakage: flag },
  ...{ audit: flag, pictures: flag, strict: flag, evaluate_test: flag },
};
type Own = typeof own;
type OwnValues = { -readonly [N in keyof Own]?: Own[N] extends Reader<infer T> ? T : never };

/** `head` is the command line's name of `hidden`. */
const aliases: ReadonlyMap<string, string> = new Map([['head', 'hidden']]);
const knownNames = [...Object.keys(own), ...Object.keys(hyperparameters)];

/** Set by SageMaker in every trial of a tuning job. */
const objectiveName = '_tuning_objective_metric';

/**
 * HyperParameters of CreateTrainingJob: text by name. SageMaker's Python SDK sends each value as JSON (`"\"adam\""`), other clients
 * plain; names may have hyphens. What SageMaker adds for its own use (`sagemaker_…`) is passed over.
 * @throws WHIPPET_CONTAINER_UNKNOWN_HYPERPARAMETER, WHIPPET_CONTAINER_HYPERPARAMETER, WHIPPET_CONTAINER_HYPERPARAMETER_TWICE,
 * WHIPPET_HEAD_BAD_HYPERPARAMETER, WHIPPET_CONTAINER_OBJECTIVE_ON_TEST, WHIPPET_CONTAINER_TEST_IN_TUNING
 */
export function readHyperparameters(raw: Readonly<Record<string, unknown>>): TrainingWish {
  const head: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const spelled = new Map<string, string>();
  for (const [given, value] of Object.entries(raw)) {
    if (given.startsWith('sagemaker_') || given === objectiveName) continue;
    const name = canonicalName(given);
    const before = spelled.get(name);
    if (before !== undefined) {
      throw userError('WHIPPET_CONTAINER_HYPERPARAMETER_TWICE', { name, first: before, second: given });
    }
    spelled.set(name, given);
    const plain = unquoted(value);
    if (isOwn(name)) values[name] = readOwn(name, plain);
    else head[name] = plain;
  }
  // Refused before any picture is read; the engine parses them again.
  parseHyperparameters(head);
  const objective = raw[objectiveName] === undefined ? undefined : unquoted(raw[objectiveName]);
  return checkTest({ ...wishOf(values as OwnValues), head, ...(objective !== undefined && { objective }) });
}

/**
 * The engine's words name flags of the command line; a job has hyperparameters: `--allow-leakage` → `allow_leakage=true`,
 * `--features NAME` → `features=NAME`, `--backbone resnet50` → `backbone=resnet50`. A value is told by capitals or a digit. What is no
 * hyperparameter stays.
 */
export function inHyperparameters(words: string): string {
  return words.replace(
    /(?<=^|[\s(])--([a-z]+(?:-[a-z]+)*)( (?=[A-Z]|[a-z]*\d))?/g,
    (whole, hyphened: string, value?: string) => {
      const name = hyphened.replaceAll('-', '_');
      if (!knownNames.includes(name)) return whole;
      if (isOwn(name) && own[name] === flag) return `${name}=true${value ?? ''}`;
      return value === undefined ? name : `${name}=`;
    },
  );
}

function isOwn(name: string): name is keyof Own {
  return Object.hasOwn(own, name);
}

function canonicalName(given: string): string {
  const underscored = given.replaceAll('-', '_');
  const name = aliases.get(underscored) ?? underscored;
  if (isOwn(name) || Object.hasOwn(hyperparameters, name)) return name;
  throw userError('WHIPPET_CONTAINER_UNKNOWN_HYPERPARAMETER', {
    name: given,
    nearest: nearest(name, knownNames),
    known: knownNames.join(', '),
  });
}

function readOwn(name: keyof Own, plain: string): unknown {
  const { read, expected } = own[name] as Reader<unknown>;
  const value = read(plain);
  if (value === undefined) throw userError('WHIPPET_CONTAINER_HYPERPARAMETER', { name, value: plain, expected });
  return value;
}

/** `"\"adam\""` → `adam`; numbers and lists of files written by hand become their JSON. */
function unquoted(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  if (!/^\s*".*"\s*$/s.test(value)) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? parsed : value;
  } catch {
    return value;
  }
}

function wishOf(values: OwnValues): Omit<TrainingWish, 'head'> {
  const { backbone, features, views, labels, group_by: groupBy, size, resize, mean, std } = values;
  return {
    seed: values.seed ?? 0,
    ...(backbone !== undefined && { backbone }),
    ...(features !== undefined && { features }),
    ...(views !== undefined && { views }),
    ...(labels !== undefined && { labels }),
    ...(groupBy !== undefined && { groupBy }),
    preprocessing: {
      ...(size !== undefined && { size }),
      ...(resize !== undefined && { resize }),
      ...(mean && { mean }),
      ...(std && { std }),
      ...(values.interpolation && { interpolation: values.interpolation }),
    },
    allowLeakage: values.allow_leakage ?? false,
    audit: values.audit ?? true,
    pictures: values.pictures ?? true,
    strict: values.strict ?? false,
    evaluateTest: values.evaluate_test ?? false,
  };
}

function checkTest(wish: TrainingWish): TrainingWish {
  const { objective, evaluateTest } = wish;
  if (objective === undefined) return wish;
  if (/^test\b/i.test(objective)) throw userError('WHIPPET_CONTAINER_OBJECTIVE_ON_TEST', { metric: objective });
  if (evaluateTest) throw userError('WHIPPET_CONTAINER_TEST_IN_TUNING', {});
  return wish;
}
