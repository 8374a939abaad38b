import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EpochRecord, TrialHooks, TrialRun, Trials } from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import { objectives, searchTrials, type TunedTrial, type TuningPlan } from './tune-search.ts';

const plan: TuningPlan = {
  strategy: 'bayesian',
  ranges: [
    { kind: 'continuous', name: 'learning_rate', minimum: 0.001, maximum: 1, scaling: 'Logarithmic' },
    { kind: 'categorical', name: 'optimizer', values: ['adam', 'sgd'] },
  ],
  objective: objectives[0]!,
  ...{ trials: 14, parallel: 3, earlyStopping: true, seed: 5, fixed: { epochs: '8' } },
};

interface Load {
  now: number;
  most: number;
}

/**
 * Trials that follow a formula: accuracy grows towards a height that depends on the learning rate. Each hands over to the event loop as
 * often as `pause` says, so that trials end in another order than they began.
 */
function formula(pause: (number: number) => number, load: Load = { now: 0, most: 0 }): Trials {
  let count = 0;
  const run = async (text: Readonly<Record<string, string>>, hooks: TrialHooks = {}): Promise<TrialRun> => {
    count += 1;
    load.most = Math.max(load.most, ++load.now);
    const turns = pause(count);
    const height = 0.9 - 0.2 * (Math.log10(Number(text.learning_rate)) + 2) ** 2;
    const epochs: EpochRecord[] = [];
    let stopped = false;
    while (epochs.length < Number(text.epochs) && !stopped) {
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      epochs.push(recordOf(epochs.length + 1, height));
      hooks.onEpoch?.(epochs.at(-1)!);
      stopped = hooks.stopWhen?.(epochs) ?? false;
    }
    load.now -= 1;
    if (height < 0.3) throw userError('WHIPPET_HEAD_DIVERGED', { epoch: 2, learningRate: Number(text.learning_rate) });
    return { ...described(epochs), stopped: stopped ? 'tuning' : 'completed' };
  };
  return { dataset: { root: '', classes: [], samples: [] } as unknown as Trials['dataset'], run, close() {} };
}

function recordOf(epoch: number, height: number): EpochRecord {
  const validAccuracy = height * (1 - 0.5 ** epoch);
  const losses = { trainLoss: 1, validLoss: 1 - validAccuracy, calibratedLoss: 1 - validAccuracy };
  return { epoch, validAccuracy, ...losses, learningRate: 0.1, gradientNorm: 1 };
}

function described(epochs: readonly EpochRecord[]): Omit<TrialRun, 'stopped'> {
  const chance = { largestClass: 0.1, uniform: 0.1, test: '', pValue: 0, above: true };
  return { epochs, bestEpoch: epochs.length, best: epochs.at(-1)!, pictures: 100, chance };
}

function search(trials: Trials, change: Partial<TuningPlan> = {}): Promise<TunedTrial[]> {
  const { signal } = new AbortController();
  return searchTrials(trials, { ...plan, ...change }, { now: () => 0, signal, onChange: () => {} });
}

describe('a search on a machine', () => {
  it('has the same trials whatever their speed', async () => {
    const even = await search(formula(() => 1));
    const uneven = await search(formula((number) => (number % 3 === 0 ? 9 : 1)));
    assert.equal(even.length, 14);
    assert.deepEqual(uneven, even);
  });

  it('runs as many at a time as it may, and no more', async () => {
    const load = { now: 0, most: 0 };
    await search(
      formula(() => 2, load),
      { parallel: 4 },
    );
    assert.equal(load.most, 4);
  });

  it('stops trials that are worse than the median of those before them, if it is wanted', async () => {
    const many = { strategy: 'random', trials: 30 } as const;
    const trials = (
      await search(
        formula(() => 1),
        many,
      )
    ).filter(({ state }) => state === 'finished');
    const stopped = trials.filter(({ run }) => run?.stopped === 'tuning');
    assert.ok(stopped.length >= 2, `${stopped.length} stopped`);
    assert.ok(stopped.every(({ epochs }) => epochs.length < 8));
    const worst = Math.max(...stopped.map(({ value = 1 }) => value));
    const left = trials.filter((trial) => !stopped.includes(trial));
    assert.ok(left.filter(({ value = 0 }) => value > worst).length > left.length / 2);
    const all = await search(
      formula(() => 1),
      { ...many, earlyStopping: false },
    );
    assert.ok(all.every(({ epochs }) => epochs.length === 8));
  });

  it('goes on after trials that fail, and says of what', async () => {
    const trials = await search(
      formula(() => 1),
      { strategy: 'random', trials: 30 },
    );
    const failed = trials.filter(({ state }) => state === 'failed');
    assert.ok(failed.length > 0 && failed.length < 30, `${failed.length} failed`);
    assert.ok(failed.every(({ failure, value }) => failure?.includes('epoch 2') && value === undefined));
  });

  it('ends with a grid', async () => {
    const ranges = plan.ranges.slice(1).concat({ kind: 'categorical', name: 'learning_rate', values: ['0.1', '0.01'] });
    const trials = await search(
      formula(() => 1),
      { strategy: 'grid', ranges, trials: 99 },
    );
    assert.equal(trials.length, 4);
  });

  it('starts no trial after an abort', async () => {
    const controller = new AbortController();
    const onChange = (trial: TunedTrial): void => {
      if (trial.number === 5 && trial.state === 'finished') controller.abort();
    };
    const trials = await searchTrials(
      formula(() => 1),
      { ...plan, parallel: 1 },
      { now: () => 0, signal: controller.signal, onChange },
    );
    assert.equal(trials.length, 5);
  });

  it('passes a defect on', async () => {
    const broken: Trials = { ...formula(() => 1), run: () => Promise.reject(new TypeError('a defect')) };
    await assert.rejects(search(broken), /a defect/);
  });
});
