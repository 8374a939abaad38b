import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import type { DenseLayer, Head } from '../head/head.ts';
import { activationOffset, classActivation } from './class-activation.ts';

const dimension = 12;
const places = 9;
const classes = 4;

function layer(inputs: number, outputs: number, seed: string): DenseLayer {
  const random = seededRandom(seed);
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  return { inputs, outputs, weight: draw(inputs * outputs), bias: draw(outputs) };
}

function picture(seed: string): { map: Float32Array; features: Float32Array } {
  const random = seededRandom(seed);
  const map = Float32Array.from({ length: dimension * places }, () => Math.max(0, random.normal()));
  const features = Float32Array.from({ length: dimension }, (_, d) => {
    return map.subarray(d * places, (d + 1) * places).reduce((sum, x) => sum + x, 0) / places;
  });
  return { map, features };
}

/** Plain loops, apart from the code under test. */
function logits({ layers }: Head, features: ArrayLike<number>): number[] {
  let values = Array.from(features);
  for (const [l, { outputs, weight, bias }] of layers.entries()) {
    values = Array.from({ length: outputs }, (_, o) => {
      const sum = values.reduce((total, x, i) => total + x * weight[i * outputs + o]!, bias[o]!);
      return l < layers.length - 1 ? Math.max(0, sum) : sum;
    });
  }
  return values;
}

function near(actual: number, expected: number, tolerance = 1e-5): void {
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`);
}

const sum = (values: Float32Array): number => values.reduce((total, x) => total + x, 0);

test('the places of a linear head add up, with the bias, to the logit', () => {
  const head: Head = { layers: [layer(dimension, classes, 'linear')] };
  const { map, features } = picture('a');
  for (const [classIndex, logit] of logits(head, features).entries()) {
    const activation = classActivation({ map, head, features, classIndex });
    assert.equal(activation.length, places);
    near(activationOffset(head, features, classIndex), head.layers[0]!.bias[classIndex]!);
    near(sum(activation) + head.layers[0]!.bias[classIndex]!, logit);
  }
});

test('a place adds what its own features are worth', () => {
  const head: Head = { layers: [layer(dimension, classes, 'linear')] };
  const { map, features } = picture('b');
  const activation = classActivation({ map, head, features, classIndex: 2 });
  const without = map.slice();
  for (let d = 0; d < dimension; d++) without[d * places + 5] = 0;
  const lesser = Float32Array.from(
    { length: dimension },
    (_, d) => sum(without.subarray(d * places, (d + 1) * places)) / places,
  );
  near(activation[5]!, logits(head, features)[2]! - logits(head, lesser)[2]!);
});

test('with a hidden layer the weights are the gradient of the logit by the features', () => {
  const head: Head = { layers: [layer(dimension, 7, 'hidden'), layer(7, classes, 'out')] };
  const { map, features } = picture('c');
  const step = 1e-4;
  for (let classIndex = 0; classIndex < classes; classIndex++) {
    const gradient = Array.from({ length: dimension }, (_, d) => {
      const moved = (by: number): number =>
        logits(
          head,
          Array.from(features, (x, i) => x + (i === d ? by : 0)),
        )[classIndex]!;
      return (moved(step) - moved(-step)) / (2 * step);
    });
    const activation = classActivation({ map, head, features, classIndex });
    for (let p = 0; p < places; p++) {
      near(activation[p]!, gradient.reduce((total, g, d) => total + g * map[d * places + p]!, 0) / places, 1e-4);
    }
    near(sum(activation) + activationOffset(head, features, classIndex), logits(head, features)[classIndex]!);
  }
});
