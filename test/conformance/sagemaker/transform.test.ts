import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateModelCommand,
  CreateTransformJobCommand,
  type CreateTransformJobRequest,
  DeleteModelCommand,
  DescribeTransformJobCommand,
  ListTagsCommand,
  ListTransformJobsCommand,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import * as tar from 'tar';
import { fetchObject, logOf, makeRole, transformJobEnded } from '../../training/driver.ts';
import { type Ground, openGround } from './ground.ts';

let ground: Ground;
/** The model that all jobs use, and its archive. */
let archive: string;

before(async () => {
  ground = await openGround();
  const { ModelArtifacts, FailureReason } = await ground.run('trained');
  archive = ModelArtifacts?.S3ModelArtifacts ?? assert.fail(FailureReason);
  await makeModel('dogs', archive);
});
after(() => ground.close());

function makeModel(ModelName: string, ModelDataUrl: string, role = ground.role) {
  const PrimaryContainer = { Image: 'whippet', ModelDataUrl };
  return ground.aws.sagemaker.send(new CreateModelCommand({ ModelName, PrimaryContainer, ExecutionRoleArn: role }));
}

function put(Key: string, Body: string | Uint8Array, Bucket = 'photos') {
  return ground.aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}

type More = Partial<CreateTransformJobRequest> & { readonly input?: string };

function request(name: string, { input = 's3://photos/breeds/valid/', ...more }: More = {}): CreateTransformJobRequest {
  return {
    TransformJobName: name,
    ModelName: 'dogs',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: input } } },
    TransformOutput: { S3OutputPath: `s3://photos/results/${name}` },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    ...more,
  };
}

const create = (name: string, more?: More) =>
  ground.aws.sagemaker.send(new CreateTransformJobCommand(request(name, more)));

async function run(name: string, more?: More) {
  await create(name, more);
  return transformJobEnded(ground.aws, name);
}

async function keysBelow(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await ground.aws.s3.send(new ListObjectsV2Command({ Bucket: 'photos', Prefix }));
  return Contents.map(({ Key = '' }) => Key.slice(Prefix.length));
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (reason: Error) => reason,
  );
  return `${error.name}: ${error.message}`;
}

describe('validation', () => {
  test('what is not served is refused by name', async () => {
    const { TransformInput, TransformOutput, TransformResources } = request('x');
    const cases: [More, string][] = [
      [{ TransformInput: { ...TransformInput, SplitType: 'Line' } as never }, 'TransformInput.SplitType of'],
      [
        { TransformInput: { ...TransformInput, CompressionType: 'Gzip' } as never },
        'TransformInput.CompressionType of',
      ],
      [{ TransformOutput: { ...TransformOutput, KmsKeyId: 'k' } as never }, 'TransformOutput.KmsKeyId of'],
      [
        { TransformResources: { ...TransformResources, VolumeKmsKeyId: 'k' } as never },
        'TransformResources.VolumeKmsKeyId of',
      ],
      [{ DataProcessing: { JoinSource: 'Input' } }, 'DataProcessing of'],
      [{ DataCaptureConfig: { DestinationS3Uri: 's3://photos/captured' } }, 'DataCaptureConfig of'],
    ];
    for (const [more, name] of cases) {
      const said = await refusal(create('refused', more));
      assert.ok(said.startsWith(`NotImplemented: ${name}`) && said.includes('not supported by Whippet'), said);
    }
  });

  test('payloads and instances have AWS’s limits', async () => {
    const refused = (more: More) => refusal(create('large', more));
    assert.match(
      await refused({ MaxPayloadInMB: 101 }),
      /^ValidationException: MaxPayloadInMB cannot be greater than 100 MB/,
    );
    const both = { MaxPayloadInMB: 20, MaxConcurrentTransforms: 6 };
    assert.match(
      await refused(both),
      /^ValidationException: MaxConcurrentTransforms \* MaxPayloadInMB cannot exceed 100 MB/,
    );
    const TransformResources = { InstanceType: 'ml.m5.large', InstanceCount: 101 } as const;
    assert.match(
      await refused({ TransformResources }),
      /^ResourceLimitExceeded: .* is 100 Instances, .* delta of 101 Instances/,
    );
    const negative = { ModelClientConfig: { InvocationsMaxRetries: 4 } };
    assert.match(await refused(negative), /^ValidationException: .*'modelClientConfig\.invocationsMaxRetries'/);
  });

  test('a model, a role and input that are not there are told of in AWS’s words', async () => {
    assert.match(
      await refusal(create('no-model', { ModelName: 'absent' })),
      /^ValidationException: Could not find model "arn:.*:model\/absent"\.$/,
    );
    const absent = 'arn:aws:iam::000000000000:role/absent';
    await makeModel('roleless', archive, absent);
    assert.equal(
      await refusal(create('no-role', { ModelName: 'roleless' })),
      `ValidationException: Could not assume role ${absent}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`,
    );
    for (const input of ['s3://photos/nothing/', 's3://no-such-bucket/x']) {
      assert.match(
        await refusal(create('no-input', { input })),
        new RegExp(`^ValidationException: No S3 objects found under S3 URL "${input}"`),
      );
    }
    const named = (Command: new (input: { TransformJobName: string }) => never) =>
      refusal(ground.aws.sagemaker.send(new Command({ TransformJobName: 'absent' })));
    const message = 'ValidationException: Could not find requested job with name: absent';
    assert.equal(await named(DescribeTransformJobCommand as never), message);
    assert.equal(await named(StopTransformJobCommand as never), message);
  });
});

describe('behaviour', () => {
  test('each object has its result, and the job is described with its defaults', async () => {
    const tags = [{ Key: 'stage', Value: 'test' }];
    const job = await run('all', {
      Tags: tags,
      MaxConcurrentTransforms: 2,
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 2 },
    });
    assert.equal(job.TransformJobStatus, 'Completed', job.FailureReason);
    const pictures = await keysBelow('breeds/valid/');
    assert.equal(pictures.length, 12);
    assert.deepEqual(
      await keysBelow('results/all/'),
      pictures.map((key) => `${key}.out`),
    );
    const [first = ''] = pictures;
    const logits = JSON.parse((await fetchObject(ground.aws, `s3://photos/results/all/${first}.out`)).toString());
    assert.deepEqual([logits.length, logits[0].length], [1, 12]);
    assert.deepEqual(job.TransformInput, {
      ...request('all').TransformInput,
      CompressionType: 'None',
      SplitType: 'None',
    });
    assert.deepEqual(job.TransformOutput, { ...request('all').TransformOutput, AssembleWith: 'None' });
    const times = [job.CreationTime, job.TransformStartTime, job.TransformEndTime].map((time) => time?.getTime() ?? 0);
    assert.deepEqual(times, times.toSorted());
    const { Tags } = await ground.aws.sagemaker.send(new ListTagsCommand({ ResourceArn: job.TransformJobArn }));
    assert.deepEqual(Tags, tags);
    const log = await logOf(ground.aws, '/aws/sagemaker/TransformJobs', 'all/');
    assert.ok(!log.join().includes('/transforms/'), 'places of the server');
    assert.ok(log.some((line) => line.includes('"path":"/invocations","status":200')));
    assert.ok(
      log.includes('[sagemaker logs]: MaxConcurrentTransforms=2, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD'),
    );
  });

  test('a manifest names the objects; results come in the form that is asked for; a model may be deleted meanwhile', async () => {
    const [one = '', two = ''] = await keysBelow('breeds/test/');
    await put('lists/two.manifest', JSON.stringify([{ prefix: 's3://photos/breeds/test/' }, two, one]));
    const source = { S3DataType: 'ManifestFile', S3Uri: 's3://photos/lists/two.manifest' } as const;
    const output = { S3OutputPath: 's3://photos/results/lines/', Accept: 'application/vnd.whippet+json;top=1' };
    await makeModel('brief', archive);
    await create('lines', {
      ModelName: 'brief',
      TransformInput: { DataSource: { S3DataSource: source } },
      TransformOutput: { ...output, AssembleWith: 'Line' },
    });
    await ground.aws.sagemaker.send(new DeleteModelCommand({ ModelName: 'brief' }));
    const job = await transformJobEnded(ground.aws, 'lines');
    assert.deepEqual([job.TransformJobStatus, job.ModelName], ['Completed', 'brief'], job.FailureReason);
    assert.deepEqual(await keysBelow('results/lines/'), [`${one}.out`, `${two}.out`].sort());
    const text = (await fetchObject(ground.aws, `s3://photos/results/lines/${one}.out`)).toString();
    assert.ok(text.endsWith('}\n') && !text.endsWith('\n\n'));
    assert.equal(JSON.parse(text).predictions.length, 1);
  });

  test('objects that fail keep no other from its result, and are named', async () => {
    const picture = await fetchObject(ground.aws, `s3://photos/breeds/valid/${(await keysBelow('breeds/valid/'))[0]}`);
    await put('mixed/good.jpg', picture);
    await put('mixed/sub/also good é.jpg', picture);
    await put('mixed/no picture.jpg', 'this is text');
    await put('mixed/empty.jpg', '');
    await put('mixed/folder/', '');
    await put('mixed/large.jpg', Buffer.concat([picture, Buffer.alloc(1024 ** 2)]));
    const job = await run('mixed', { input: 's3://photos/mixed/', MaxPayloadInMB: 1 });
    assert.equal(job.TransformJobStatus, 'Failed');
    assert.deepEqual(await keysBelow('results/mixed/'), ['good.jpg.out', 'sub/also good é.jpg.out']);
    const reason = job.FailureReason ?? '';
    assert.match(
      reason,
      /^ClientError: 3 of 5 objects could not be transformed; the results of the other 2 are written\./,
    );
    assert.match(
      reason,
      /"empty\.jpg": 400: .*"large\.jpg": it has \d+ bytes, and MaxPayloadInMB is 1\. "no picture\.jpg": 422: .*\.$/,
    );
    const log = await logOf(ground.aws, '/aws/sagemaker/TransformJobs', 'mixed/');
    assert.ok(log.some((line) => line.startsWith('[sagemaker logs]: photos/mixed/no picture.jpg: ClientError: 422: ')));
  });

  test('archives that are missing, broken or hostile fail the job with the reason', async () => {
    const link = Buffer.from(hostileArchive, 'base64');
    const cases: [string, Uint8Array | undefined, RegExp][] = [
      [
        'missing',
        undefined,
        /^ClientError: Could not access model data at s3:\/\/photos\/bad\/missing\.tar\.gz\..*NoSuchKey/,
      ],
      [
        'junk',
        Buffer.from('no archive'),
        /^ClientError: The model archive .* cannot be used: it is not compressed by gzip, or damaged\.$/,
      ],
      ['cut', (await fetchObject(ground.aws, archive)).subarray(0, 5_000), /cannot be used: it ends .*early\.$/],
      ['link', link, /cannot be used: it holds a symbolic link, "model"\.$/],
      ['foreign', gzipSync(Buffer.alloc(1024)), /cannot be used: it is empty\.$/],
      [
        'other',
        await archiveOf('weights.bin'),
        /^AlgorithmError: The container of algo-1 ended: .* \/opt\/ml\/model\b/,
      ],
    ];
    for (const [name, bytes, reason] of cases) {
      if (bytes) await put(`bad/${name}.tar.gz`, bytes);
      await makeModel(`bad-${name}`, `s3://photos/bad/${name}.tar.gz`);
      const job = await run(`bad-${name}`, { ModelName: `bad-${name}` });
      assert.equal(job.TransformJobStatus, 'Failed');
      assert.match(job.FailureReason ?? '', reason);
    }
    assert.deepEqual(await keysBelow('results/bad-'), []);
  });

  test('a role that may not read or write fails the job with what it lacks', async () => {
    const statement = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
    const blind = await makeRole(ground.aws, 'blind', {
      Version: '2012-10-17',
      Statement: [statement('s3:ListBucket', '*'), statement('s3:PutObject', '*')],
    });
    await makeModel('blind', archive, blind);
    const unread = await run('unread', { ModelName: 'blind' });
    assert.match(
      unread.FailureReason ?? '',
      /^ClientError: Could not access model data at .*AccessDenied: .*s3:GetObject/,
    );
    const mute = await makeRole(ground.aws, 'mute', {
      Version: '2012-10-17',
      Statement: [statement('s3:ListBucket', '*'), statement('s3:GetObject', '*')],
    });
    await makeModel('mute', archive, mute);
    const unwritten = await run('unwritten', { ModelName: 'mute' });
    assert.match(
      unwritten.FailureReason ?? '',
      /^ClientError: The result s3:\/\/photos\/results\/unwritten\/.* cannot be written: AccessDenied: .*s3:PutObject/,
    );
  });

  test('a job that is stopped ends as stopped, and cannot be stopped again', async () => {
    await create('stop');
    await ground.aws.sagemaker.send(new StopTransformJobCommand({ TransformJobName: 'stop' }));
    const job = await transformJobEnded(ground.aws, 'stop');
    assert.equal(job.TransformJobStatus, 'Stopped');
    assert.ok(job.TransformEndTime);
    const again = refusal(ground.aws.sagemaker.send(new StopTransformJobCommand({ TransformJobName: 'stop' })));
    assert.match(
      await again,
      /^ValidationException: The request was rejected because the transform job is in status Stopped\.$/,
    );
  });

  test('a name is given once; lists are sorted and filtered', async () => {
    assert.match(await refusal(create('STOP')), /^ResourceInUse: /);
    const list = async (input: object) => {
      const { TransformJobSummaries = [] } = await ground.aws.sagemaker.send(new ListTransformJobsCommand(input));
      return TransformJobSummaries.map(({ TransformJobName }) => TransformJobName);
    };
    assert.deepEqual(await list({ StatusEquals: 'Stopped' }), ['stop']);
    assert.deepEqual(await list({ NameContains: 'un', SortBy: 'Name', SortOrder: 'Ascending' }), [
      ...['bad-junk', 'unread', 'unwritten'],
    ]);
    assert.equal((await list({ NameContains: 'bad-', MaxResults: 2 })).length, 2);
  });
});

/** A model.tar.gz of somebody else's. */
async function archiveOf(file: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-archive-'));
  try {
    await writeFile(join(folder, file), 'weights');
    return await buffer(tar.create({ cwd: folder, gzip: true }, [file]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `ln -s /etc model && tar -cz model`. */
const hostileArchive =
  'H4sIAAAAAAACA+3OMQ6DMBAEQD/FPyA2hd8TJe5AlsD5f1DKIEEF1UyzJ+0WN7d3ncK1HptSyi83/7m/UxpTDjEPtb8u/i181v5cYgxLa/1od9YDAAAAAAAAAADAjb4aCiUXACgAAA==';
