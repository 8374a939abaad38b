import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type Account, allow, document, openAccount, refusal, trustsAccount } from '../iam/account.ts';

/** What a role may do to logs, with the resources that AWS's own policies name. */

let account: Account;
let root: CloudWatchLogsClient;
const clients: CloudWatchLogsClient[] = [];

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function client(credentials: Key): CloudWatchLogsClient {
  const options = { endpoint: account.server.url, region: 'us-east-1', maxAttempts: 1 };
  const made = new CloudWatchLogsClient({ ...options, credentials });
  clients.push(made);
  return made;
}

before(async () => {
  account = await openAccount();
  root = client(account.server.credentials);
  for (const logGroupName of ['open', 'shut']) {
    await root.send(new CreateLogGroupCommand({ logGroupName, tags: { door: logGroupName } }));
    for (const logStreamName of ['s1', 's2'])
      await root.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  }
});
after(async () => {
  for (const made of clients) made.destroy();
  await account.close();
});

let roles = 0;

async function roleWith(policy: string): Promise<CloudWatchLogsClient> {
  const RoleName = `logs${++roles}`;
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustsAccount }));
  await account.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument: policy }));
  const RoleArn = `arn:aws:iam::000000000000:role/${RoleName}`;
  const { Credentials } = await account.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'tests' }));
  return client({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
}

const arn = (resource: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${resource}`;
const event = () => ({ timestamp: Date.now(), message: 'm' });
const put = (logs: CloudWatchLogsClient, logGroupName: string, logStreamName: string) =>
  logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [event()] }));

async function denied(call: Promise<unknown>, action: string, resource: string): Promise<void> {
  const { code, message, status } = await refusal(call);
  assert.deepEqual([code, status], ['AccessDeniedException', 400]);
  assert.match(message, /^User: arn:aws:sts::000000000000:assumed-role\/logs\d+\/tests is not authorized to perform: /);
  assert.ok(message.includes(`${action} on resource: ${resource} `), message);
}

test('a group by its name and :*, as policies have it', async () => {
  const logs = await roleWith(allow('logs:*', arn('open:*')));
  await put(logs, 'open', 's1');
  await logs.send(new FilterLogEventsCommand({ logGroupName: 'open' }));
  await logs.send(new DescribeLogStreamsCommand({ logGroupName: 'open' }));
  await denied(put(logs, 'shut', 's1'), 'logs:PutLogEvents', arn('shut:log-stream:s1'));
  const filter = logs.send(new FilterLogEventsCommand({ logGroupName: 'shut' }));
  await denied(filter, 'logs:FilterLogEvents', arn('shut:log-stream:'));
  const list = logs.send(new DescribeLogGroupsCommand({}));
  await denied(list, 'logs:DescribeLogGroups', arn(':log-stream:'));
});

test('one stream', async () => {
  const logs = await roleWith(allow(['logs:PutLogEvents', 'logs:GetLogEvents'], arn('open:log-stream:s2')));
  await put(logs, 'open', 's2');
  await logs.send(new GetLogEventsCommand({ logGroupName: 'open', logStreamName: 's2' }));
  await denied(put(logs, 'open', 's1'), 'logs:PutLogEvents', arn('open:log-stream:s1'));
  const unmasked = new GetLogEventsCommand({ logGroupName: 'open', logStreamName: 's2', unmask: true });
  await denied(logs.send(unmasked), 'logs:Unmask', arn('open:log-stream:'));
});

test('the rights of AWSLambdaBasicExecutionRole are enough to log from a function', async () => {
  const actions = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
  const logs = await roleWith(allow(actions, '*'));
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/f' }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: '/aws/lambda/f', logStreamName: 's' }));
  await put(logs, '/aws/lambda/f', 's');
  const read = new GetLogEventsCommand({ logGroupName: '/aws/lambda/f', logStreamName: 's' });
  await denied(logs.send(read), 'logs:GetLogEvents', arn('/aws/lambda/f:log-stream:s'));
});

test('tags are a right of their own, by the ARN without :*', async () => {
  const logs = await roleWith(
    document({
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:ListTagsForResource'],
      Resource: [arn('new:*'), arn('open')],
    }),
  );
  await logs.send(new ListTagsForResourceCommand({ resourceArn: arn('open') }));
  const create = logs.send(new CreateLogGroupCommand({ logGroupName: 'new', tags: { a: 'b' } }));
  await denied(create, 'logs:TagResource', arn('new'));
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'new' }));
});

test('conditions on the tags of the group and of the request', async () => {
  const logs = await roleWith(
    document(
      {
        ...{ Effect: 'Allow', Action: 'logs:FilterLogEvents', Resource: '*' },
        Condition: { StringEquals: { 'aws:ResourceTag/door': 'open' } },
      },
      {
        ...{ Effect: 'Allow', Action: 'logs:TagResource', Resource: '*' },
        Condition: {
          StringEquals: { 'aws:RequestTag/colour': 'red' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': 'colour' },
        },
      },
    ),
  );
  await logs.send(new FilterLogEventsCommand({ logGroupName: 'open' }));
  const shut = logs.send(new FilterLogEventsCommand({ logGroupName: 'shut' }));
  await denied(shut, 'logs:FilterLogEvents', arn('shut:log-stream:'));
  const tag = (tags: Record<string, string>) => logs.send(new TagResourceCommand({ resourceArn: arn('open'), tags }));
  await tag({ colour: 'red' });
  await denied(tag({ colour: 'blue' }), 'logs:TagResource', arn('open'));
  await denied(tag({ colour: 'red', size: 'l' }), 'logs:TagResource', arn('open'));
});
