import { nearest, userError } from '../../errors/index.ts';

/** What one hyperparameter is. The command line's flags and docs/head.md are made from this table. */
export type Hyperparameter =
  | NumberHyperparameter
  | { readonly type: 'choice'; readonly choices: readonly string[]; readonly default: string; readonly doc: string }
  | { readonly type: 'flag'; readonly default: boolean; readonly doc: string };

interface NumberHyperparameter {
  readonly type: 'number' | 'integer';
  readonly minimum: number;
  /** The minimum itself is not allowed. */
  readonly above?: true;
  readonly maximum: number;
  readonly default: number;
  readonly doc: string;
}

/**
 * The founding names. Defaults were chosen on the valid splits of a 120-class set of 4,800 pictures and a 28-class set of 672 pictures
 * (bench/head/quality.ts): one setting that is within a point of a tuned solver on both.
 */
export const hyperparameters = {
  learning_rate: {
    type: 'number',
    minimum: 0,
    above: true,
    maximum: 10,
    default: 0.002,
    doc: 'Size of a step at the start of the schedule. 0.002 suits Adam(W) on standardised features; SGD wants about 0.003.',
  },
  batch_size: {
    type: 'integer',
    minimum: 1,
    maximum: 65536,
    default: 64,
    doc: 'Pictures per step. Smaller takes more steps per epoch, larger gives a less noisy gradient.',
  },
  epochs: {
    type: 'integer',
    minimum: 1,
    maximum: 10000,
    default: 30,
    doc: 'Passes over the training pictures at most; the best one on valid is kept.',
  },
  optimizer: {
    type: 'choice',
    choices: ['adam', 'adamw', 'sgd'],
    default: 'adamw',
    doc: 'AdamW (decay apart from the gradient), Adam (decay in the gradient) or SGD with momentum.',
  },
  momentum: {
    type: 'number',
    minimum: 0,
    maximum: 0.9999,
    default: 0.9,
    doc: 'Share of the last step carried over; SGD only (Adam always uses 0.9 and 0.999).',
  },
  weight_decay: {
    type: 'number',
    minimum: 0,
    maximum: 100,
    default: 10,
    doc: 'Pull of the weights (not the biases) towards 0; features often outnumber pictures. 10 suits AdamW (per step, times the learning rate); Adam and SGD want about 0.03.',
  },
  label_smoothing: {
    type: 'number',
    minimum: 0,
    maximum: 0.9,
    default: 0,
    doc: 'Share of each target spread evenly over all classes. Off: on frozen features it gained no accuracy.',
  },
  schedule: {
    type: 'choice',
    choices: ['cosine', 'constant'],
    default: 'cosine',
    doc: 'Learning rate over the steps: cosine falls to 0 at the end (settles; needs no tuning), constant stays.',
  },
  class_weights: {
    type: 'choice',
    choices: ['none', 'balanced'],
    default: 'none',
    doc: 'balanced weighs each picture by the rarity of its class, so that rare classes count as much as frequent ones.',
  },
  hidden: {
    type: 'integer',
    minimum: 0,
    maximum: 16384,
    default: 0,
    doc: 'Units of a hidden ReLU layer; 0 is a linear head, which is as good on most pretrained features and can be explained exactly.',
  },
  patience: {
    type: 'integer',
    minimum: 0,
    maximum: 10000,
    default: 10,
    doc: 'Stop after this many epochs without a lower valid loss, confidence corrected; 0 never stops early.',
  },
  standardize: {
    type: 'flag',
    default: true,
    doc: 'Shift and scale every feature to mean 0 and deviation 1 over the training pictures (folded into the weights afterwards).',
  },
} as const satisfies Readonly<Record<string, Hyperparameter>>;

export type HyperparameterName = keyof typeof hyperparameters;

type ValueOf<H extends Hyperparameter> = H extends { readonly choices: readonly (infer C)[] }
  ? C
  : H extends { readonly type: 'flag' }
    ? boolean
    : number;

/** How the head is trained, by founding name. */
export type HeadOptions = {
  readonly [N in HyperparameterName]: ValueOf<(typeof hyperparameters)[N]>;
};

const names = Object.keys(hyperparameters) as HyperparameterName[];

export const defaultHeadOptions = Object.fromEntries(
  names.map((name) => [name, hyperparameters[name].default]),
) as unknown as HeadOptions;

/**
 * Text from flags or a file to options; what is absent gets its default. Names may be written with hyphens.
 * @throws WHIPPET_HEAD_UNKNOWN_HYPERPARAMETER, WHIPPET_HEAD_BAD_HYPERPARAMETER
 */
export function parseHyperparameters(raw: Readonly<Record<string, string>>): HeadOptions {
  const parsed: Record<string, string | number | boolean> = { ...defaultHeadOptions };
  for (const [given, text] of Object.entries(raw)) {
    const name = given.replaceAll('-', '_');
    if (!Object.hasOwn(hyperparameters, name)) {
      throw userError('WHIPPET_HEAD_UNKNOWN_HYPERPARAMETER', {
        name: given,
        nearest: nearest(name, names),
        known: names.join(', '),
      });
    }
    const definition: Hyperparameter = hyperparameters[name as HyperparameterName];
    const value = parseValue(definition, text.trim());
    if (value === undefined) {
      throw userError('WHIPPET_HEAD_BAD_HYPERPARAMETER', { name, value: text, expected: expectation(definition) });
    }
    parsed[name] = value;
  }
  return parsed as unknown as HeadOptions;
}

/** `undefined` where the text is not a possible value. */
function parseValue(definition: Hyperparameter, text: string): string | number | boolean | undefined {
  if (definition.type === 'choice') return definition.choices.includes(text) ? text : undefined;
  if (definition.type === 'flag') return text === 'true' ? true : text === 'false' ? false : undefined;
  const value = text === '' ? Number.NaN : Number(text);
  const tooSmall = definition.above ? value <= definition.minimum : value < definition.minimum;
  if (!Number.isFinite(value) || tooSmall || value > definition.maximum) return undefined;
  return definition.type === 'integer' && !Number.isInteger(value) ? undefined : value;
}

/** The possible values in words: "a whole number from 1 to 10000". */
export function expectation(definition: Hyperparameter): string {
  if (definition.type === 'choice') return definition.choices.join(' or ');
  if (definition.type === 'flag') return 'true or false';
  const kind = definition.type === 'integer' ? 'a whole number' : 'a number';
  return definition.above
    ? `${kind} above ${definition.minimum} and up to ${definition.maximum}`
    : `${kind} from ${definition.minimum} to ${definition.maximum}`;
}
