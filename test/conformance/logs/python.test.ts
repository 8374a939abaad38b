/** CloudWatch Logs through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { awsCli, boto3Runs } from '../python/clients.ts';

boto3Runs(join(import.meta.dirname, 'logs.py'));

awsCli('puts and reads events', async (aws) => {
  const stream = ['--log-group-name', 'cli', '--log-stream-name', 's'];
  assert.equal(await aws('logs', 'create-log-group', '--log-group-name', 'cli'), '');
  assert.equal(await aws('logs', 'create-log-stream', ...stream), '');
  const event = `timestamp=${Date.now()},message=hello`;
  assert.match(await aws('logs', 'put-log-events', ...stream, '--log-events', event), /^\d{56}$/);
  assert.equal(await aws('logs', 'get-log-events', ...stream, '--query', 'events[].message'), 'hello');
  const filter = ['--log-group-name', 'cli', '--filter-pattern', '?hello ?bye', '--query', 'events[].message'];
  assert.equal(await aws('logs', 'filter-log-events', ...filter), 'hello');
  const names = await aws(
    'logs',
    'describe-log-streams',
    '--log-group-name',
    'cli',
    '--query',
    'logStreams[].logStreamName',
  );
  assert.equal(names, 's');
  await assert.rejects(aws('logs', 'delete-log-group', '--log-group-name', 'nowhere'), /ResourceNotFoundException/);
});
