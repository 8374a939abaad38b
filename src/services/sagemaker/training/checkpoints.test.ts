import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { uploadOnly } from '../output/upload.fixture.ts';
import { checkpointSync } from './checkpoints.ts';

test('checkpoints go up when they change, however often an instance tells of them, and links do not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-checkpoints-'));
  t.after(() => rm(folder, { recursive: true }));
  const { keys, objects } = uploadOnly();
  const CheckpointConfig = { S3Uri: 's3://bucket/checkpoints' };
  const request = {
    TrainingJobName: 'dogs',
    RoleArn: '',
    OutputDataConfig: { S3OutputPath: 's3://b' },
    CheckpointConfig,
  };
  const sync = checkpointSync(request, folder);
  const ground = { objects, spool: folder };
  await writeFile(join(folder, 'epoch-1'), 'one');
  await writeFile(join(folder, 'epoch-2.part'), 'half');
  await symlink('/etc/passwd', join(folder, 'epoch-3'));
  const first = sync.push(ground);
  const asked = new Set(Array.from({ length: 10_000 }, () => sync.push(ground)));
  assert.ok(asked.size <= 2, `${asked.size} looks at the folder are waited for`);
  await Promise.all([first, ...asked]);
  await writeFile(join(folder, 'epoch-1'), 'another');
  await sync.push(ground);
  assert.deepEqual(keys, ['checkpoints/epoch-1', 'checkpoints/epoch-1']);
});
