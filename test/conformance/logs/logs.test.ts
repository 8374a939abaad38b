import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
  paginateFilterLogEvents,
  paginateGetLogEvents,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Caller, callerOf } from '../../server/client.ts';
import { type Account, openAccount, refusal } from '../iam/account.ts';

let account: Account;
let logs: CloudWatchLogsClient;
let root: Caller;
before(async () => {
  account = await openAccount();
  const { url: endpoint, credentials } = account.server;
  logs = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials });
  root = callerOf(endpoint, credentials);
});
after(async () => {
  logs.destroy();
  await account.close();
});

const arn = (group: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;
const target = (operation: string) => `Logs_20140328.${operation}`;

async function groupWith(logGroupName: string, ...streams: string[]): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}

const put = (logGroupName: string, logStreamName: string, logEvents: { timestamp: number; message: string }[]) =>
  logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));

describe('serialization', () => {
  test('JSON 1.1: times are milliseconds, what is not set is left out, and nothing is answered where there is nothing to say', async () => {
    const created = await root.json('logs', target('CreateLogGroup'), { logGroupName: '/wire/json' });
    assert.equal(created.status, 200);
    assert.equal(created.headers['content-type'], 'application/x-amz-json-1.1');
    assert.match(String(created.headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
    const { text } = await root.json('logs', target('DescribeLogGroups'), { logGroupNamePrefix: '/wire/json' });
    const { creationTime, ...group } = JSON.parse(text).logGroups[0];
    assert.ok(Math.abs(creationTime - Date.now()) < 60_000);
    assert.deepEqual(group, {
      logGroupName: '/wire/json',
      arn: `${arn('/wire/json')}:*`,
      logGroupArn: arn('/wire/json'),
      ...{ metricFilterCount: 0, storedBytes: 0, logGroupClass: 'STANDARD', deletionProtectionEnabled: false },
    });
    assert.equal('nextToken' in JSON.parse(text), false);
  });

  test('errors carry their type and message', async () => {
    const { status, text } = await root.json('logs', target('DeleteLogGroup'), { logGroupName: 'nowhere' });
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(text), {
      __type: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  test('messages of any characters come back as they were put', async () => {
    await groupWith('text', 's');
    const messages = ['über ✂ 👩‍🚀', 'line\nbreak\ttab "quoted" \\', 'nul\u0000inside', ' '];
    await put(
      'text',
      's',
      messages.map((message) => ({ timestamp: Date.now(), message })),
    );
    const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: 'text', logStreamName: 's' }));
    assert.deepEqual(
      events?.map(({ message }) => message),
      messages,
    );
  });
});

interface Refused {
  readonly title: string;
  readonly call: () => Promise<unknown>;
  readonly code?: string;
  readonly message: RegExp;
  readonly status?: number;
}

describe('validation', () => {
  before(() => groupWith('checked', 's'));

  const now = Date.now();
  const refused: readonly Refused[] = [
    {
      title: 'a group that is there',
      call: () => logs.send(new CreateLogGroupCommand({ logGroupName: 'checked' })),
      ...{ code: 'ResourceAlreadyExistsException', message: /^The specified log group already exists$/ },
    },
    {
      title: 'a stream that is there',
      call: () => logs.send(new CreateLogStreamCommand({ logGroupName: 'checked', logStreamName: 's' })),
      ...{ code: 'ResourceAlreadyExistsException', message: /^The specified log stream already exists$/ },
    },
    {
      title: 'a stream of a group that is not there',
      call: () => logs.send(new CreateLogStreamCommand({ logGroupName: 'nowhere', logStreamName: 's' })),
      ...{ code: 'ResourceNotFoundException', message: /^The specified log group does not exist\.$/ },
    },
    {
      title: 'events for a stream that is not there',
      call: () => put('checked', 'nowhere', [{ timestamp: now, message: 'm' }]),
      ...{ code: 'ResourceNotFoundException', message: /^The specified log stream does not exist\.$/ },
    },
    {
      title: 'a name with characters that names do not have',
      call: () => logs.send(new CreateLogGroupCommand({ logGroupName: 'a b' })),
      message: /^1 validation error detected: Value at 'logGroupName' failed to satisfy constraint/,
    },
    {
      title: 'names of AWS',
      call: () => logs.send(new CreateLogGroupCommand({ logGroupName: 'aws/mine' })),
      message: /^Log groups starting with AWS\/ are reserved for AWS\.$/,
    },
    {
      title: 'a retention that AWS does not have',
      call: () => logs.send(new PutRetentionPolicyCommand({ logGroupName: 'checked', retentionInDays: 8 })),
      message: /'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: \[1, 3, 5, 7, /,
    },
    {
      title: 'events out of order',
      call: () =>
        put('checked', 's', [
          { timestamp: now, message: 'b' },
          { timestamp: now - 1, message: 'a' },
        ]),
      message: /^Log events in a single PutLogEvents request must be in chronological order\.$/,
    },
    {
      title: 'a batch that is too large',
      call: () => put('checked', 's', [{ timestamp: now, message: 'x'.repeat(1_048_577) }]),
      message: /^Upload too large: 1048603 bytes exceeds limit of 1048576$/,
    },
    {
      title: 'a token of nowhere',
      call: () => logs.send(new GetLogEventsCommand({ logGroupName: 'checked', logStreamName: 's', nextToken: 'x' })),
      message: /^The specified nextToken is invalid\.$/,
    },
    {
      title: 'neither name nor identifier',
      call: () => logs.send(new DescribeLogStreamsCommand({})),
      message: /logGroupName.*logGroupIdentifier/,
    },
    {
      title: 'a prefix with the order of events',
      call: () =>
        logs.send(
          new DescribeLogStreamsCommand({
            ...{ logGroupName: 'checked', logStreamNamePrefix: 's' },
            orderBy: 'LastEventTime',
          }),
        ),
      message: /^Cannot order by LastEventTime with a logStreamNamePrefix\.$/,
    },
    {
      title: 'a pattern that is malformed',
      call: () => logs.send(new FilterLogEventsCommand({ logGroupName: 'checked', filterPattern: 'a@b' })),
      message: /^Invalid filter pattern: Invalid character\(s\) in term 'a@b'$/,
    },
    {
      title: 'a JSON pattern',
      call: () => logs.send(new FilterLogEventsCommand({ logGroupName: 'checked', filterPattern: '{ $.a = 1 }' })),
      ...{ code: 'NotImplemented', message: /JSON patterns .* not supported by Whippet/, status: 501 },
    },
    {
      title: 'a key of KMS',
      call: () => logs.send(new CreateLogGroupCommand({ logGroupName: 'secret', kmsKeyId: 'k' })),
      ...{ code: 'NotImplemented', message: /kmsKeyId/, status: 501 },
    },
    {
      title: 'tags of a group that is not there',
      call: () => logs.send(new ListTagsForResourceCommand({ resourceArn: arn('nowhere') })),
      ...{ code: 'ResourceNotFoundException', message: /does not exist/ },
    },
  ];
  for (const { title, call, code = 'InvalidParameterException', message, status = 400 } of refused) {
    test(title, async () => {
      const answer = await refusal(call());
      assert.match(answer.message, message);
      assert.deepEqual([answer.code, answer.status], [code, status]);
    });
  }
});

describe('behaviour', () => {
  test('a stream from its creation to its end', async () => {
    await groupWith('life', 'one', 'two');
    const now = Date.now();
    const events = [-2000, -1000, 0].map((offset) => ({ timestamp: now + offset, message: `at ${offset}` }));
    const first = await put('life', 'one', events);
    assert.match(first.nextSequenceToken ?? '', /^\d{56}$/);
    assert.equal(first.rejectedLogEventsInfo, undefined);
    // Any token is taken.
    const again = { logGroupName: 'life', logStreamName: 'one', logEvents: [{ timestamp: now, message: 'again' }] };
    await logs.send(new PutLogEventsCommand({ ...again, sequenceToken: 'whatever' }));

    const { logStreams, nextToken } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupIdentifier: arn('life') }),
    );
    assert.equal(nextToken, undefined);
    assert.deepEqual(
      logStreams?.map(({ logStreamName }) => logStreamName),
      ['one', 'two'],
    );
    const [one, two] = logStreams ?? [];
    assert.deepEqual([one?.firstEventTimestamp, one?.lastEventTimestamp, one?.storedBytes], [now - 2000, now, 0]);
    assert.ok((one?.lastIngestionTime ?? 0) >= now);
    assert.equal(one?.arn, `${arn('life')}:log-stream:one`);
    assert.deepEqual([two?.firstEventTimestamp, two?.uploadSequenceToken], [undefined, undefined]);

    await logs.send(new DeleteLogStreamCommand({ logGroupName: 'life', logStreamName: 'one' }));
    const gone = new GetLogEventsCommand({ logGroupName: 'life', logStreamName: 'one' });
    assert.equal((await refusal(logs.send(gone))).code, 'ResourceNotFoundException');
    await logs.send(new DeleteLogGroupCommand({ logGroupName: 'life' }));
    const groups = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'life' }));
    assert.deepEqual(groups.logGroups, []);
  });

  test('events that are too old or too new are told by index, the others kept', async () => {
    await groupWith('ages', 's');
    const day = 86_400_000;
    const events = [-15, -14.5, 0, 0, 1].map((days, index) => ({
      timestamp: Date.now() + days * day,
      message: String(index),
    }));
    const { rejectedLogEventsInfo } = await put('ages', 's', events);
    assert.deepEqual(rejectedLogEventsInfo, { tooOldLogEventEndIndex: 2, tooNewLogEventStartIndex: 4 });
    const { events: kept } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'ages' }));
    assert.deepEqual(
      kept?.map(({ message }) => message),
      ['2', '3'],
    );
  });

  test('the paginators of the SDK end, with every event', async () => {
    await groupWith('pages', 'a', 'b', 'c');
    const now = Date.now() - 60_000;
    for (const stream of ['a', 'b', 'c']) {
      const events = Array.from({ length: 25 }, (_, index) => ({
        timestamp: now + index * 10,
        message: `${stream}${index}`,
      }));
      await put('pages', stream, events);
    }
    const got: string[] = [];
    const input = { logGroupName: 'pages', logStreamName: 'a', startFromHead: true, limit: 10 };
    for await (const { events = [] } of paginateGetLogEvents({ client: logs, stopOnSameToken: true }, input)) {
      got.push(...events.map(({ message = '' }) => message));
    }
    assert.deepEqual(
      got,
      Array.from({ length: 25 }, (_, index) => `a${index}`),
    );

    const filtered: string[] = [];
    const filter = { logGroupName: 'pages', logStreamNamePrefix: '', filterPattern: '-b3', limit: 7 };
    const { logStreamNamePrefix: _, ...all } = filter;
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, all)) {
      filtered.push(...events.map(({ message = '' }) => message));
    }
    assert.equal(filtered.length, 74);
    assert.deepEqual(filtered.slice(0, 4), ['a0', 'b0', 'c0', 'a1']);

    const streams: string[] = [];
    for await (const { logStreams = [] } of paginateDescribeLogStreams(
      { client: logs },
      { logGroupName: 'pages', limit: 2 },
    )) {
      streams.push(...logStreams.map(({ logStreamName = '' }) => logStreamName));
    }
    assert.deepEqual(streams, ['a', 'b', 'c']);
    const groups: string[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, { limit: 2 })) {
      groups.push(...logGroups.map(({ logGroupName = '' }) => logGroupName));
    }
    assert.ok(groups.includes('pages'));
    assert.deepEqual(groups, groups.toSorted());
  });

  test('FilterLogEvents by stream names, with ids that tell events apart', async () => {
    await groupWith('chosen', 'x', 'y', 'z');
    const timestamp = Date.now();
    for (const stream of ['x', 'y', 'z']) await put('chosen', stream, [{ timestamp, message: `from ${stream}` }]);
    const { events = [], searchedLogStreams } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: 'chosen', logStreamNames: ['z', 'x'], filterPattern: '"from"' }),
    );
    assert.deepEqual(
      events.map(({ logStreamName, message }) => [logStreamName, message]),
      [
        ['x', 'from x'],
        ['z', 'from z'],
      ],
    );
    assert.equal(new Set(events.map(({ eventId }) => eventId)).size, 2);
    assert.deepEqual(searchedLogStreams, []);
    const nowhere = new FilterLogEventsCommand({ logGroupName: 'chosen', logStreamNames: ['nowhere'] });
    assert.equal((await refusal(logs.send(nowhere))).code, 'ResourceNotFoundException');
  });

  test('retention and tags are kept', async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'kept', tags: { a: '1' } }));
    const describe = async () =>
      (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'kept' }))).logGroups?.[0]?.retentionInDays;
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: 'kept', retentionInDays: 731 }));
    assert.equal(await describe(), 731);
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: 'kept' }));
    assert.equal(await describe(), undefined);

    const resourceArn = arn('kept');
    await logs.send(new TagResourceCommand({ resourceArn, tags: { a: '2', b: '' } }));
    const list = async () => (await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    assert.deepEqual(await list(), { a: '2', b: '' });
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    assert.deepEqual(await list(), { b: '' });
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    assert.equal(
      (await refusal(logs.send(new TagResourceCommand({ resourceArn, tags })))).code,
      'TooManyTagsException',
    );
  });

  test('regions have groups of their own', async () => {
    await groupWith('regional');
    const elsewhere = new CloudWatchLogsClient({
      ...{ endpoint: account.server.url, region: 'eu-west-1', maxAttempts: 1 },
      credentials: account.server.credentials,
    });
    const { logGroups } = await elsewhere.send(new DescribeLogGroupsCommand({}));
    elsewhere.destroy();
    assert.deepEqual(logGroups, []);
  });
});
