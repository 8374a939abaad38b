import { listOf, type ParameterDefinition, type Settings } from '../parameter.ts';
import type { StepRecord, TensorSummary } from '../records.ts';

/** A tensor of a step under its full name: `gradients/weight0`, `biases/bias0`, `activations/logits`. */
export interface WatchedTensor {
  readonly collection: string;
  readonly name: string;
  readonly summary: TensorSummary;
}

/** All tensors that a step tells of. */
export function tensorsOf({ gradients, weights, activations }: StepRecord): WatchedTensor[] {
  const of = (group: Readonly<Record<string, TensorSummary>>, collection: (name: string) => string): WatchedTensor[] =>
    Object.entries(group).map(([name, summary]) => ({
      collection: collection(name),
      name: `${collection(name)}/${name}`,
      summary,
    }));
  return [
    ...of(gradients, () => 'gradients'),
    ...of(weights, (name) => (name.startsWith('bias') ? 'biases' : 'weights')),
    ...of(activations, () => 'activations'),
  ];
}

export const collectionNames: ParameterDefinition = {
  name: 'collection_names',
  type: 'names',
  default: null,
  meaning: 'collections that are looked at: gradients, weights, biases, activations, losses',
};

export const tensorRegex: ParameterDefinition = {
  name: 'tensor_regex',
  type: 'patterns',
  default: null,
  meaning: 'regular expressions over full names such as gradients/weight0',
};

/** "If both the parameters are specified, the rule inspects the union of tensors from both sets"; with neither, all. */
export function selection(settings: Settings): (tensor: { collection: string; name: string }) => boolean {
  const collections = listOf(settings, 'collection_names');
  const patterns = listOf(settings, 'tensor_regex').map((pattern) => new RegExp(pattern));
  if (collections.length + patterns.length === 0) return () => true;
  return ({ collection, name }) => collections.includes(collection) || patterns.some((pattern) => pattern.test(name));
}
