import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createJournal } from '../../../host/index.ts';
import { StoreFault } from '../../../store/index.ts';
import { createCores } from '../cores.ts';
import { openState, place, trainingRequest } from '../state.fixture.ts';
import type { SageMakerState } from '../state.ts';
import { createTrainingJobs } from './jobs.ts';
import { insertTrainingJob, type TrainingJobRow } from './record.ts';

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

test('what a failed job left is given up where it takes the room for its end', { timeout: 4_000 }, async (t) => {
  const lines: string[] = [];
  const { database, directory } = await openState(t);
  const isThere = () => existsSync(join(directory, 'jobs/large-1'));
  const onFullDisk: SageMakerState['database'] = Object.assign(Object.create(database), {
    run(sql: string, ...values: never[]) {
      if (sql.startsWith('UPDATE training_jobs') && isThere()) throw new StoreFault('full', 'There is no room.');
      return database.run(sql, ...values);
    },
  });
  const { end } = await openQueue(t, {
    ...{ database: onFullDisk, directory },
    roles: {
      async assume() {
        await mkdir(join(directory, 'jobs/large-1/algo-1'), { recursive: true });
        return undefined;
      },
    },
    journal: createJournal(
      (line) => void lines.push(line),
      () => new Date(),
    ),
  });
  assert.match((await end('large')).failure ?? '', /^ClientError: Could not assume role/);
  assert.ok(!isThere() && !lines.some((line) => line.includes('wait for the disk')), lines.join());
});

test('copies that a killed server was about to upload go before anything is written', async (t) => {
  const state = await openState(t);
  const { id } = insertTrainingJob(trainingRequest('killed'), { place, now: new Date() }, state.database);
  const copy = join(state.directory, `jobs/killed-${id}/spool/upload`);
  const tree = join(state.directory, `jobs/killed-${id}/algo-1`);
  for (const folder of [copy, tree]) await mkdir(folder, { recursive: true });
  const jobs = createTrainingJobs(state, createCores(2));
  await jobs.resume();
  assert.deepEqual([existsSync(copy), existsSync(tree)], [false, true]);
  await jobs.close();
});
