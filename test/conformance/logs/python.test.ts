/** CloudWatch Logs through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { awsCli, boto3Runs } from '../python/clients.ts';

boto3Runs(join(import.meta.dirname, 'logs.py'), ['logs']);

awsCli('makes groups, puts and reads events, and deletes all', ['logs'], async (aws) => {
  const logs = (command: string, ...argv: string[]) => aws('logs', command, ...argv);
  const group = ['--log-group-name', 'cli'];
  const stream = [...group, '--log-stream-name', 's'];
  const arn = ['--resource-arn', 'arn:aws:logs:us-east-1:000000000000:log-group:cli'];
  const retention = () => logs('describe-log-groups', '--query', 'logGroups[].[logGroupName,retentionInDays]');

  assert.equal(await logs('create-log-group', ...group, '--tags', 'client=cli'), '');
  const made = await Promise.all([
    logs('create-log-stream', ...stream),
    logs('put-retention-policy', ...group, '--retention-in-days', '7'),
    logs('tag-resource', ...arn, '--tags', 'stage=test'),
  ]);
  assert.deepEqual(made, ['', '', '']);

  const event = `timestamp=${Date.now()},message=hello`;
  assert.match(await logs('put-log-events', ...stream, '--log-events', event), /^\d{56}$/);
  const read = await Promise.all([
    logs('get-log-events', ...stream, '--query', 'events[].message'),
    logs('filter-log-events', ...group, '--filter-pattern', '?hello ?bye', '--query', 'events[].message'),
    logs('describe-log-streams', ...group, '--query', 'logStreams[].logStreamName'),
    retention(),
    logs('list-tags-for-resource', ...arn, '--query', 'tags.[client,stage]'),
  ]);
  assert.deepEqual(read, ['hello', 'hello', 's', 'cli\t7', 'cli\ttest']);

  const removed = await Promise.all([
    logs('delete-retention-policy', ...group),
    logs('untag-resource', ...arn, '--tag-keys', 'client'),
    logs('delete-log-stream', ...stream),
  ]);
  assert.deepEqual(removed, ['', '', '']);
  const left = await Promise.all([
    retention(),
    logs('list-tags-for-resource', ...arn, '--query', 'tags.[client,stage]'),
    logs('describe-log-streams', ...group, '--query', 'logStreams'),
  ]);
  assert.deepEqual(left, ['cli\tNone', 'None\ttest', '']);
  assert.equal(await logs('delete-log-group', ...group), '');
  await assert.rejects(logs('delete-log-group', ...group), /ResourceNotFoundException/);
});
