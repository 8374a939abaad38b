/** What training jobs read and write, and what they do when something is missing, forbidden, hostile or lost. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  type Channel,
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { brief, endless, type Ground, openGround } from '../conformance/sagemaker/ground.ts';
import { fetchObject, logOf, makeRole, trainingJobEnded, until } from '../training/driver.ts';

const run = promisify(execFile);

let ground: Ground;
let one: Buffer | undefined;
before(async () => {
  ground = await openGround();
  const job = await ground.run('one');
  assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
  one = await modelOf(job);
  assert.ok(one && one.length > 1000);
});
after(() => ground.close());

const put = (Key: string, Body: string | Uint8Array) =>
  ground.aws.s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }));

async function keysBelow(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await ground.aws.s3.send(new ListObjectsV2Command({ Bucket: 'photos', Prefix }));
  return Contents.map(({ Key = '' }) => Key);
}

const channel = (S3Uri: string, more: object = {}): Channel => ({
  ChannelName: 'training',
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri, ...more } },
});

/** Files of an archive by name. */
async function unpacked(uri: string): Promise<Map<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-unpacked-'));
  try {
    await writeFile(join(folder, 'archive.tar.gz'), await fetchObject(ground.aws, uri));
    await run('tar', ['-xzf', 'archive.tar.gz'], { cwd: folder });
    const names = (await readdir(folder)).filter((name) => name !== 'archive.tar.gz');
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const modelOf = async (job: { ModelArtifacts?: { S3ModelArtifacts?: string | undefined } | undefined }) =>
  (await unpacked(job.ModelArtifacts?.S3ModelArtifacts ?? '')).get('model.onnx');

describe('several instances', { timeout: 60_000 }, () => {
  test('give the model of one, whole data or divided, and a log each', async () => {
    const three = { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 3, VolumeSizeInGB: 1 } } as const;
    const whole = await ground.run('three', three);
    const sharded = [channel('s3://photos/breeds/', { S3DataDistributionType: 'ShardedByS3Key' })];
    const divided = await ground.run('sharded', { ...three, InputDataConfig: sharded });
    for (const job of [whole, divided]) assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    assert.deepEqual(await modelOf(whole), one);
    assert.deepEqual(await modelOf(divided), one);
    for (const host of ['algo-1', 'algo-2', 'algo-3']) {
      assert.ok((await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', `sharded/${host}-`)).length > 0, host);
    }
  });

  test('need not all have a part of a channel that is divided', async () => {
    const [from, ...others] = await keysBelow('breeds/valid/');
    const other = others.find((key) => key.split('/')[2] !== from?.split('/')[2]);
    for (const key of [from ?? '', other ?? '']) {
      const body = await fetchObject(ground.aws, `s3://photos/${key}`);
      await put(key.replace('breeds/valid/', 'few/'), body);
    }
    const validation = channel('s3://photos/few/', { S3DataDistributionType: 'ShardedByS3Key' });
    const InputDataConfig = [channel('s3://photos/breeds/train/'), { ...validation, ChannelName: 'validation' }];
    const ResourceConfig = { InstanceType: 'ml.m5.large', InstanceCount: 3, VolumeSizeInGB: 1 } as const;
    const shared = await ground.run('few-three', { InputDataConfig, ResourceConfig });
    assert.equal(shared.TrainingJobStatus, 'Completed', shared.FailureReason);
    assert.deepEqual(await modelOf(shared), await modelOf(await ground.run('few-one', { InputDataConfig })));
  });
});

describe('channels', { timeout: 60_000 }, () => {
  test('manifests name objects', async () => {
    const keys = await keysBelow('breeds/');
    const names = keys.map((key) => key.slice('breeds/'.length));
    await put('manifest.json', JSON.stringify([{ prefix: 's3://photos/breeds/' }, ...names]));
    const job = await ground.run('manifest', {
      InputDataConfig: [channel('s3://photos/manifest.json', { S3DataType: 'ManifestFile' })],
    });
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    assert.deepEqual(await modelOf(job), one);
  });

  const broken: readonly {
    readonly title: string;
    readonly objects: Readonly<Record<string, string>>;
    readonly reason: RegExp;
  }[] = [
    {
      title: 'a key that climbs',
      objects: { 'bad1/a/../../../x': 'x' },
      reason: /"bad1\/a\/\.\.\/\.\.\/\.\.\/x" cannot become a file: a part of its name is "\.\."/,
    },
    { title: 'a key with an empty part', objects: { 'bad2/a//x': 'x' }, reason: /between slashes is empty/ },
    {
      title: 'a key that is a file and a folder',
      objects: { 'bad3/a': 'x', 'bad3/a/b': 'x' },
      reason: /"bad3\/a" would be a file where "bad3\/a\/b" needs a folder/,
    },
    {
      title: 'a part that no file system takes',
      objects: { [`bad4/${'x'.repeat(256)}`]: 'x' },
      reason: /longer than 255 bytes/,
    },
    {
      title: 'nothing but the marks of folders',
      objects: { 'bad5/': '', 'bad5/a/': '' },
      reason: /No S3 objects found under S3 URL/,
    },
  ];
  for (const [at, { title, objects, reason }] of broken.entries()) {
    test(`${title} fails the job`, async () => {
      for (const [key, body] of Object.entries(objects)) await put(key, body);
      const job = await ground.run(`bad-${at + 1}`, { InputDataConfig: [channel(`s3://photos/bad${at + 1}/`)] });
      assert.equal(job.TrainingJobStatus, 'Failed');
      assert.match(job.FailureReason ?? '', reason);
    });
  }

  test('a manifest that is none, or names what is not there', async () => {
    const source = (name: string) => [channel(`s3://photos/${name}`, { S3DataType: 'ManifestFile' })];
    await put('m1.json', '{}');
    await put('m2.json', JSON.stringify([{ prefix: 's3://photos/breeds/' }, 'nobody.jpg']));
    const first = await ground.run('m1', { InputDataConfig: source('m1.json') });
    assert.match(first.FailureReason ?? '', /manifest s3:\/\/photos\/m1\.json cannot be used: it is no JSON array/);
    const second = await ground.run('m2', { InputDataConfig: source('m2.json') });
    assert.match(second.FailureReason ?? '', /names s3:\/\/photos\/breeds\/nobody\.jpg, which is not there/);
  });
});

describe('the role', { timeout: 60_000 }, () => {
  const rights = (...Action: string[]) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*'] }],
  });

  test('that may not list is told of when the job is asked for', async () => {
    const RoleArn = await makeRole(ground.aws, 'none', rights('s3:GetBucketLocation'));
    await assert.rejects(ground.run('role-none', { RoleArn }), {
      ...{ name: 'ValidationException', message: /the role ".*role\/none" has "s3:ListBucket" permissions on bucket/ },
    });
  });

  test('that may not read or not write fails the job in the words of S3, also where a folder is shared', async () => {
    const expected = { list: 's3:GetObject', read: 's3:PutObject' };
    const granted = {
      list: ['s3:ListBucket'],
      read: ['s3:ListBucket', 's3:GetObject'],
    };
    for (const [name, action] of Object.entries(expected)) {
      const RoleArn = await makeRole(ground.aws, name, rights(...(granted[name as keyof typeof granted] ?? [])));
      const job = await ground.run(`role-${name}`, { RoleArn });
      assert.equal(job.TrainingJobStatus, 'Failed', name);
      const reason = job.FailureReason ?? '';
      assert.match(
        reason,
        /AccessDenied: User: arn:aws:sts::000000000000:assumed-role\/\w+\/role-\w+ is not authorized to perform/,
      );
      assert.ok(reason.includes(`${action} on resource`), reason);
      assert.match(
        reason,
        name === 'read' ? /^ClientError: Artifact upload failed: / : /^ClientError: Data download failed: /,
      );
    }
    assert.deepEqual(await keysBelow('out/role-read/'), []);
  });

  test('finds that there is no bucket for the model before it trains one', async () => {
    const OutputDataConfig = { S3OutputPath: 's3://misspelt-bucket/out' };
    const job = await ground.run('nowhere', { OutputDataConfig, HyperParameters: endless });
    assert.equal(
      job.FailureReason,
      'ClientError: Artifact upload failed: NoSuchBucket: The specified bucket does not exist (misspelt-bucket)',
    );
    assert.ok(job.SecondaryStatusTransitions?.every(({ Status }) => Status !== 'Training'));
  });

  test('whose rights are taken while a job runs fails it', async () => {
    const RoleArn = await makeRole(ground.aws, 'fades', rights('s3:*'));
    const request = ground.job('fades', { RoleArn, HyperParameters: endless });
    await ground.aws.sagemaker.send(new CreateTrainingJobCommand(request));
    await epochs('fades');
    const nothing = JSON.stringify(rights('s3:GetBucketLocation'));
    const policy = new PutRolePolicyCommand({ RoleName: 'fades', PolicyName: 'data', PolicyDocument: nothing });
    await ground.aws.iam.send(policy);
    await ground.aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'fades' }));
    const job = await trainingJobEnded(ground.aws, 'fades');
    assert.equal(job.TrainingJobStatus, 'Failed');
    assert.match(job.FailureReason ?? '', /^ClientError: Artifact upload failed: AccessDenied: .*s3:PutObject/);
  });
});

/** Waits until the job has trained an epoch. */
async function epochs(name: string): Promise<void> {
  await until(async () => {
    const { TrainingJobStatus, FailureReason } = await ground.aws.sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: name }),
    );
    assert.notEqual(TrainingJobStatus, 'Failed', FailureReason);
    const lines = await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', `${name}/`);
    return lines.some((line) => line.startsWith('epoch='));
  });
}

/** Process ids of a job's instances, by host. */
async function processesOf(name: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const id of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const words = (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const [, host] = new RegExp(`/jobs/${name}-\\d+/(algo-\\d+)/opt/ml$`).exec(words.at(-2) ?? '') ?? [];
    // bubblewrap outside and the program inside have the same arguments; the program is the younger.
    if (host !== undefined && words.includes('container')) found.set(host, Number(id));
  }
  return found;
}

describe('a lost instance', { timeout: 60_000, skip: process.platform !== 'linux' }, () => {
  test('fails the job with a reason; checkpoints stay, and a new job goes on from them', async () => {
    const CheckpointConfig = { S3Uri: 's3://photos/checkpoints/lost' };
    const two = { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } } as const;
    const Environment = { WHIPPET_CHECKPOINT_SECONDS: '1' };
    const request = ground.job('lost', { ...two, CheckpointConfig, Environment, HyperParameters: endless });
    await ground.aws.sagemaker.send(new CreateTrainingJobCommand(request));
    await epochs('lost');
    await until(async () => (await keysBelow('checkpoints/lost/')).length > 0);
    const pid = (await processesOf('lost')).get('algo-2');
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    const job = await trainingJobEnded(ground.aws, 'lost');
    assert.equal(job.TrainingJobStatus, 'Failed');
    assert.match(
      job.FailureReason ?? '',
      /^AlgorithmError: the process of algo-2 was ended by SIGKILL, .*CheckpointConfig.*, exit code: 137$/,
    );
    assert.equal((await processesOf('lost')).size, 0);

    await ground.aws.sagemaker.send(
      new CreateTrainingJobCommand(ground.job('goes-on', { CheckpointConfig, HyperParameters: endless })),
    );
    await epochs('goes-on');
    await ground.aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'goes-on' }));
    await trainingJobEnded(ground.aws, 'goes-on');
    const first = (await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', 'goes-on/')).find((line) =>
      /^epoch=/.test(line),
    );
    assert.ok(Number(/^epoch=(\d+)/.exec(first ?? '')?.[1]) > 1, first);
  });
});

test('a variable that is no number fails the job with what is wrong and what to do', async () => {
  const job = await ground.run('variable', { Environment: { WHIPPET_CHECKPOINT_SECONDS: 'often' } });
  assert.match(job.FailureReason ?? '', /^AlgorithmError: .*WHIPPET_CHECKPOINT_SECONDS.*often.*docs\/container\.md/);
});

test('a picture that is broken is named in the log, and the others are trained with', { timeout: 60_000 }, async () => {
  const [key = ''] = await keysBelow('breeds/train/');
  const broken = `${key.slice(0, key.lastIndexOf('/'))}/broken.jpg`;
  await put(broken, 'this is no picture');
  try {
    const job = await ground.run('broken-photo');
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    const lines = await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', 'broken-photo/');
    assert.ok(
      lines.some((line) => line.includes('broken.jpg')),
      lines.join('\n'),
    );
  } finally {
    await ground.aws.s3.send(new DeleteObjectCommand({ Bucket: 'photos', Key: broken }));
  }
});

describe('what a job leaves', { timeout: 60_000 }, () => {
  const rule = (name: string, more: Record<string, string> = {}) => ({
    ...{ RuleConfigurationName: name, RuleEvaluatorImage: 'debugger' },
    RuleParameters: { rule_to_invoke: name, ...more },
  });

  test('rules have statuses, a rule may stop the job, and tensors and findings go to S3', async () => {
    const stopping = JSON.stringify({ name: 'stoptraining', parameters: {} });
    const job = await ground.run('rules', {
      HyperParameters: { ...brief, epochs: '30', patience: '0', learning_rate: '10', optimizer: 'sgd' },
      DebugHookConfig: { S3OutputPath: 's3://photos/debug' },
      DebugRuleConfigurations: [
        rule('ClassImbalance'),
        {
          ...rule('LossNotDecreasing', { num_steps: '2', action_json: stopping }),
          S3OutputPath: 's3://photos/findings',
        },
      ],
      ProfilerRuleConfigurations: [rule('ProfilerReport')],
    });
    assert.deepEqual([job.TrainingJobStatus, job.SecondaryStatus], ['Stopped', 'Stopped'], job.FailureReason);
    const statuses = job.DebugRuleEvaluationStatuses?.map((status) => status.RuleEvaluationStatus);
    assert.equal(statuses?.[1], 'IssuesFound');
    assert.match(job.DebugRuleEvaluationStatuses?.[1]?.StatusDetails ?? '', /loss rose/);
    assert.equal(job.ProfilerRuleEvaluationStatuses?.length, 1);
    assert.ok((await keysBelow('debug/rules/debug-output/')).length > 0);
    assert.deepEqual(await keysBelow('findings'), ['findings/LossNotDecreasing.json']);
    const report = 'out/rules/rule-output/ProfilerReport/profiler-output/profiler-report.html';
    assert.ok((await keysBelow('out/rules/rule-output/')).includes(report));
    assert.match(job.ModelArtifacts?.S3ModelArtifacts ?? '', /model\.tar\.gz$/);
  });

  test('without compression, the model is its files', async () => {
    const job = await ground.run('plain', {
      OutputDataConfig: { S3OutputPath: 's3://photos/out/', CompressionType: 'NONE' },
      EnableNetworkIsolation: true,
    });
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    assert.equal(job.ModelArtifacts?.S3ModelArtifacts, 's3://photos/out/plain/output/model/');
    assert.deepEqual(await fetchObject(ground.aws, 's3://photos/out/plain/output/model/model.onnx'), one);
  });
});
