import { node, type OnnxNode, type OnnxTensor, scalar } from '../onnx/model.ts';
import type { HeadOptions } from './hyperparameters.ts';

/**
 * An optimiser as a piece of ONNX graph. For each parameter p with gradient g it keeps `slots` state tensors of p's shape (zero at the
 * start) and reads per-step `coefficients`, scalars computed in float64 outside the graph.
 */
export interface Optimizer {
  readonly slots: readonly string[];
  readonly coefficients: readonly string[];
  readonly constants: readonly OnnxTensor[];
  /** Values of `coefficients` for a step (from 1). */
  at(step: number, learningRate: number): readonly number[];
  /** Nodes from `p`, `p.<slot>` and the gradient to `p.next` and `p.<slot>.next`. Biases are not decayed. */
  update(parameter: string, gradient: string, decayed: boolean): OnnxNode[];
}

// Kingma & Ba's own values (arXiv 1412.6980, section 2): hardly anyone gains by others on a problem that is convex or nearly so.
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Adam, https://arxiv.org/abs/1412.6980:  m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  p ← p − η·m̂ / (√v̂ + ε).
 * The state is kept scaled, M = m/(1−β₁) and V = v/(1−β₂), and both bias corrections go into two scalars per step,
 *   p ← p − rate · M / (√V + shift),  c₂ = (1−β₂)/(1−β₂ᵗ),  rate = η·(1−β₁)/(1−β₁ᵗ)/√c₂,  shift = ε/√c₂:
 * 10 elementwise operators instead of 13, and they are half of a step's time.
 * 'adam' adds decay·p to the gradient; 'adamw' shrinks p by η·decay apart from it (https://arxiv.org/abs/1711.05101).
 */
function adam(decay: number, decoupled: boolean): Optimizer {
  const keeps = decoupled && decay > 0;
  return {
    slots: ['first', 'second'],
    coefficients: keeps ? ['rate', 'shift', 'keep'] : ['rate', 'shift'],
    constants: [
      scalar('beta1', beta1),
      scalar('beta2', beta2),
      ...(decay > 0 && !decoupled ? [scalar('decay', decay)] : []),
    ],
    at(step, learningRate) {
      const second = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      const rate = (learningRate * (1 - beta1)) / (1 - beta1 ** step) / second;
      return keeps ? [rate, epsilon / second, 1 - learningRate * decay] : [rate, epsilon / second];
    },
    update(p, gradient, decayed) {
      const nodes: OnnxNode[] = [];
      let g = gradient;
      if (decayed && decay > 0 && !decoupled) {
        nodes.push(node('Mul', [p, 'decay'], [`${p}.pull`]), node('Add', [g, `${p}.pull`], [`${p}.decayed`]));
        g = `${p}.decayed`;
      }
      nodes.push(
        node('Mul', [`${p}.first`, 'beta1'], [`${p}.first.kept`]),
        node('Add', [`${p}.first.kept`, g], [`${p}.first.next`]),
        node('Mul', [g, g], [`${p}.square`]),
        node('Mul', [`${p}.second`, 'beta2'], [`${p}.second.kept`]),
        node('Add', [`${p}.second.kept`, `${p}.square`], [`${p}.second.next`]),
        node('Sqrt', [`${p}.second.next`], [`${p}.root`]),
        node('Add', [`${p}.root`, 'shift'], [`${p}.shifted`]),
        node('Div', [`${p}.first.next`, `${p}.shifted`], [`${p}.direction`]),
        node('Mul', [`${p}.direction`, 'rate'], [`${p}.step`]),
      );
      if (decayed && keeps) nodes.push(node('Mul', [p, 'keep'], [`${p}.kept`]));
      nodes.push(node('Sub', [decayed && keeps ? `${p}.kept` : p, `${p}.step`], [`${p}.next`]));
      return nodes;
    },
  };
}

/** SGD with momentum as PyTorch defines it: g ← g + decay·p, b ← μb + g, p ← p − η·b (Sutskever et al. 2013 scale b by η instead). */
function sgd(decay: number, momentum: number): Optimizer {
  return {
    slots: ['velocity'],
    coefficients: ['rate'],
    constants: [scalar('momentum', momentum), ...(decay > 0 ? [scalar('decay', decay)] : [])],
    at: (_step, learningRate) => [learningRate],
    update(p, gradient, decayed) {
      const nodes: OnnxNode[] = [];
      let g = gradient;
      if (decayed && decay > 0) {
        nodes.push(node('Mul', [p, 'decay'], [`${p}.pull`]), node('Add', [g, `${p}.pull`], [`${p}.decayed`]));
        g = `${p}.decayed`;
      }
      return [
        ...nodes,
        node('Mul', [`${p}.velocity`, 'momentum'], [`${p}.velocity.kept`]),
        node('Add', [`${p}.velocity.kept`, g], [`${p}.velocity.next`]),
        node('Mul', [`${p}.velocity.next`, 'rate'], [`${p}.step`]),
        node('Sub', [p, `${p}.step`], [`${p}.next`]),
      ];
    },
  };
}

export function optimizerOf(options: Pick<HeadOptions, 'optimizer' | 'weight_decay' | 'momentum'>): Optimizer {
  if (options.optimizer === 'sgd') return sgd(options.weight_decay, options.momentum);
  return adam(options.weight_decay, options.optimizer === 'adamw');
}
