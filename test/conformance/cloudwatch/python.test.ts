/** CloudWatch through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { awsCli, boto3Runs } from '../python/clients.ts';

boto3Runs(join(import.meta.dirname, 'metrics.py'), ['cloudwatch']);

awsCli('puts, lists and reads metrics', ['cloudwatch'], async (aws) => {
  const metric = ['--namespace', 'Cli', '--metric-name', 'm', '--dimensions'];
  assert.equal(
    await aws('cloudwatch', 'put-metric-data', ...metric, 'a=b,c=d', '--value', '4.5', '--unit', 'Count'),
    '',
  );
  const listed = await aws(
    'cloudwatch',
    'list-metrics',
    '--namespace',
    'Cli',
    '--query',
    'Metrics[].Dimensions[].Value',
  );
  assert.equal(listed, 'b\td');
  const time = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const window = ['--start-time', time(-10), '--end-time', time(1), '--period', '60', '--statistics', 'Sum'];
  const dimensions = ['Name=c,Value=d', 'Name=a,Value=b'];
  const query = ['--query', 'Datapoints[].[Sum,Unit]'];
  assert.equal(
    await aws('cloudwatch', 'get-metric-statistics', ...metric, ...dimensions, ...window, ...query),
    '4.5\tCount',
  );
  const Dimensions = [
    { Name: 'a', Value: 'b' },
    { Name: 'c', Value: 'd' },
  ];
  const Metric = { Namespace: 'Cli', MetricName: 'm', Dimensions };
  const queries = JSON.stringify([{ Id: 'q', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }]);
  const span = ['--start-time', time(-10), '--end-time', time(1), '--metric-data-queries', queries];
  const results = ['--query', 'MetricDataResults[].[Id,StatusCode,Values[0]]'];
  assert.equal(await aws('cloudwatch', 'get-metric-data', ...span, ...results), 'q\tComplete\t4.5');
  await assert.rejects(
    aws('cloudwatch', 'put-metric-data', '--namespace', 'AWS/Mine', '--metric-name', 'm', '--value', '1'),
    /\(InvalidParameterValue\).*The value AWS\/Mine for parameter Namespace is invalid\./,
  );
});
