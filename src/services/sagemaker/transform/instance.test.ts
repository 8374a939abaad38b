import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { Instance, InstanceExit, InstanceSpec } from '../../../host/index.ts';
import type { RunnableModel } from '../models/model.ts';
import { makeSocketFolder } from '../socket-folder.ts';
import { openState, place } from '../state.fixture.ts';
import type { RoleSession } from '../state.ts';
import { startServingInstance } from './instance.ts';
import { invokeContainer } from './invoke.ts';
import { transformLayout } from './layout.ts';
import { insertTransformJob, type TransformRequest } from './record.ts';
import { settingsOf } from './settings.ts';

const request: TransformRequest = {
  TransformJobName: 'job',
  ModelName: 'model',
  TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://photos/in' } } },
  TransformOutput: { S3OutputPath: 's3://photos/out' },
  TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 2 },
};
const model: RunnableModel = {
  name: 'model',
  roleArn: 'arn',
  artifact: 's3://photos/m',
  environment: {},
  isolated: false,
};
const session = { credentials: { accessKeyId: 'k', secretAccessKey: 's', sessionToken: 't' } } as RoleSession;

/** Two instances that behave as the test says, without a process. */
async function openGround(
  t: TestContext,
  behave: (spec: InstanceSpec, at: number) => Promise<InstanceExit | undefined>,
) {
  const specs: InstanceSpec[] = [];
  const state = await openState(t, {
    instances: {
      ...{ isolation: 'process', cores: 2, endSurvivors: async () => 0, close: async () => {} },
      async start(spec): Promise<Instance> {
        const at = specs.push(spec) - 1;
        const exit = await behave(spec, at);
        const exited = exit === undefined ? new Promise<never>(() => {}) : Promise.resolve(exit);
        return { name: spec.name, pid: 0, exited, tell() {}, stop: async () => ({ code: 0, signal: null }) };
      },
    },
  });
  const job = insertTransformJob(request, { place, now: new Date(), model }, state.database);
  const layout = transformLayout(job, { instances: 2, state, temporary: state.directory });
  await mkdir(layout.model, { recursive: true });
  await makeSocketFolder(layout.sockets);
  const options = { layout, model, session, settings: settingsOf(request) };
  return {
    ...{ layout, specs },
    async start(at: number) {
      const host = layout.hosts[at];
      assert.ok(host);
      const running = await startServingInstance(job, { ...options, host }, state);
      t.after(() => running.agent.destroy());
      return running;
    },
  };
}

const ask = (target: Parameters<typeof invokeContainer>[0]) =>
  invokeContainer(target, {
    ...{ open: async () => Readable.from([Buffer.from('x')]), size: 1, contentType: undefined, accept: undefined },
    ...{ timeout: 5, retries: 0, signal: new AbortController().signal },
  });

test('an instance that puts a link in the place of its socket is not asked, nor is what the link leads to', async (t) => {
  let asked = 0;
  const foreign = createServer((_request, response) => {
    asked += 1;
    response.end('secret');
  });
  t.after(() => foreign.close());
  const ground = await openGround(t, async (spec) => {
    const path = spec.command[spec.command.indexOf('--socket') + 1] as string;
    const elsewhere = join(spec.directory, 'foreign');
    await once(foreign.listen(elsewhere), 'listening');
    await symlink(elsewhere, path);
    spec.onEvent({ type: 'serving', address: `unix:${elsewhere}` });
    return undefined;
  });
  const answer = await ask(await ground.start(0));
  const message = 'no answer: what lies at the address of the container is no socket';
  assert.deepEqual([answer, asked], [{ kind: 'problem', status: undefined, message }, 0]);
});

test('an instance sees no socket but its own: it cannot answer for another', async (t) => {
  const ground = await openGround(t, async (spec) => {
    spec.onEvent({ type: 'serving' });
    return undefined;
  });
  for (const at of [0, 1]) await ground.start(at);
  assert.deepEqual(
    ground.specs.map(({ writable }) => writable),
    ground.layout.hosts.map(({ socket }) => [dirname(socket)]),
  );
  assert.equal(new Set(ground.specs.flatMap(({ writable }) => writable)).size, 2);
});

test('of what an instance complains about the last is told, and how it ended', async (t) => {
  const ground = await openGround(t, async (spec) => {
    for (const word of ['first', 'second', 'third']) spec.onLine(`${word} ${'x'.repeat(60_000)}`, 'stderr');
    for (const line of ['', 'no complaint']) spec.onLine(line, line === '' ? 'stderr' : 'stdout');
    return { code: 1, signal: null };
  });
  await assert.rejects(ground.start(0), ({ message }: Error) => {
    assert.match(message, /^AlgorithmError: The container of algo-1 ended: second x+ third x+, exit code: 1$/);
    return true;
  });
});
