import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { admit, type Claim, createCores, waitingMessage } from './cores.ts';
import { openState, place, trainingRequest } from './state.fixture.ts';
import type { RoleSession } from './state.ts';
import { createTrainingJobs } from './training/jobs.ts';
import { findTrainingJob } from './training/record.ts';
import { transitionsOf } from './training/transitions.ts';
import { createTransformJobs } from './transform/jobs.ts';
import { requireTransformJob } from './transform/record.ts';

describe('the line', () => {
  const begun = (line: readonly number[], used: number) =>
    admit(
      line.map((cores) => ({ cores })),
      { used, cores: 4 },
    );

  test('jobs begin in their order as long as there is room, the first in any case', () => {
    assert.equal(begun([4, 4], 0), 1);
    assert.equal(begun([1, 2, 1, 1], 0), 3);
    assert.equal(begun([9], 0), 1);
    assert.equal(begun([9], 1), 0);
    assert.equal(begun([2, 1, 1], 2), 1);
  });

  test('a large job is not overtaken by small ones', () => {
    assert.equal(begun([4, 1], 1), 0);
  });

  test('what no job has is free', () => {
    const queue = (...claims: Claim[]) => ({ claims: () => claims, wake: () => {} });
    const cores = createCores(4);
    cores.join(
      queue({ id: 1, created: 1, cores: 2, isAtWork: true }, { id: 2, created: 2, cores: 4, isAtWork: false }),
    );
    const place = cores.join(queue({ id: 1, created: 3, cores: 1, isAtWork: true }));
    assert.equal(place.free(), 1);
    cores.join(queue({ id: 9, created: 0, cores: 8, isAtWork: true }));
    assert.equal(place.free(), 0);
  });

  const claim = fc.record({
    created: fc.integer({ min: 0, max: 9 }),
    cores: fc.integer({ min: 1, max: 6 }),
    isAtWork: fc.boolean(),
  });
  const twoQueues = fc.tuple(...[1, 2].map(() => fc.array(claim, { maxLength: 6 })));

  test('whatever two queues ask for, the older goes first, and more than the cores are used by a single job only', () => {
    fc.assert(
      fc.property(twoQueues, fc.integer({ min: 1, max: 8 }), (asked, count) => {
        const cores = createCores(count);
        const queues = asked.map((claims) => claims.map((one, id): Claim => ({ ...one, id })));
        const places = queues.map((claims) => cores.join({ claims: () => claims, wake: () => {} }));
        const views = places.map((one) => one.look());
        const all = queues.flatMap((claims, at) => claims.map((one) => ({ ...one, view: views[at]! })));
        const atWork = all.filter(({ isAtWork }) => isAtWork);
        const line = all.filter(({ isAtWork }) => !isAtWork);
        const started = line.filter(({ id, view }) => view.admitted.has(id));
        const waiting = line.filter(({ id, view }) => view.waiting.has(id));
        assert.equal(started.length + waiting.length, line.length);
        for (const { created } of started) for (const other of waiting) assert.ok(created <= other.created);
        const before = waiting.map(({ id, view }) => view.waiting.get(id)!);
        assert.deepEqual(
          before.toSorted((a, b) => a - b),
          before.map((_, at) => at),
        );
        const sum = (jobs: readonly Claim[]) => jobs.reduce((total, one) => total + one.cores, 0);
        const isAlone = atWork.length === 0 && started.length === 1;
        assert.ok(started.length === 0 || isAlone || sum([...atWork, ...started]) <= count);
        assert.ok(line.length === 0 || atWork.length > 0 || started.length > 0);
      }),
    );
  });

  test('every queue looks again when a job of any has ended', () => {
    const woken: string[] = [];
    const cores = createCores(2);
    const first = cores.join({ claims: () => [], wake: () => void woken.push('first') });
    cores.join({ claims: () => [], wake: () => void woken.push('second') });
    first.freed();
    assert.deepEqual(woken, ['first', 'second']);
  });

  test('the message counts cores and jobs', () => {
    assert.equal(
      waitingMessage(0, 1),
      'Waiting while the core of this machine is in use by other jobs. This job is the next.',
    );
    assert.match(
      waitingMessage(1, 2),
      /2 cores of this machine are in use by other jobs\. 1 job is before this one\.$/,
    );
    assert.match(waitingMessage(5, 2), /5 jobs are before this one\.$/);
  });
});

describe('training and transform jobs on two cores', () => {
  /** Both queues. A job at work waits for its role until a test lets it go on, and fails then, for it gets none. */
  async function openQueues(t: TestContext) {
    // Before the tables are closed.
    let close = async (): Promise<void> => {};
    t.after(() => close());
    const atWork = new Map<string, () => void>();
    const mayEnd = new Set<string>();
    let isOver = false;
    const told: string[] = [];
    const state = await openState(t, {
      roles: {
        assume: (_role, { sessionName: name }) =>
          new Promise<RoleSession | undefined>((resolve) => {
            if (isOver || mayEnd.has(name)) resolve(undefined);
            else atWork.set(name, () => resolve(undefined));
          }),
      },
      journal: { write: (_level, { job, status, reason }) => void told.push(`${job} ${status} ${reason}`) },
    });
    const cores = createCores(2);
    const training = createTrainingJobs(state, cores);
    const transforms = createTransformJobs(state, cores);
    await training.resume();
    await transforms.resume();
    close = async () => {
      isOver = true;
      for (const goOn of atWork.values()) goOn();
      await Promise.all([training.close(), transforms.close()]);
    };
    const trained = new Set<string>();
    training.onEnded(({ name }) => void trained.add(name));
    let created = 0;
    /** What is at work once both queues have looked. */
    const working = async (): Promise<string[]> => {
      await setImmediate();
      await setImmediate();
      return [...atWork.keys()];
    };
    return {
      ...{ state, told, working, training, transforms },
      train: (name: string, instances = 1) =>
        training.create(trainingRequest(name, instances), { place, now: new Date(++created) }),
      transform: (name: string, instances = 1) =>
        transforms.create(transformRequest(name, instances), { place, now: new Date(++created), model }),
      async end(name: string): Promise<void> {
        mayEnd.add(name);
        atWork.get(name)?.();
        atWork.delete(name);
        while (!hasEnded(name)) await setImmediate();
      },
    };
    function hasEnded(name: string): boolean {
      // A training job has its cores until its files are cleared away, and its end is told then.
      if (findTrainingJob(place, name, state.database)) return trained.has(name);
      return requireTransformJob(name, place, state.database).ended !== null;
    }
  }

  test('a transform job waits for training, and what comes after it waits for both', async (t) => {
    const { state, told, working, train, transform, end } = await openQueues(t);
    train('trains');
    transform('transforms');
    const { id } = train('trains-next');
    assert.deepEqual(await working(), ['trains']);
    const waiting = requireTransformJob('transforms', place, state.database);
    assert.deepEqual([waiting.status, waiting.started], ['InProgress', null]);
    const reason = 'Waiting while the 2 cores of this machine are in use by other jobs.';
    assert.deepEqual(told, [`transforms waiting ${reason} This job is the next.`]);
    const last = transitionsOf(id, state.database).at(-1);
    assert.deepEqual([last?.status, last?.message], ['Pending', `${reason} 1 job is before this one.`]);

    await end('trains');
    assert.deepEqual(await working(), ['transforms'], 'one core is free, and training takes both');
    assert.equal(transitionsOf(id, state.database).at(-1)?.message, `${reason} This job is the next.`);
    await end('transforms');
    assert.deepEqual(await working(), ['trains-next']);
  });

  test('a training job waits for transforms, and of these as many go on as have room', async (t) => {
    const { working, train, transform, end } = await openQueues(t);
    for (const name of ['a', 'b', 'c']) transform(name);
    train('trains');
    assert.deepEqual(await working(), ['a', 'b']);
    await end('a');
    assert.deepEqual(await working(), ['b', 'c']);
    await end('c');
    assert.deepEqual(await working(), ['b'], 'the training job is the next, and needs both cores');
    transform('d');
    assert.deepEqual(await working(), ['b'], 'nobody overtakes it');
    await end('b');
    assert.deepEqual(await working(), ['trains']);
  });

  test('a job with more instances than cores starts when nothing else is at work', async (t) => {
    const { working, train, transform, end } = await openQueues(t);
    transform('first');
    train('wide', 5);
    transform('last', 5);
    assert.deepEqual(await working(), ['first']);
    await end('first');
    assert.deepEqual(await working(), ['wide']);
    await end('wide');
    assert.deepEqual(await working(), ['last']);
  });

  test('a job that is stopped while it waits leaves the line', async (t) => {
    const { working, train, transform, training, transforms, end } = await openQueues(t);
    train('trains');
    const stopped = [transform('waits-too'), train('waits')] as const;
    transform('goes-on');
    assert.deepEqual(await working(), ['trains']);
    transforms.stop(stopped[0]);
    training.stop(stopped[1]);
    for (const { name } of stopped) await end(name);
    await end('trains');
    assert.deepEqual(await working(), ['goes-on']);
  });
});

const model = {
  ...{ name: 'm', roleArn: 'arn:aws:iam::000000000000:role/jobs', artifact: 's3://photos/model.tar.gz' },
  ...{ environment: {}, isolated: false },
};

function transformRequest(TransformJobName: string, InstanceCount: number) {
  return {
    ...{ TransformJobName, ModelName: 'm', TransformOutput: { S3OutputPath: 's3://photos/out' } },
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: 's3://photos/in' } } },
    TransformResources: { InstanceType: 'ml.m5.xlarge' as const, InstanceCount },
  };
}
