import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { openState, place } from '../state.fixture.ts';
import type { RoleSession } from '../state.ts';
import { openResultMemory } from './answer.ts';
import type { ServingInstance } from './instance.ts';
import { transformObjects } from './objects.ts';
import { socketAgent } from './own-socket.ts';
import { insertTransformJob, type TransformRequest } from './record.ts';
import { settingsOf } from './settings.ts';

const request: TransformRequest = {
  TransformJobName: 'job',
  ModelName: 'model',
  TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://photos/in' } } },
  TransformOutput: { S3OutputPath: 's3://photos/out' },
  TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
};
const model = { name: 'model', roleArn: 'arn', artifact: 's3://photos/m', environment: {}, isolated: false };

/** Transforms three objects to `answer`. @returns how many bytes were held, when each result was put and at the end. */
async function heldBy(t: TestContext, put: () => void): Promise<{ readonly atPut: number[]; readonly atEnd: number }> {
  const state = await openState(t);
  const server = createServer((incoming, response) => {
    incoming.resume().once('end', () => response.end('answer'));
  });
  const path = join(state.directory, 'http');
  await once(server.listen(path), 'listening');
  const agent = socketAgent(path);
  t.after(() => {
    agent.destroy();
    server.close();
  });
  const results = openResultMemory();
  const atPut: number[] = [];
  const objects = {
    read: async () => Readable.from([Buffer.from('x')]),
    async put() {
      atPut.push(results.held);
      put();
    },
  };
  const session = { objects } as unknown as RoleSession;
  const instance = { agent, results, dataLog: { line() {}, flush() {} }, lost: new Promise(() => {}) };
  const job = insertTransformJob(request, { place, now: new Date(), model }, state.database);
  const files = ['a', 'b', 'c'].map((key) => ({ path: key, bucket: 'photos', key, size: 1, etag: key }));
  const settings = settingsOf(request);
  const ground = { session, settings, signal: new AbortController().signal };
  const instances = [instance as unknown as ServingInstance];
  await transformObjects(job, files as never, { ...ground, instances }, state).catch(() => {});
  return { atPut, atEnd: results.held };
}

test('a result is held until it is written', async (t) => {
  assert.deepEqual(await heldBy(t, () => {}), { atPut: [6, 6, 6], atEnd: 0 });
});

test('a result that cannot be written is held no longer', async (t) => {
  const refuse = () => {
    throw new Error('the disk is full');
  };
  assert.deepEqual(await heldBy(t, refuse), { atPut: [6], atEnd: 0 });
});
