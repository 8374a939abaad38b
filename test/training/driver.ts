/** What journeys through SageMaker do again and again, by the AWS SDK for JavaScript alone. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type CreateTrainingJobRequest,
  DescribeHyperParameterTuningJobCommand,
  type DescribeHyperParameterTuningJobResponse,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  DescribeTransformJobCommand,
  type DescribeTransformJobResponse,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';

/** Where a server is found, and whose key it takes. */
export interface Endpoint {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Aws {
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly sagemaker: SageMakerClient;
  close(): void;
}

export function connectTo({ url, credentials }: Endpoint): Aws {
  const options = { endpoint: url, region: 'us-east-1', credentials, maxAttempts: 2 };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const iam = new IAMClient(options);
  const logs = new CloudWatchLogsClient(options);
  const sagemaker = new SageMakerClient(options);
  return {
    ...{ s3, iam, logs, sagemaker },
    close() {
      for (const client of [s3, iam, logs, sagemaker]) client.destroy();
    },
  };
}

const account = '000000000000';

/** A role that SageMaker may assume, with one policy. @returns its ARN. */
export async function makeRole({ iam }: Aws, name: string, policy: object = everythingOnS3): Promise<string> {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const document = JSON.stringify(policy);
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'data', PolicyDocument: document }));
  return `arn:aws:iam::${account}:role/${name}`;
}

export const everythingOnS3 = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
};

export async function makeBucket({ s3 }: Aws, name: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: name }));
}

/** A folder's files as objects below a prefix. @returns how many. */
export async function uploadFolder({ s3 }: Aws, folder: string, { bucket, prefix }: Place): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const left = [...files];
  const worker = async (): Promise<void> => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      const key = `${prefix}${file.slice(folder.length).replace(/^\/+/, '')}`;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await readFile(file) }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return files.length;
}

interface Place {
  readonly bucket: string;
  /** With its slash at the end. */
  readonly prefix: string;
}

/** An object's bytes, by its URI. */
export async function fetchObject({ s3 }: Aws, uri: string): Promise<Buffer> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await body?.transformToByteArray()) ?? []);
}

/** A training job over one prefix with what is the same in all of these journeys. */
export function trainingJob(
  name: string,
  { role, data, output, weights, ...more }: JobPlaces & Partial<CreateTrainingJobRequest>,
): CreateTrainingJobRequest {
  const channel = (ChannelName: string, S3Uri: string) => ({
    ChannelName,
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri } },
  });
  return {
    TrainingJobName: name,
    AlgorithmSpecification: { TrainingImage: 'whippet', TrainingInputMode: 'File' },
    RoleArn: role,
    InputDataConfig: [channel('training', data), ...(weights ? [channel('weights', weights)] : [])],
    OutputDataConfig: { S3OutputPath: output },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    ...more,
  };
}

export interface JobPlaces {
  readonly role: string;
  /** S3 URIs. */
  readonly data: string;
  readonly output: string;
  readonly weights?: string;
}

export async function trainingJobEnded({ sagemaker }: Aws, name: string): Promise<DescribeTrainingJobResponse> {
  const ask = () => sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  return ended(ask, ({ TrainingJobStatus }) => TrainingJobStatus);
}

export async function tuningJobEnded(
  { sagemaker }: Aws,
  name: string,
): Promise<DescribeHyperParameterTuningJobResponse> {
  const ask = () => sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));
  return ended(ask, ({ HyperParameterTuningJobStatus }) => HyperParameterTuningJobStatus);
}

export async function transformJobEnded({ sagemaker }: Aws, name: string): Promise<DescribeTransformJobResponse> {
  const ask = () => sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));
  return ended(ask, ({ TransformJobStatus }) => TransformJobStatus);
}

/** Asks until it is so, with pauses that leave the cores to whatever is waited for. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(25);
}

/** Asks until the status is one that stays. A job that hangs is the test's own time limit to find. */
async function ended<Answer>(ask: () => Promise<Answer>, statusOf: (answer: Answer) => string | undefined) {
  for (;;) {
    const answer = await ask();
    if (/^(Completed|Failed|Stopped)$/.test(statusOf(answer) ?? '')) return answer;
    await pause(100);
  }
}

/** What the instances of a job wrote, in the order of time. */
export async function logOf({ logs }: Aws, group: string, streamPrefix: string): Promise<string[]> {
  const lines: string[] = [];
  let token: string | undefined;
  do {
    const { events = [], nextToken } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: group, logStreamNamePrefix: streamPrefix, nextToken: token }),
    );
    lines.push(...events.map(({ message }) => message ?? ''));
    token = nextToken;
  } while (token !== undefined);
  return lines;
}
