import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RoleObjects } from '../state.ts';
import { checkpointSync } from './checkpoints.ts';

/** S3 as far as checkpoints go up; what is put is kept in order. */
function uploads() {
  const keys: string[] = [];
  const none = (): never => assert.fail('only uploads were expected');
  const objects: RoleObjects = {
    ...{
      list: none,
      revision: none,
      head: none,
      requireRights: none,
      requireWritable: none,
      read: none,
      writeTo: none,
      remove: none,
    },
    async put(_bucket, key) {
      keys.push(key);
      return { key, size: 0, etag: '' };
    },
  };
  return { keys, objects };
}

test('checkpoints go up when they change, however often an instance tells of them, and links do not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-checkpoints-'));
  t.after(() => rm(folder, { recursive: true }));
  const { keys, objects } = uploads();
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
