import { partName } from './input-parts.ts';
import type { Optimizer } from './optimizers.ts';

/** D features → (H ReLU units →) C logits; `hidden` 0 is a linear head. */
export interface HeadShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
}

/** A tensor that training changes. Weights are [inputs × outputs], biases [outputs]. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly decayed: boolean;
}

/** `parts` > 1 cuts the first weight into that many blocks of rows; see input-parts.ts. */
export function parametersOf({ inputs, hidden, classes }: HeadShape, parts = 1): readonly Parameter[] {
  const width = hidden || classes;
  const names = parts === 1 ? ['weight0'] : Array.from({ length: parts }, (_, k) => partName('weight0', k));
  const first: readonly Parameter[] = [
    ...names.map((name) => ({ name, dims: [inputs / parts, width], decayed: true })),
    { name: 'bias0', dims: [width], decayed: false },
  ];
  if (hidden === 0) return first;
  const second = { name: 'weight1', dims: [hidden, classes], decayed: true };
  return [...first, second, { name: 'bias1', dims: [classes], decayed: false }];
}

/** Names of everything that passes from step to step: parameters, then their optimiser slots. */
export function stateOf(shape: HeadShape, optimizer: Optimizer, parts: number): readonly Parameter[] {
  const parameters = parametersOf(shape, parts);
  const slots = optimizer.slots.flatMap((slot) => parameters.map((p) => ({ ...p, name: `${p.name}.${slot}` })));
  return [...parameters, ...slots];
}
