import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type Account, document, openAccount, refusal, trustsAccount } from '../iam/account.ts';

let account: Account;
before(async () => {
  account = await openAccount();
});
after(() => account.close());

/** The only way to limit PutMetricData: it knows no resources. */
test('a role may put metrics into one namespace', async () => {
  const policy = document({
    ...{ Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*' },
    Condition: { StringEquals: { 'cloudwatch:namespace': 'Mine' } },
  });
  await account.iam.send(new CreateRoleCommand({ RoleName: 'metrics', AssumeRolePolicyDocument: trustsAccount }));
  await account.iam.send(new PutRolePolicyCommand({ RoleName: 'metrics', PolicyName: 'p', PolicyDocument: policy }));
  const RoleArn = 'arn:aws:iam::000000000000:role/metrics';
  const { Credentials } = await account.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'tests' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const client = new CloudWatchClient({
    ...{ endpoint: account.server.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });
  const put = (Namespace: string) =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1 }] }));
  try {
    await put('Mine');
    for (const [call, action] of [
      [() => put('Yours'), 'cloudwatch:PutMetricData'],
      [() => client.send(new ListMetricsCommand({})), 'cloudwatch:ListMetrics'],
    ] as const) {
      const { code, message } = await refusal(call());
      assert.match(code, /^AccessDenied(Exception)?$/);
      assert.match(
        message,
        new RegExp(
          `^User: arn:aws:sts::000000000000:assumed-role/metrics/tests is not authorized to perform: ${action} `,
        ),
      );
    }
  } finally {
    client.destroy();
  }
});
