import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { uploadOnly } from '../output/upload.fixture.ts';
import { openState, place, trainingRequest } from '../state.fixture.ts';
import type { RoleSession } from '../state.ts';
import { deliverJob } from './end.ts';
import { jobLayout } from './instance/layout.ts';
import { completed, recordedOutcome } from './outcome.ts';
import { insertTrainingJob, jobById } from './record.ts';

test('where the server ends first, the next one finds how the work ended, and uploads', async (t) => {
  const state = await openState(t);
  const request = trainingRequest('dogs');
  const job = insertTrainingJob(request, { place, now: new Date(0) }, state.database);
  const layout = jobLayout(job, { instances: 1, state, temporary: state.directory });
  const model = join(layout.hosts[0]?.root ?? '', 'model');
  await mkdir(model, { recursive: true });
  await writeFile(join(model, 'model.onnx'), 'weights');
  const { objects, keys } = uploadOnly();
  const deliver = (closing: AbortSignal) => {
    const assume = async () => ({ objects }) as RoleSession;
    return deliverJob({ job, request, layout }, { outcome: completed, assume, staysHere: true, closing }, state);
  };
  assert.equal(await deliver(AbortSignal.abort()), 'closing');
  const left = jobById(job.id, state.database);
  assert.deepEqual([recordedOutcome(left), left.ended, keys], [completed, null, []]);
  const end = await deliver(new AbortController().signal);
  assert.deepEqual(end, { end: completed, artifact: 's3://photos/out/dogs/output/model.tar.gz' });
  assert.deepEqual(keys, ['out/dogs/output/model.tar.gz']);
});
