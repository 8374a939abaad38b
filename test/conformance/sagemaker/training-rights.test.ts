import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AddTagsCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { connectTo, makeBucket, makeRole, trainingJob } from '../../training/driver.ts';
import { type Account, allow, document, openAccount, refusal, trustsAccount } from '../iam/account.ts';

/** Who may do what to training jobs, with the condition keys that AWS's policies hold them against. */

let account: Account;
let execution: string;
const clients: SageMakerClient[] = [];
before(async () => {
  account = await openAccount();
  const aws = connectTo(account.server);
  execution = await makeRole(aws, 'execution');
  await makeBucket(aws, 'bare');
  await aws.s3.send(new PutObjectCommand({ Bucket: 'bare', Key: 'x/' }));
  await aws.sagemaker.send(new CreateTrainingJobCommand(job('mine', { Tags: [{ Key: 'team', Value: 'dogs' }] })));
  aws.close();
});
after(async () => {
  for (const made of clients) made.destroy();
  await account.close();
});

/** There is nothing but the mark of a folder, so that it fails at once. */
const job = (name: string, more: Partial<CreateTrainingJobRequest> = {}): CreateTrainingJobRequest => ({
  ...trainingJob(name, { role: execution, data: 's3://bare/x/', output: 's3://bare/y' }),
  ...more,
});

let roles = 0;

async function withPolicy(policy: string): Promise<SageMakerClient> {
  const RoleName = `person${++roles}`;
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustsAccount }));
  await account.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument: policy }));
  const RoleArn = `arn:aws:iam::000000000000:role/${RoleName}`;
  const { Credentials } = await account.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'tests' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const client = new SageMakerClient({
    ...{ endpoint: account.server.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });
  clients.push(client);
  return client;
}

const arn = (name: string) => `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`;

async function denied(call: Promise<unknown>, action: string, resource: string): Promise<void> {
  const { code, message, status } = await refusal(call);
  assert.deepEqual([code, status], ['AccessDeniedException', 400], message);
  const where = resource === '*' ? '' : ` on resource: ${resource}`;
  const reasons = [' because', ' with an explicit deny'];
  assert.ok(
    reasons.some((reason) => message.includes(`is not authorized to perform: ${action}${where}${reason}`)),
    message,
  );
}

test('creating a job needs the right to pass its role to SageMaker', async () => {
  const create = { Effect: 'Allow', Action: 'sagemaker:CreateTrainingJob', Resource: arn('*') };
  const without = await withPolicy(document(create));
  await denied(without.send(new CreateTrainingJobCommand(job('a'))), 'iam:PassRole', execution);
  const PassedTo = (service: string) => ({
    ...{ Effect: 'Allow', Action: 'iam:PassRole', Resource: execution },
    Condition: { StringEquals: { 'iam:PassedToService': service } },
  });
  const elsewhere = await withPolicy(document(create, PassedTo('lambda.amazonaws.com')));
  await denied(elsewhere.send(new CreateTrainingJobCommand(job('b'))), 'iam:PassRole', execution);
  const passes = await withPolicy(document(create, PassedTo('sagemaker.amazonaws.com')));
  await passes.send(new CreateTrainingJobCommand(job('c')));
});

test('policies hold jobs against instance types, isolation and time', async () => {
  const rights = (Condition: object) =>
    document(
      { Effect: 'Allow', Action: 'sagemaker:CreateTrainingJob', Resource: '*', Condition },
      { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' },
    );
  const types = await withPolicy(
    rights({
      'ForAllValues:StringLike': { 'sagemaker:InstanceTypes': ['ml.m5.*'] },
      Bool: { 'sagemaker:NetworkIsolation': 'true' },
    }),
  );
  const large = { InstanceType: 'ml.p3.2xlarge', InstanceCount: 1, VolumeSizeInGB: 1 } as const;
  const isolated = { EnableNetworkIsolation: true };
  const action = 'sagemaker:CreateTrainingJob';
  await denied(
    types.send(new CreateTrainingJobCommand(job('d', { ...isolated, ResourceConfig: large }))),
    action,
    arn('d'),
  );
  await denied(types.send(new CreateTrainingJobCommand(job('d'))), action, arn('d'));
  await types.send(new CreateTrainingJobCommand(job('d', isolated)));
  const short = await withPolicy(rights({ NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': '60' } }));
  await denied(short.send(new CreateTrainingJobCommand(job('e'))), action, arn('e'));
  await short.send(new CreateTrainingJobCommand(job('e', { StoppingCondition: { MaxRuntimeInSeconds: 60 } })));
});

test('a job with tags needs sagemaker:AddTags, and policies see the tags', async () => {
  const Tags = [{ Key: 'team', Value: 'dogs' }];
  const create = ['sagemaker:CreateTrainingJob', 'iam:PassRole'];
  const untagged = await withPolicy(allow(create));
  await denied(untagged.send(new CreateTrainingJobCommand(job('f', { Tags }))), 'sagemaker:AddTags', arn('f'));
  const tagged = await withPolicy(
    document(
      { Effect: 'Allow', Action: create, Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'sagemaker:AddTags',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestTag/team': 'dogs' } },
      },
    ),
  );
  await tagged.send(new CreateTrainingJobCommand(job('f', { Tags })));
  const cats = [{ Key: 'team', Value: 'cats' }];
  await denied(tagged.send(new CreateTrainingJobCommand(job('g', { Tags: cats }))), 'sagemaker:AddTags', arn('g'));
});

test('policies may allow tags at creation only', async () => {
  const Tags = [{ Key: 'team', Value: 'dogs' }];
  const atCreation = (Condition: object) =>
    document(
      { Effect: 'Allow', Action: ['sagemaker:CreateTrainingJob', 'iam:PassRole'], Resource: '*' },
      { Effect: 'Allow', Action: 'sagemaker:AddTags', Resource: '*', Condition },
    );
  const tagging = { 'sagemaker:TaggingAction': 'CreateTrainingJob' };
  const maker = await withPolicy(atCreation({ StringEquals: tagging }));
  await maker.send(new CreateTrainingJobCommand(job('h', { Tags })));
  const later = new AddTagsCommand({ ResourceArn: arn('h'), Tags });
  await denied(maker.send(later), 'sagemaker:AddTags', arn('h'));
  const elsewhere = await withPolicy(atCreation({ StringEquals: { 'sagemaker:TaggingAction': 'CreateModel' } }));
  await denied(elsewhere.send(new CreateTrainingJobCommand(job('i', { Tags }))), 'sagemaker:AddTags', arn('i'));
});

test('models are held against networks as jobs are', async () => {
  const guarded = await withPolicy(
    document(
      { Effect: 'Allow', Action: ['sagemaker:CreateModel', 'iam:PassRole'], Resource: '*' },
      {
        ...{ Effect: 'Deny', Action: 'sagemaker:CreateModel', Resource: '*' },
        Condition: { Null: { 'sagemaker:VpcSubnets': 'true', 'sagemaker:VpcSecurityGroupIds': 'true' } },
      },
    ),
  );
  const PrimaryContainer = { Image: 'whippet', ModelDataUrl: 's3://bare/model.tar.gz' };
  const model = { ModelName: 'net', PrimaryContainer, ExecutionRoleArn: execution };
  const where = 'arn:aws:sagemaker:us-east-1:000000000000:model/net';
  await denied(guarded.send(new CreateModelCommand(model)), 'sagemaker:CreateModel', where);
  const VpcConfig = { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] };
  await guarded.send(new CreateModelCommand({ ...model, VpcConfig }));
});

test("tags of jobs are known by the global name and by SageMaker's", async () => {
  for (const key of ['aws:ResourceTag/team', 'sagemaker:ResourceTag/team']) {
    const Condition = { StringEquals: { [key]: 'dogs' } };
    const all = { Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' };
    const mine = new DescribeTrainingJobCommand({ TrainingJobName: 'mine' });
    await (await withPolicy(document({ ...all, Condition }))).send(mine);
    const spared = await withPolicy(document(all, { ...all, Effect: 'Deny', Condition }));
    await denied(spared.send(mine), 'sagemaker:DescribeTrainingJob', arn('mine'));
  }
});

test('jobs are described and stopped by name or by tag, and listed as a whole', async () => {
  const byTag = await withPolicy(
    document({
      ...{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' },
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'dogs' } },
    }),
  );
  await byTag.send(new DescribeTrainingJobCommand({ TrainingJobName: 'mine' }));
  await denied(byTag.send(new ListTrainingJobsCommand({})), 'sagemaker:ListTrainingJobs', '*');
  const byName = await withPolicy(allow('sagemaker:Describe*', arn('mi*')));
  await byName.send(new DescribeTrainingJobCommand({ TrainingJobName: 'Mine' }));
  const stop = new StopTrainingJobCommand({ TrainingJobName: 'mine' });
  await denied(byName.send(stop), 'sagemaker:StopTrainingJob', arn('mine'));
  const other = new DescribeTrainingJobCommand({ TrainingJobName: 'other' });
  await denied(byName.send(other), 'sagemaker:DescribeTrainingJob', arn('other'));
  const tag = new AddTagsCommand({ ResourceArn: arn('mine'), Tags: [{ Key: 'a', Value: 'b' }] });
  await denied(byName.send(tag), 'sagemaker:AddTags', arn('mine'));
});
