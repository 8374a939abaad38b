/** What jobs work on, with tables and a folder of their own, and without a process, S3 or roles: a test gives what it is about. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createJournal } from '../../host/index.ts';
import { openStore } from '../../store/index.ts';
import type { SageMakerState } from './state.ts';
import { sageMakerTables } from './tables.ts';

export const place = { account: '000000000000', region: 'us-east-1' };

/** @param over What is not as usual: roles cannot be assumed, two cores, nothing can be started. */
export async function openState(t: TestContext, over: Partial<SageMakerState> = {}): Promise<SageMakerState> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-jobs-'));
  const store = await openStore({ directory, schemas: [sageMakerTables], durability: 'memory' });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  const clock = { now: () => new Date() };
  return {
    ...{ database: store.database, clock, random: randomBytes, directory, url: () => 'http://127.0.0.1' },
    journal: createJournal(() => {}, clock.now),
    instances: {
      ...{ isolation: 'process', cores: 2 },
      start: async ({ name }) => {
        throw new Error(`${name} was to be started`);
      },
      endSurvivors: async () => 0,
      close: async () => {},
    },
    roles: { assume: async () => undefined },
    logs: { append() {} },
    metrics: { put() {} },
    ...over,
  };
}

/** A job that needs no more than a role to begin with. */
export function trainingRequest(TrainingJobName: string, InstanceCount = 1) {
  return {
    TrainingJobName,
    RoleArn: 'arn:aws:iam::000000000000:role/jobs',
    AlgorithmSpecification: { TrainingImage: 'whippet', TrainingInputMode: 'File' as const },
    OutputDataConfig: { S3OutputPath: 's3://photos/out' },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge' as const, InstanceCount, VolumeSizeInGB: 10 },
  };
}
