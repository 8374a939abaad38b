import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { appendEvents } from './append.ts';
import { openLogs, place, type TestLogs } from './testing/logs.ts';
import { logsUpkeep } from './upkeep.ts';

let logs: TestLogs;
before(async () => {
  logs = await openLogs();
});
after(() => logs.close());

const day = 86_400_000;
const keepUp = () => logsUpkeep(logs.state).run(new AbortController().signal);
const rows = () => logs.state.database.get<{ n: number }>('SELECT COUNT(*) AS n FROM log_events')?.n;

function bytesOf(logGroupName: string): number | undefined {
  return logs.run('DescribeLogGroups', { logGroupNamePrefix: logGroupName }).logGroups?.[0]?.storedBytes;
}

test('retention deletes what is older, and only in its group', async () => {
  const start = logs.time;
  for (const group of ['kept', 'short']) {
    const events = [0, 1, 2, 3].map((days) => ({ timestamp: start + days * day, message: 'four' }));
    appendEvents({ ...place, group, stream: 's' }, events, logs.state);
  }
  logs.run('PutRetentionPolicy', { logGroupName: 'short', retentionInDays: 3 });
  logs.time = start + 4 * day + 1;
  await keepUp();
  const left = (logGroupName: string) =>
    logs.run('FilterLogEvents', { logGroupName }).events?.map(({ timestamp = 0 }) => (timestamp - start) / day);
  assert.deepEqual(left('short'), [2, 3]);
  assert.deepEqual(left('kept'), [0, 1, 2, 3]);
  assert.deepEqual([bytesOf('short'), bytesOf('kept')], [60, 120]);
  const [stream] = logs.run('DescribeLogStreams', { logGroupName: 'short' }).logStreams ?? [];
  assert.equal(stream?.firstEventTimestamp, start + 2 * day);
  assert.equal(stream?.lastEventTimestamp, start + 3 * day);

  logs.time = start + 30 * day;
  await keepUp();
  assert.deepEqual(left('short'), []);
  assert.equal(bytesOf('short'), 0);
});

test('many events go bit by bit, and nothing of a deleted stream or group stays', async () => {
  const before = rows() ?? 0;
  const events = Array.from({ length: 12_000 }, (_, index) => ({ timestamp: logs.time + index, message: 'x' }));
  for (const stream of ['one', 'two']) appendEvents({ ...place, group: 'gone', stream }, events, logs.state);
  logs.run('DeleteLogStream', { logGroupName: 'gone', logStreamName: 'one' });
  assert.equal(bytesOf('gone'), 12_000 * 27);
  logs.run('DeleteLogGroup', { logGroupName: 'gone' });
  appendEvents({ ...place, group: 'gone', stream: 'one' }, [{ timestamp: logs.time, message: 'new' }], logs.state);
  await keepUp();
  assert.equal(rows(), before + 1);
  assert.deepEqual(
    logs.run('GetLogEvents', { logGroupName: 'gone', logStreamName: 'one' }).events?.map(({ message }) => message),
    ['new'],
  );
});

test('a stop ends the work after a portion', async () => {
  const events = Array.from({ length: 100 }, (_, index) => ({ timestamp: index, message: 'x' }));
  appendEvents({ ...place, group: 'old', stream: 's' }, events, logs.state);
  logs.run('PutRetentionPolicy', { logGroupName: 'old', retentionInDays: 1 });
  const stopped = new AbortController();
  stopped.abort();
  await logsUpkeep(logs.state).run(stopped.signal);
  assert.equal(bytesOf('old'), 2700);
});
