import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createJournal } from '../../../host/index.ts';
import { createCores } from '../cores.ts';
import { openState, place, trainingRequest } from '../state.fixture.ts';
import type { SageMakerState } from '../state.ts';
import { createTrainingJobs } from './jobs.ts';
import type { TrainingJobRow } from './record.ts';

const internal = 'InternalServerError: We encountered an internal error. Please try again.';

/** A queue that works; `end` creates a job and resolves with it when it has ended. */
async function openQueue(t: TestContext, over: Partial<SageMakerState>) {
  // Before the tables are closed.
  let close = async (): Promise<void> => {};
  t.after(() => close());
  const state = await openState(t, over);
  const jobs = createTrainingJobs(state, createCores(2));
  close = jobs.close;
  await jobs.resume();
  return {
    end: (name: string) =>
      new Promise<TrainingJobRow>((resolve) => {
        const forget = jobs.onEnded((job) => {
          if (job.name !== name) return;
          forget();
          resolve(job);
        });
        jobs.create(trainingRequest(name), { place, now: state.clock.now() });
      }),
  };
}

test('a defect in the work on a job fails it, is written down, and the next job is worked on', {
  timeout: 10_000,
}, async (t) => {
  const lines: string[] = [];
  const { end } = await openQueue(t, {
    roles: {
      async assume(_role, { sessionName }) {
        if (sessionName === 'defect') throw new TypeError('roles are broken');
        return undefined;
      },
    },
    journal: createJournal(
      (line) => void lines.push(line),
      () => new Date(),
    ),
  });
  const { status, failure, ended } = await end('defect');
  assert.deepEqual([status, failure, ended !== null], ['Failed', internal, true]);
  assert.ok(lines.some((line) => line.includes('TypeError: roles are broken')));
  assert.match((await end('next')).failure ?? '', /^ClientError: Could not assume role/);
});

test('a defect while a job is ended leaves it Failed and not at work for ever', { timeout: 10_000 }, async (t) => {
  const told: string[] = [];
  const { end } = await openQueue(t, {
    journal: {
      write(level, { message, error }) {
        // That outputs were not uploaded is told when all the work is over, but before the end is on the disk.
        if (level === 'warn') throw new TypeError('the journal is broken');
        told.push(`${level} ${message} ${error ?? ''}`);
      },
    },
  });
  for (const name of ['first', 'second']) {
    const { status, secondary, failure, ended } = await end(name);
    assert.deepEqual([status, secondary, failure, ended !== null], ['Failed', 'Failed', internal, true]);
  }
  assert.match(told[0] ?? '', /^error training job TypeError: the journal is broken/);
});
