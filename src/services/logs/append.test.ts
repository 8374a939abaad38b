import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { appendEvents } from './append.ts';
import { openLogs, place, type TestLogs } from './testing/logs.ts';

let logs: TestLogs;
before(async () => {
  logs = await openLogs();
});
after(() => logs.close());

test('group and stream are made where they are missing, and events of any age and order are kept', () => {
  const target = { ...place, group: 'made', stream: 's' };
  appendEvents(
    target,
    [
      { timestamp: 2, message: 'b' },
      { timestamp: 1, message: 'a' },
    ],
    logs.state,
  );
  appendEvents(target, [{ timestamp: logs.time + 1e10, message: 'c' }], logs.state);
  appendEvents(target, [], logs.state);
  const { events } = logs.run('FilterLogEvents', { logGroupName: 'made' });
  assert.deepEqual(
    events?.map(({ message }) => message),
    ['a', 'b', 'c'],
  );
});

test('a message too long for one event becomes several, cut between characters', () => {
  const message = `x${'é'.repeat(700_000)}✂${'x'.repeat(300_000)}`;
  appendEvents({ ...place, group: 'long', stream: 's' }, [{ timestamp: 1, message }], logs.state);
  const { events = [] } = logs.run('FilterLogEvents', { logGroupName: 'long' });
  assert.equal(events.length, 1);
  const parts = logs.state.database.all<{ message: string }>(
    "SELECT message FROM log_events e JOIN log_streams s ON s.id = e.stream JOIN log_groups g ON g.id = s.log_group WHERE g.name = 'long' ORDER BY sequence",
  );
  assert.equal(parts.length, 2);
  assert.equal(parts.map((part) => part.message).join(''), message);
});
