import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { openLogs, place, type TestLogs } from './testing/logs.ts';

let logs: TestLogs;
before(async () => {
  logs = await openLogs();
});
after(() => logs.close());

let groups = 0;

/** A group whose streams get batches one after another. Messages number the events in the order of arrival. */
function groupOf(batches: readonly { stream: string; times: readonly number[] }[]) {
  const logGroupName = `g${++groups}`;
  logs.run('CreateLogGroup', { logGroupName });
  for (const logStreamName of ['a', 'b', 'c']) logs.run('CreateLogStream', { logGroupName, logStreamName });
  let count = 0;
  const events = batches.flatMap(({ stream, times }) => {
    const batch = times.map((time) => ({ timestamp: logs.time + time, message: String(++count), stream }));
    logs.run('PutLogEvents', { logGroupName, logStreamName: stream, logEvents: batch });
    return batch;
  });
  // A stable sort: events of one time stay in the order of arrival.
  return { logGroupName, events: events.toSorted((a, b) => a.timestamp - b.timestamp) };
}

const times = fc
  .array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 12 })
  .map((list) => list.sort((a, b) => a - b));
const batches = fc.array(fc.record({ stream: fc.constantFrom('a', 'b', 'c'), times }), { maxLength: 6 });
const limits = fc.integer({ min: 1, max: 7 });
const textOf = (events: readonly { message?: string | undefined }[] = []) => events.map(({ message }) => message);

function get(logGroupName: string, more: object) {
  const {
    events = [],
    nextForwardToken = '',
    nextBackwardToken = '',
  } = logs.run('GetLogEvents', {
    ...{ logGroupName, logStreamName: 'a' },
    ...more,
  });
  return { events: textOf(events), nextForwardToken, nextBackwardToken };
}

test('reading forwards or backwards until the token comes back gives every event once, in order', () => {
  fc.assert(
    fc.property(batches, limits, fc.boolean(), (data, limit, startFromHead) => {
      const { logGroupName, events } = groupOf(data);
      const pages: (string | undefined)[][] = [];
      let nextToken: string | undefined;
      for (;;) {
        assert.ok(pages.length < 100, 'paging does not end');
        const page = get(logGroupName, { limit, startFromHead, nextToken });
        const next = startFromHead ? page.nextForwardToken : page.nextBackwardToken;
        if (next === nextToken) {
          assert.deepEqual(page.events, []);
          break;
        }
        pages.push(page.events);
        nextToken = next;
      }
      const expected = textOf(events.filter(({ stream }) => stream === 'a'));
      assert.deepEqual((startFromHead ? pages : pages.reverse()).flat(), expected);
    }),
    { numRuns: 60 },
  );
});

test('turning round at any point leaves out nothing and repeats nothing', () => {
  fc.assert(
    fc.property(batches, fc.array(fc.boolean(), { maxLength: 12 }), limits, (data, turns, limit) => {
      const { logGroupName, events } = groupOf(data);
      const expected = textOf(events.filter(({ stream }) => stream === 'a'));
      let page = get(logGroupName, { limit, startFromHead: true });
      let [start, end] = [0, page.events.length];
      for (const forwards of turns) {
        page = get(logGroupName, { limit, nextToken: forwards ? page.nextForwardToken : page.nextBackwardToken });
        if (forwards) [start, end] = [end, end + page.events.length];
        else [start, end] = [start - page.events.length, start];
        assert.deepEqual(page.events, expected.slice(start, end));
      }
    }),
    { numRuns: 60 },
  );
});

test('startTime belongs to the range, endTime does not; both together with tokens', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 }), (data, from, to) => {
      const { logGroupName, events } = groupOf(data);
      const range = { startTime: logs.time + from, endTime: logs.time + to };
      const expected = textOf(
        events.filter(
          ({ stream, timestamp }) => stream === 'a' && timestamp >= range.startTime && timestamp < range.endTime,
        ),
      );
      const first = get(logGroupName, { ...range, startFromHead: true, limit: 3 });
      const second = get(logGroupName, { ...range, nextToken: first.nextForwardToken });
      assert.deepEqual([...first.events, ...second.events], expected);
      assert.deepEqual(get(logGroupName, range).events, expected);
    }),
    { numRuns: 60 },
  );
});

test('an empty stream can be polled: what comes later is behind its token', () => {
  const { logGroupName } = groupOf([]);
  const { events, nextForwardToken } = get(logGroupName, {});
  assert.deepEqual(events, []);
  assert.equal(get(logGroupName, { nextToken: nextForwardToken }).nextForwardToken, nextForwardToken);
  const logEvents = [{ timestamp: logs.time, message: 'later' }];
  logs.run('PutLogEvents', { logGroupName, logStreamName: 'a', logEvents });
  assert.deepEqual(get(logGroupName, { nextToken: nextForwardToken }).events, ['later']);
});

test('a page holds 1 MB, counted with 26 bytes for each event', () => {
  const { logGroupName } = groupOf([]);
  const message = 'x'.repeat(349_525 - 26);
  for (let at = 0; at < 2; at++) {
    const logEvents = Array.from({ length: 3 }, (_, index) => ({ timestamp: logs.time + index, message }));
    logs.run('PutLogEvents', { logGroupName, logStreamName: 'a', logEvents });
  }
  assert.equal(get(logGroupName, { startFromHead: true }).events.length, 3);
  const { events = [], nextToken } = logs.run('FilterLogEvents', { logGroupName });
  assert.equal(events.length, 3);
  assert.equal(logs.run('FilterLogEvents', { logGroupName, nextToken }).events?.length, 3);
});

test('FilterLogEvents pages through all streams, in order, in either direction', () => {
  fc.assert(
    fc.property(
      batches,
      limits,
      fc.boolean(),
      fc.constantFrom('', '-1', '?2 ?3'),
      (data, limit, startFromHead, filterPattern) => {
        const { logGroupName, events } = groupOf(data);
        const found: (string | undefined)[] = [];
        let nextToken: string | undefined;
        let pages = 0;
        do {
          assert.ok(pages++ < 100, 'paging does not end');
          const input = { logGroupName, limit, filterPattern, startTime: logs.time - 3, endTime: logs.time + 3 };
          const page = logs.run('FilterLogEvents', { ...input, ...(nextToken ? { nextToken } : { startFromHead }) });
          assert.ok((page.events?.length ?? 0) <= limit);
          found.push(...textOf(page.events));
          nextToken = page.nextToken;
        } while (nextToken);
        const matches = (message: string) =>
          filterPattern === '' || (filterPattern === '-1' ? !message.includes('1') : /[23]/.test(message));
        const expected = textOf(
          events.filter(({ timestamp, message }) => Math.abs(timestamp - logs.time) <= 3 && matches(message)),
        );
        assert.deepEqual(found, startFromHead ? expected : expected.reverse());
      },
    ),
    { numRuns: 60 },
  );
});

test('a search that finds little answers in between, and goes on where it was', () => {
  const { logGroupName } = groupOf([]);
  for (let batch = 0; batch < 3; batch++) {
    const logEvents = Array.from({ length: 10_000 }, (_, index) => ({
      timestamp: logs.time + batch,
      message: batch === 2 && index === 9_999 ? 'needle' : 'hay',
    }));
    logs.run('PutLogEvents', { logGroupName, logStreamName: 'b', logEvents });
  }
  const first = logs.run('FilterLogEvents', { logGroupName, filterPattern: 'needle' });
  assert.deepEqual(first.events, []);
  assert.ok(first.nextToken);
  const second = logs.run('FilterLogEvents', { logGroupName, filterPattern: 'needle', nextToken: first.nextToken });
  assert.deepEqual(textOf(second.events), ['needle']);
  assert.equal(second.nextToken, undefined);
});

test('streams are listed by name or by their last event, page by page, and a complete page has no token', () => {
  const { logGroupName } = groupOf([
    { stream: 'a', times: [5] },
    { stream: 'c', times: [1, 9] },
  ]);
  const list = (more: object): string[] => {
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = logs.run('DescribeLogStreams', { logGroupName, limit: 1, ...more, nextToken });
      names.push(...(page.logStreams ?? []).map(({ logStreamName = '' }) => logStreamName));
      nextToken = page.nextToken;
    } while (nextToken);
    return names;
  };
  assert.deepEqual(list({}), ['a', 'b', 'c']);
  assert.deepEqual(list({ descending: true }), ['c', 'b', 'a']);
  assert.deepEqual(list({ orderBy: 'LastEventTime' }), ['b', 'a', 'c']);
  assert.deepEqual(list({ orderBy: 'LastEventTime', descending: true }), ['c', 'a', 'b']);
  assert.deepEqual(list({ logStreamNamePrefix: 'b' }), ['b']);
  assert.equal(logs.run('DescribeLogStreams', { logGroupName, limit: 3 }).nextToken, undefined);
});

test('groups are listed page by page', () => {
  for (const name of ['list/b', 'list/a', 'list/c', 'other/list']) logs.run('CreateLogGroup', { logGroupName: name });
  const first = logs.run('DescribeLogGroups', { logGroupNamePrefix: 'list/', limit: 2 });
  const second = logs.run('DescribeLogGroups', { logGroupNamePrefix: 'list/', limit: 2, nextToken: first.nextToken });
  const names = [first, second].map(({ logGroups }) => logGroups?.map(({ logGroupName }) => logGroupName));
  assert.deepEqual(names, [['list/a', 'list/b'], ['list/c']]);
  assert.equal(second.nextToken, undefined);
  const pattern = logs.run('DescribeLogGroups', { logGroupNamePattern: 'r/l' });
  const arn = `arn:aws:logs:${place.region}:${place.account}:log-group:other/list`;
  assert.deepEqual(pattern.logGroups, [
    { logGroupName: 'other/list', creationTime: logs.time, arn: `${arn}:*`, logGroupArn: arn },
  ]);
});

test('events of one time stay in the order in which they came, in a large batch too', () => {
  const { logGroupName } = groupOf([]);
  const logEvents = Array.from({ length: 125 }, (_, index) => ({ timestamp: logs.time, message: String(index) }));
  logs.run('PutLogEvents', { logGroupName, logStreamName: 'a', logEvents });
  assert.deepEqual(get(logGroupName, {}).events, textOf(logEvents));
});
