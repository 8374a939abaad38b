import { type Random, seededRandom } from '../random/index.ts';
import { type Acquisition, mostPromising } from './acquisition.ts';
import { logExpectedImprovement } from './expected-improvement.ts';
import { fitKernel } from './gaussian-process/fit.ts';
import { inputsOf } from './gaussian-process/inputs.ts';
import { posteriorOf } from './gaussian-process/posterior.ts';
import { type Observation, observationsOf, representatives } from './observations.ts';
import { quasiRandom } from './quasi-random.ts';
import type { Point } from './range.ts';
import { pointAt, positionOf } from './space.ts';
import type { SearchState, SearchTask } from './task.ts';
import { isFinished } from './trial.ts';
import { untried } from './tried.ts';

/** Observations that the kernel is fitted to, and that the posterior knows: the cubes of these are what a suggestion costs. */
const fittedTo = 80;
const known = 200;
const restarts = 2;
const goodTrials = 5;

/**
 * Bayesian optimisation: a Gaussian process over the trials so far, and the point where it expects the largest improvement
 * (Jones et al. 1998, https://doi.org/10.1023/A:1008306431147; Snoek et al. 2012, https://arxiv.org/abs/1206.2944). As in SageMaker
 * (Perrone et al. 2021, https://arxiv.org/abs/2012.08489) the kernel is Matérn 5/2 with a length scale per parameter, over scaled
 * ranges. It begins with points that fill the space evenly.
 */
export function suggestByModel(task: SearchTask, state: SearchState): Point {
  const { ranges, seed } = task;
  const { history, tried } = state;
  const random = seededRandom(`${seed}/tuning/bayesian/${history.length}`);
  const fewFinished = history.filter(isFinished).length < 2;
  const promising =
    fewFinished || history.length < firstPoints(ranges.length) ? undefined : byExpectedImprovement(task, state, random);
  if (promising) return promising;
  const at = quasiRandom(ranges.length, `${seed}/tuning/first`);
  let index = history.length;
  return untried(() => pointAt(at(index++), ranges), { tried, ranges, random });
}

/**
 * How many points are spread evenly before the model has its say. Few, as many searches are of 8 or 16 trials: with one per dimension
 * and more, such a search is a random one.
 */
function firstPoints(dimensions: number): number {
  return Math.min(12, Math.max(4, 2 + Math.ceil(dimensions / 2)));
}

function byExpectedImprovement(task: SearchTask, state: SearchState, random: Random): Point | undefined {
  const { ranges } = task;
  const observations = observationsOf(task, state.history);
  const pending = state.history.filter((trial) => trial.state === 'running');
  const acquisition = acquisitionOf(task, {
    observations,
    pending: pending.map(({ point }) => positionOf(point, ranges)),
    random,
  });
  const promising = observations.slice(0, goodTrials).map(({ position }) => position);
  return mostPromising(acquisition, { ranges, tried: state.tried, promising, random });
}

interface Evidence {
  readonly observations: readonly Observation[];
  readonly pending: readonly (readonly number[])[];
  readonly random: Random;
}

/**
 * Log expected improvement over the best that the model believes in. Running trials are taken to give what the model expects of them
 * (the "kriging believer" of Ginsbourger et al. 2010, https://doi.org/10.1007/978-3-642-10701-6_6): nothing is to be learnt there
 * any more, so trials at the same time go to different places.
 */
function acquisitionOf({ ranges }: SearchTask, { observations, pending, random }: Evidence): Acquisition {
  const categorical = ranges.map(({ kind }) => kind === 'categorical');
  const fitted = representatives(observations, fittedTo);
  const kernel = fitKernel(inputs(fitted), outputs(fitted), { random, restarts });

  const seen = representatives(observations, known);
  const sober = posteriorOf(inputs(seen), outputs(seen), kernel);
  const believed = [...seen, ...pending.map((position) => ({ position, y: sober.predict(position).mean }))];
  const posterior = pending.length === 0 ? sober : posteriorOf(inputs(believed), outputs(believed), kernel);
  // With noise the best value seen may be luck: what the model makes of it is not.
  const best = Math.min(...believed.map(({ position }) => posterior.predict(position).mean));
  return (position) => logExpectedImprovement(posterior.predict(position), best);

  function inputs(some: readonly Observation[]) {
    return inputsOf(
      some.map(({ position }) => position),
      categorical,
    );
  }
  function outputs(some: readonly Observation[]) {
    return Float64Array.from(some, ({ y }) => y);
  }
}
