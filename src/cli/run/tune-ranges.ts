import { type Hyperparameter, hyperparameters, parseHyperparameters } from '../../engine/index.ts';
import { nearest, userError } from '../../errors/index.ts';
import type { ParameterRange, ScalingType } from '../../tuning/index.ts';

const scalings: Readonly<Record<string, ScalingType>> = {
  auto: 'Auto',
  linear: 'Linear',
  log: 'Logarithmic',
  'reverse-log': 'ReverseLogarithmic',
};

/**
 * `learning_rate=0.001..0.1:log` or `batch_size=32,64,128`: hyperparameters by their names, hyphens allowed, `head` for `hidden`.
 * @throws WHIPPET_TUNING_RANGE, WHIPPET_HEAD_BAD_HYPERPARAMETER for values that the hyperparameter cannot have
 */
export function parseRange(text: string): ParameterRange {
  const at = text.indexOf('=');
  if (at < 1) throw unsearchable(text, 'it must be NAME=MINIMUM..MAXIMUM or NAME=VALUE,VALUE');
  const name = nameOf(text.slice(0, at), text);
  const wanted = text.slice(at + 1).trim();
  const range = wanted.includes('..') ? numbers(name, wanted, text) : categories(name, wanted);
  for (const value of range.kind === 'categorical' ? range.values : [range.minimum, range.maximum]) {
    parseHyperparameters({ [name]: String(value) });
  }
  return range;
}

function unsearchable(text: string, reason: string): Error {
  return userError('WHIPPET_TUNING_RANGE', { text, reason });
}

function nameOf(given: string, text: string): keyof typeof hyperparameters {
  const plain = given.trim().replaceAll('-', '_');
  const name = plain === 'head' ? 'hidden' : plain;
  if (Object.hasOwn(hyperparameters, name)) return name as keyof typeof hyperparameters;
  const names = Object.keys(hyperparameters);
  const meant = nearest(name, names);
  const hint = meant ? ` (did you mean ${meant}?)` : `; there are ${names.join(', ')}`;
  throw unsearchable(text, `there is no hyperparameter "${given}"${hint}`);
}

function numbers(name: keyof typeof hyperparameters, wanted: string, text: string): ParameterRange {
  const definition: Hyperparameter = hyperparameters[name];
  if (definition.type !== 'number' && definition.type !== 'integer') {
    throw unsearchable(text, `${name} is no number; give what to choose from with commas`);
  }
  const [span = '', scale = 'auto'] = wanted.split(':');
  const [minimum = '', maximum = ''] = span.split('..');
  const scaling = scalings[scale.trim()];
  if (!scaling) throw unsearchable(text, `"${scale}" is no scale; there are ${Object.keys(scalings).join(', ')}`);
  const kind = definition.type === 'integer' ? 'integer' : 'continuous';
  return { kind, name, minimum: numberOf(minimum, text), maximum: numberOf(maximum, text), scaling };
}

function numberOf(part: string, text: string): number {
  const value = part.trim() === '' ? Number.NaN : Number(part);
  if (!Number.isFinite(value)) throw unsearchable(text, `"${part}" is not a number`);
  return value;
}

function categories(name: string, wanted: string): ParameterRange {
  const values = wanted.split(',').map((value) => value.trim());
  return { kind: 'categorical', name, values: values.filter((value) => value !== '') };
}
