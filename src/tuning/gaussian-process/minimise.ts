/** A function's value and gradient at a point. */
export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Minimum extends Evaluated {
  readonly point: Float64Array;
}

interface MinimiseOptions {
  readonly iterations: number;
  /** Ends where no part of the gradient is larger. */
  readonly tolerance: number;
}

/**
 * BFGS with a backtracking line search (Nocedal & Wright, "Numerical Optimization", 2006, algorithms 3.1 and 6.1). For a handful of
 * variables; the function may be infinite or NaN where steps should not go, but not at `start`.
 */
export function minimise(
  evaluate: (point: Float64Array) => Evaluated,
  start: Float64Array,
  { iterations, tolerance }: MinimiseOptions,
): Minimum {
  let at: Minimum = { point: start, ...evaluate(start) };
  let inverseHessian = identity(start.length);
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (at.gradient.every((part) => Math.abs(part) <= tolerance)) break;
    let direction = negated(times(inverseHessian, at.gradient));
    if (dot(direction, at.gradient) >= 0) {
      inverseHessian = identity(start.length);
      direction = negated(at.gradient);
    }
    const next = lineSearch(evaluate, at, direction);
    if (!next) break;
    inverseHessian = updated(inverseHessian, {
      step: next.point.map((value, i) => value - at.point[i]!),
      change: next.gradient.map((value, i) => value - at.gradient[i]!),
    });
    at = next;
  }
  return at;
}

/** The first of ever shorter steps that lowers the function by enough (Armijo); undefined when none does. */
function lineSearch(
  evaluate: (point: Float64Array) => Evaluated,
  from: Minimum,
  direction: Float64Array,
): Minimum | undefined {
  const slope = dot(direction, from.gradient);
  const longest = direction.reduce((length, part) => Math.max(length, Math.abs(part)), 0);
  // Variables are logarithms here: a step of 2 changes them by a factor of 7, and further the quadratic model is a fable.
  let length = Math.min(1, 2 / longest);
  for (let attempt = 0; attempt < 20; attempt++) {
    const point = from.point.map((value, i) => value + length * direction[i]!);
    const evaluated = evaluate(point);
    if (evaluated.value <= from.value + 1e-4 * length * slope) return { point, ...evaluated };
    length *= 0.4;
  }
  return undefined;
}

/** H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ; unchanged where the curvature along the step is not positive. */
function updated(
  inverse: Float64Array,
  { step, change }: { readonly step: Float64Array; readonly change: Float64Array },
): Float64Array {
  const curvature = dot(step, change);
  if (!(curvature > 1e-10)) return inverse;
  const size = step.length;
  const moved = times(inverse, change);
  const factor = (1 + dot(change, moved) / curvature) / curvature;
  return inverse.map((value, at) => {
    const i = Math.floor(at / size);
    const j = at % size;
    return value + factor * step[i]! * step[j]! - (moved[i]! * step[j]! + step[i]! * moved[j]!) / curvature;
  });
}

function identity(size: number): Float64Array {
  return new Float64Array(size * size).map((_, at) => Number(at % (size + 1) === 0));
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, i) => dot(matrix.subarray(i * size, (i + 1) * size), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function negated(vector: Float64Array): Float64Array {
  return vector.map((value) => -value);
}
