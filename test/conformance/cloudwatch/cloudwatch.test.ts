import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
  paginateGetMetricData,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { type Caller, callerOf } from '../../server/client.ts';
import { type Account, openAccount } from '../iam/account.ts';

let account: Account;
let root: Caller;
before(async () => {
  account = await openAccount();
  root = callerOf(account.server.url, account.server.credentials);
});
after(() => account.close());

const clients: CloudWatchClient[] = [];
after(() => {
  for (const client of clients) client.destroy();
});

function clientOf(protocol?: CloudWatchClientConfig['protocol']): CloudWatchClient {
  const { url: endpoint, credentials } = account.server;
  const options = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 };
  const client = new CloudWatchClient({ ...options, ...(protocol && { protocol }) });
  clients.push(client);
  return client;
}

const minute = 60_000;
/** Whole minutes ago. */
const ago = (minutes: number) => new Date((Math.floor(Date.now() / minute) - minutes) * minute);
const range = () => ({ StartTime: ago(60), EndTime: ago(-1) });
const put = (client: CloudWatchClient, Namespace: string, ...MetricData: MetricDatum[]) =>
  client.send(new PutMetricDataCommand({ Namespace, MetricData }));

async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => assert.fail('The call succeeded.'),
    (reason: Error & { Error?: { Code?: string }; $metadata?: { httpStatusCode?: number } }) => reason,
  );
  return { name: error.name, code: error.Error?.Code, message: error.message, status: error.$metadata?.httpStatusCode };
}

describe('serialization', () => {
  test('query: a form in, XML out', async () => {
    const form = {
      ...{ Action: 'PutMetricData', Namespace: 'Wire' },
      ...{ 'MetricData.member.1.MetricName': 'q', 'MetricData.member.1.Value': '2.5' },
      ...{
        'MetricData.member.1.Dimensions.member.1.Name': 'a',
        'MetricData.member.1.Dimensions.member.1.Value': 'ü & <',
      },
      'MetricData.member.1.Timestamp': ago(5).toISOString(),
    };
    const { status, text } = await root.query('monitoring', form);
    assert.equal(status, 200);
    assert.match(
      text,
      /^<PutMetricDataResponse xmlns="http:\/\/monitoring\.amazonaws\.com\/doc\/2010-08-01\/"><ResponseMetadata><RequestId>[0-9a-f-]{36}<\/RequestId>/,
    );
    const listed = await root.query('monitoring', { Action: 'ListMetrics', Namespace: 'Wire' });
    assert.match(
      listed.text,
      /<Metrics><member><Namespace>Wire<\/Namespace><MetricName>q<\/MetricName><Dimensions><member><Name>a<\/Name><Value>ü &amp; &lt;<\/Value>/,
    );
    const refused = await root.query('monitoring', { Action: 'PutMetricData', Namespace: 'Wire' });
    assert.equal(refused.status, 400);
    assert.match(
      refused.text,
      /<Error><Type>Sender<\/Type><Code>MissingParameter<\/Code><Message>The parameter MetricData is required\.</,
    );
  });
});

for (const { name, protocol, error } of [
  // The default of the SDK: errors have the names of the model, and the older codes beside them.
  { name: 'JSON 1.0', protocol: AwsJson1_0Protocol, error: 'InvalidParameterValueException' },
  { name: 'CBOR', protocol: AwsSmithyRpcV2CborProtocol, error: 'InvalidParameterValueException' },
  { name: 'query', protocol: AwsQueryProtocol, error: 'InvalidParameterValueException' },
]) {
  describe(`through ${name}`, () => {
    let client: CloudWatchClient;
    before(() => {
      client = clientOf(protocol as CloudWatchClientConfig['protocol']);
    });
    const namespace = `Through/${name}`;
    const Dimensions = [{ Name: 'Instance', Value: 'i-1' }];

    test('data goes in and comes out by every operation', async () => {
      await put(
        client,
        namespace,
        { MetricName: 'm', Dimensions, Value: 1.5, Unit: 'Seconds', Timestamp: ago(10) },
        { MetricName: 'm', Dimensions, Values: [2, 4], Counts: [1, 3], Unit: 'Seconds', Timestamp: ago(10) },
        {
          ...{ MetricName: 'm', Dimensions, Unit: 'Seconds', Timestamp: ago(5) },
          StatisticValues: { SampleCount: 2, Sum: -1, Minimum: -3, Maximum: 2 },
        },
      );
      const { Label, Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace: namespace, MetricName: 'm', Dimensions, Period: 60, ...range() },
          Statistics: ['Sum', 'Average', 'SampleCount', 'Minimum', 'Maximum'],
        }),
      );
      assert.equal(Label, 'm');
      assert.deepEqual(Datapoints, [
        { Timestamp: ago(10), Unit: 'Seconds', Sum: 15.5, Average: 3.1, SampleCount: 5, Minimum: 1.5, Maximum: 4 },
        { Timestamp: ago(5), Unit: 'Seconds', Sum: -1, Average: -0.5, SampleCount: 2, Minimum: -3, Maximum: 2 },
      ]);

      const MetricStat = { Metric: { Namespace: namespace, MetricName: 'm', Dimensions }, Period: 60, Stat: 'p90' };
      const { MetricDataResults } = await client.send(
        new GetMetricDataCommand({
          ...range(),
          LabelOptions: { Timezone: '+0130' },
          MetricDataQueries: [
            { Id: 'p', MetricStat },
            { Id: 's', MetricStat: { ...MetricStat, Stat: 'Sum', Unit: 'Seconds' }, Label: 'sum' },
            { Id: 'n', MetricStat: { ...MetricStat, Stat: 'Sum', Unit: 'Bytes' } },
          ],
        }),
      );
      assert.deepEqual(
        MetricDataResults?.map(({ Id, Label: label, Timestamps = [], Values = [], StatusCode }) => [
          Id,
          label,
          Timestamps,
          Values,
          StatusCode,
        ]),
        [
          ['p', 'm', [ago(10)], [4], 'Complete'],
          ['s', 'sum', [ago(5), ago(10)], [-1, 15.5], 'Complete'],
          ['n', 'm', [], [], 'Complete'],
        ],
      );

      const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: namespace }));
      assert.deepEqual(Metrics, [{ Namespace: namespace, MetricName: 'm', Dimensions }]);
    });

    test('a refusal has its code in both names', async () => {
      const refused = await refusal(put(client, namespace, { MetricName: 'm', Value: 1, StorageResolution: 30 }));
      assert.equal(
        refused.message,
        'The parameter MetricData.member.1.StorageResolution must be a value in the set [ 1, 60 ].',
      );
      assert.equal(refused.status, 400);
      assert.ok([error, 'InvalidParameterValue'].includes(refused.name), refused.name);
      assert.equal(refused.code ?? 'InvalidParameterValue', 'InvalidParameterValue');
    });

    test('numbers that are none are refused', async () => {
      for (const Value of [Number.NaN, Number.POSITIVE_INFINITY, -Infinity]) {
        const refused = await refusal(put(client, namespace, { MetricName: 'none', Value }));
        assert.equal(refused.status, 400);
        // A form's text is refused before anybody asks what it is for.
        const line = `The value ${Value} for parameter MetricData.member.1.Value is invalid.`;
        if (name !== 'query') assert.equal(refused.message, line);
      }
      const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: namespace, MetricName: 'none' }));
      assert.deepEqual(Metrics ?? [], []);
    });
  });
}

describe('validation', () => {
  let client: CloudWatchClient;
  before(() => {
    client = clientOf();
  });
  const get = (more: object) => {
    const MetricStat = { Metric: { Namespace: 'V', MetricName: 'm' }, Period: 60, Stat: 'Sum' };
    return client.send(new GetMetricDataCommand({ ...range(), MetricDataQueries: [{ Id: 'a', MetricStat, ...more }] }));
  };

  test('metric math is refused by name', async () => {
    const { message, status } = await refusal(get({ MetricStat: undefined, Expression: 'a / b' }));
    assert.match(message, /MetricDataQueries\.member\.1\.Expression is not supported by Whippet: metric math/);
    assert.equal(status, 501);
  });

  test('GetMetricData has a code of its own', async () => {
    const times = { StartTime: ago(1), EndTime: ago(1) };
    const equal = await refusal(client.send(new GetMetricDataCommand({ ...times, MetricDataQueries: [] })));
    assert.match(`${equal.code ?? equal.name}`, /^ValidationError$/);
    assert.match(
      (await refusal(get({ Id: '1' }))).message,
      /^The value 1 for parameter MetricDataQueries\.member\.1\.Id is invalid\.\n$/,
    );
  });

  test('31 dimensions, a namespace of AWS, 1,001 metrics, times out of reach', async () => {
    const Dimensions = Array.from({ length: 31 }, (_, index) => ({ Name: `n${index}`, Value: 'v' }));
    assert.match(
      (await refusal(put(client, 'V', { MetricName: 'm', Value: 1, Dimensions }))).message,
      /Dimensions must not have a size greater than 30/,
    );
    assert.match(
      (await refusal(put(client, 'AWS/V', { MetricName: 'm', Value: 1 }))).message,
      /^The value AWS\/V for parameter Namespace is invalid\.$/,
    );
    const many = Array.from({ length: 1001 }, () => ({ MetricName: 'm', Value: 1 }));
    assert.match(
      (await refusal(put(client, 'V', ...many))).message,
      /MetricData must not have a size greater than 1000/,
    );
    const old = { MetricName: 'm', Value: 1, Timestamp: ago(15 * 1440) };
    assert.match(
      (await refusal(put(client, 'V', old))).message,
      /Timestamp must specify a time within the past two weeks\.$/,
    );
    assert.match(
      (await refusal(put(client, 'V', { ...old, Timestamp: ago(-130) }))).message,
      /no more than two hours in the future\.$/,
    );
  });

  test('1 MB at most', async () => {
    const Dimensions = [{ Name: 'n', Value: 'v'.repeat(1024) }];
    const many = Array.from({ length: 1000 }, () => ({ MetricName: 'm'.repeat(255), Value: 1, Dimensions }));
    // Clients compress what is large: only this one counts as it is.
    const options = { disableRequestCompression: true, maxAttempts: 1, region: 'us-east-1' };
    const { url: endpoint, credentials } = account.server;
    const plain = new CloudWatchClient({ ...options, endpoint, credentials });
    clients.push(plain);
    const refused = await refusal(put(plain, 'V', ...many));
    assert.deepEqual([refused.status, refused.message], [413, 'Request size exceeded 1048576 bytes.']);
    await put(client, 'V', ...many);
  });

  test('1,440 datapoints at most', async () => {
    const input = { Namespace: 'V', MetricName: 'm', StartTime: ago(1441), EndTime: ago(0), Period: 60 };
    const { message } = await refusal(client.send(new GetMetricStatisticsCommand({ ...input, Statistics: ['Sum'] })));
    assert.match(message, /^You have requested up to 1441 datapoints, which exceeds the limit of 1440\./);
  });
});

describe('behaviour', () => {
  let client: CloudWatchClient;
  before(() => {
    client = clientOf();
  });

  test('single seconds can be read for metrics of high resolution only', async () => {
    const second = (offset: number) => new Date(ago(10).getTime() + offset * 1000);
    const data = [0, 1, 2].map((offset) => ({ Value: offset + 1, Timestamp: second(offset) }));
    await put(client, 'Fine', ...data.map((datum) => ({ ...datum, MetricName: 'fine', StorageResolution: 1 })));
    await put(client, 'Fine', ...data.map((datum) => ({ ...datum, MetricName: 'coarse' })));
    const read = async (MetricName: string, Period: number) => {
      const input = { Namespace: 'Fine', MetricName, StartTime: second(0), EndTime: second(60), Period };
      const { Datapoints = [] } = await client.send(new GetMetricStatisticsCommand({ ...input, Statistics: ['Sum'] }));
      return Datapoints.map(({ Sum }) => Sum);
    };
    assert.deepEqual(await read('fine', 1), [1, 2, 3]);
    assert.deepEqual(await read('fine', 60), [6]);
    assert.deepEqual(await read('coarse', 1), []);
    assert.deepEqual(await read('coarse', 60), [6]);
  });

  test('the paginators of the SDK end, with every value', async () => {
    const data = Array.from({ length: 600 }, (_, index) => ({
      MetricName: `m${index}`,
      Value: index,
      Timestamp: ago(3),
    }));
    await put(client, 'Pages', ...data);
    const names: string[] = [];
    for await (const { Metrics = [] } of paginateListMetrics({ client }, { Namespace: 'Pages' })) {
      names.push(...Metrics.map(({ MetricName = '' }) => MetricName));
    }
    assert.deepEqual(names, data.map(({ MetricName }) => MetricName).toSorted());
    const values: number[] = [];
    const MetricDataQueries = data.slice(0, 20).map(({ MetricName }) => ({
      Id: MetricName,
      MetricStat: { Metric: { Namespace: 'Pages', MetricName }, Period: 60, Stat: 'Maximum' },
    }));
    const input = { ...range(), MetricDataQueries, MaxDatapoints: 7 };
    for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, input)) {
      values.push(...MetricDataResults.flatMap(({ Values = [] }) => Values));
    }
    assert.deepEqual(
      values,
      Array.from({ length: 20 }, (_, index) => index),
    );
  });
});
